import { hot, type Tx } from '../../kernel/db.ts'

export interface InboxRow {
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

const INSERTED = [
  'id',
  'accountId',
  'topic',
  'titleZh',
  'bodyZh',
  'titleEn',
  'bodyEn',
  'subjectKind',
  'subjectId',
  'entryId',
  'createdAt',
] as const satisfies readonly (keyof InboxRow)[]

/** Messages that are there already (same entry, account and topic) stay as they are. */
export async function insertMessages(tx: Tx, county: string, rows: readonly InboxRow[]): Promise<void> {
  if (rows.length === 0) return
  await hot(
    tx,
    'notify_insert_messages',
    `insert into inbox_message (county, id, account_id, topic, title_zh, body_zh, title_en, body_en, subject_kind, subject_id,
       entry_id, created_at)
     select $1, * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
       $10::uuid[], $11::uuid[], $12::timestamptz[])
     on conflict on constraint inbox_message_pkey do nothing`,
    [county, ...INSERTED.map((column) => rows.map((row) => row[column]))],
  )
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
