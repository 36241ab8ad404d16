import { hot, type Tx } from '../../kernel/db.ts'

export interface QuietRow {
  accountId: string
  quietFrom: string | null
  quietUntil: string | null
  version: number
}

const COLUMNS = `account_id as "accountId", quiet_from as "quietFrom", quiet_until as "quietUntil", version`

export const listQuiet = (tx: Tx, county: string, accountIds: readonly string[]): Promise<QuietRow[]> =>
  hot(
    tx,
    'notify_quiet',
    `select ${COLUMNS} from notify_preference where county = $1 and account_id = any($2::uuid[])`,
    [county, accountIds],
  )

/** @returns whether the version was still the one before. */
export async function saveQuiet(tx: Tx, county: string, row: QuietRow, at: Date): Promise<boolean> {
  const text = `insert into notify_preference (county, account_id, quiet_from, quiet_until, version, updated_at)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (county, account_id) do update set quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
      version = excluded.version, updated_at = excluded.updated_at
    where notify_preference.version = excluded.version - 1 returning version`
  const values = [county, row.accountId, row.quietFrom, row.quietUntil, row.version, at]
  return (await hot(tx, 'notify_save_quiet', text, values)).length === 1
}
