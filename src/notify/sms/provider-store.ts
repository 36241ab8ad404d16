import { hot, type Tx } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'

export interface ProviderRow {
  id: string
  provider: string
  settingsSealed: Buffer
  version: number
}

export async function findProvider(tx: Tx, county: string): Promise<ProviderRow | undefined> {
  const text = 'select id, provider, settings_sealed as "settingsSealed", version from sms_provider where county = $1'
  const [row] = await hot<ProviderRow>(tx, 'sms_provider', text, [county])
  return row
}

/** @throws kernel.stale when somebody else has saved this version. */
export async function saveProvider(tx: Tx, county: string, row: ProviderRow, at: Date): Promise<void> {
  const text = `insert into sms_provider (county, id, provider, settings_sealed, version, changed_at)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (county) do update set provider = excluded.provider, settings_sealed = excluded.settings_sealed,
      version = excluded.version, changed_at = excluded.changed_at
    where sms_provider.version = excluded.version - 1 returning version`
  const values = [county, row.id, row.provider, row.settingsSealed, row.version, at]
  if ((await hot(tx, 'sms_provider_save', text, values)).length === 0)
    throw new Fault('kernel.stale', { version: row.version })
}
