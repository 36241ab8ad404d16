import type { Tx } from '../../kernel/db.ts'

export interface InboxRow {
  county: string
  id: string
  accountId: string
  topic: string
  titleZh: string
  bodyZh: string
  titleEn: string
  bodyEn: string
  subjectKind: string | null
  subjectId: string | null
  entryId: string | null
  createdAt: Date
  readAt: Date | null
}

/** Messages that are there already (same entry, account and topic) stay as they are. */
export async function insertMessages(tx: Tx, rows: InboxRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx
    .insertInto('inboxMessage')
    .values(rows)
    .onConflict((at) => at.columns(['county', 'id']).doNothing())
    .execute()
}

export async function listMessages(
  tx: Tx,
  county: string,
  query: { accountId: string; unread: boolean; limit: number; before?: { at: Date; id: string } },
): Promise<InboxRow[]> {
  let found = tx
    .selectFrom('inboxMessage')
    .selectAll()
    .where('county', '=', county)
    .where('accountId', '=', query.accountId)
  if (query.unread) found = found.where('readAt', 'is', null)
  const { before } = query
  if (before) {
    found = found.where((row) =>
      row.or([
        row('createdAt', '<', before.at),
        row.and([row('createdAt', '=', before.at), row('id', '<', before.id)]),
      ]),
    )
  }
  return (await found.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(query.limit).execute()) as InboxRow[]
}

/** Counts unread messages, at most `most`: a badge says «99+» and needs no more. */
export async function countUnread(tx: Tx, county: string, of: { accountId: string; most: number }): Promise<number> {
  const found = tx
    .selectFrom('inboxMessage')
    .select('id')
    .where('county', '=', county)
    .where('accountId', '=', of.accountId)
  return (await found.where('readAt', 'is', null).limit(of.most).execute()).length
}

/** Marks the account's own unread messages; what is read already keeps its first time. */
export async function markRead(
  tx: Tx,
  county: string,
  what: { accountId: string; now: Date; ids?: string[]; until?: Date },
): Promise<number> {
  let unread = tx.updateTable('inboxMessage').set({ readAt: what.now }).where('county', '=', county)
  unread = unread.where('accountId', '=', what.accountId).where('readAt', 'is', null)
  if (what.ids) unread = unread.where('id', 'in', what.ids)
  if (what.until) unread = unread.where('createdAt', '<=', what.until)
  return Number((await unread.executeTakeFirstOrThrow()).numUpdatedRows)
}

export async function deleteOldMessages(tx: Tx, county: string, before: Date): Promise<void> {
  await tx.deleteFrom('inboxMessage').where('county', '=', county).where('createdAt', '<', before).execute()
}
