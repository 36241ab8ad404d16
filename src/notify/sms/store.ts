import { hot, type Tx } from '../../kernel/db.ts'
import type { Locale } from '../../kernel/faults.ts'
import type { Change, Limit, Progress, SmsState } from './rules.ts'

export interface SmsRow extends Progress {
  county: string
  id: string
  template: string
  locale: Locale
  urgent: boolean
  accountId: string | null
  entryId: string | null
  phoneSealed: Buffer | null
  phoneBlind: Buffer
  phoneMasked: string
  paramsSealed: Buffer | null
  textSealed: Buffer | null
  textMasked: string
  nextAt: Date | null
  provider: string | null
  providerId: string | null
  refusal: string | null
  createdAt: Date
  settledAt: Date | null
}

/** @returns false when the message was there already: same entry, same recipient. */
export async function insertSms(tx: Tx, row: SmsRow): Promise<boolean> {
  const inserted = tx
    .insertInto('smsMessage')
    .values(row)
    .onConflict((at) => at.columns(['county', 'id']).doNothing())
  return (await inserted.executeTakeFirstOrThrow()).numInsertedOrUpdatedRows === 1n
}

/**
 * Takes one of the window's places; the row lock makes sure that the last place has one winner.
 *
 * @returns false when the window is full.
 */
export async function takePlace(
  tx: Tx,
  county: string,
  place: Limit & { subject: Buffer; windowAt: Date },
): Promise<boolean> {
  const { kind, subject, windowSeconds, windowAt, most } = place
  const taken = await tx
    .insertInto('smsThrottle')
    .values({ county, kind, subject, windowSeconds, windowAt, taken: 1 })
    .onConflict((at) =>
      at
        .columns(['county', 'kind', 'subject', 'windowSeconds', 'windowAt'])
        .doUpdateSet((row) => ({ taken: row('smsThrottle.taken', '+', 1) }))
        .where('smsThrottle.taken', '<', most),
    )
    .returning('taken')
    .executeTakeFirst()
  return taken !== undefined
}

/** Due rows, locked until the transaction ends; another sender's rows are passed over. */
export async function lockDue(tx: Tx, county: string, due: { now: Date; limit: number }): Promise<SmsRow[]> {
  const rows = await tx
    .selectFrom('smsMessage')
    .selectAll()
    .where('county', '=', county)
    .where('nextAt', '<=', due.now)
    .orderBy('nextAt')
    .limit(due.limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows as SmsRow[]
}

/** Whether anything is due, without locking it: what an idle sender asks. */
export async function hasDue(tx: Tx, county: string, now: Date): Promise<boolean> {
  const found = tx
    .selectFrom('smsMessage')
    .select('id')
    .where('county', '=', county)
    .where('nextAt', '<=', now)
    .limit(1)
  return (await found.executeTakeFirst()) !== undefined
}

/**
 * Writes what became of a row, if it is still as the caller knew it.
 *
 * @returns false when another sender has taken it over meanwhile.
 */
export async function saveChange(
  tx: Tx,
  row: SmsRow,
  change: Change & { now: Date; attempts?: number; sentAt?: Date; provider?: string },
): Promise<boolean> {
  const { now, ...rest } = change
  const settled = change.state === 'delivered' || change.state === 'failed'
  const updated = tx
    .updateTable('smsMessage')
    .set({ ...rest, ...(settled ? { settledAt: now } : {}) })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .where('state', '=', row.state)
    .where('attempts', '=', row.attempts)
  return (await updated.executeTakeFirstOrThrow()).numUpdatedRows === 1n
}

export async function listSms(
  tx: Tx,
  county: string,
  query: { state?: SmsState; limit: number; before?: { at: Date; id: string } },
): Promise<SmsRow[]> {
  let found = tx.selectFrom('smsMessage').selectAll().where('county', '=', county)
  if (query.state) found = found.where('state', '=', query.state)
  const { before } = query
  if (before) {
    found = found.where((row) =>
      row.or([
        row('createdAt', '<', before.at),
        row.and([row('createdAt', '=', before.at), row('id', '<', before.id)]),
      ]),
    )
  }
  const rows = await found.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(query.limit).execute()
  return rows as SmsRow[]
}

/** Forgets phone, parameters and text of messages written before `before`; the masked row stays as a record. */
export async function wipeContents(tx: Tx, county: string, before: Date): Promise<number> {
  const wiped = tx
    .updateTable('smsMessage')
    .set({ phoneSealed: null, paramsSealed: null, textSealed: null, nextAt: null })
    .where('county', '=', county)
    .where('createdAt', '<', before)
    .where('phoneSealed', 'is not', null)
  return Number((await wiped.executeTakeFirstOrThrow()).numUpdatedRows)
}

export async function deleteOldSms(tx: Tx, county: string, before: Date): Promise<number> {
  const gone = tx.deleteFrom('smsMessage').where('county', '=', county).where('createdAt', '<', before)
  return Number((await gone.executeTakeFirstOrThrow()).numDeletedRows)
}

export async function deleteOldThrottles(tx: Tx, county: string, before: Date): Promise<number> {
  const gone = tx.deleteFrom('smsThrottle').where('county', '=', county).where('windowAt', '<', before)
  return Number((await gone.executeTakeFirstOrThrow()).numDeletedRows)
}

/** How many wait, and how many failed since then. */
export async function countSms(tx: Tx, county: string, since: Date): Promise<{ queued: number; failedToday: number }> {
  const text = `select (select count(*) from sms_message where county = $1 and state = 'queued')::int as queued,
    (select count(*) from sms_message where county = $1 and state = 'failed' and created_at >= $2)::int as "failedToday"`
  const [row] = await hot<{ queued: number; failedToday: number }>(tx, 'notify_count_sms', text, [county, since])
  return row ?? { queued: 0, failedToday: 0 }
}
