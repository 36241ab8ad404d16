import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor } from '../../kernel/grants.ts'
import { decodeCursor, pageOf, type PageOf } from '../../kernel/pages.ts'
import type { InboxMessage, InboxQuery, MarkRead } from './contract.ts'
import * as store from './store.ts'

const UNREAD_MOST = 100

function ownAccount(cmd: Command): string {
  requireActor(cmd, 'staff', 'resident', 'guest')
  if (!cmd.actor.id) throw new Fault('kernel.unauthenticated')
  return cmd.actor.id
}

/** The signed-in person's own messages, newest first. */
export async function listInbox(cmd: Command, query: InboxQuery): Promise<PageOf<InboxMessage>> {
  const accountId = ownAccount(cmd)
  const limit = query.limit ?? 20
  const [at, id] = query.after ? decodeCursor(query.after, 2) : []
  const before =
    typeof at === 'string' && typeof id === 'string' && !Number.isNaN(Date.parse(at))
      ? { at: new Date(at), id }
      : undefined
  const rows = await store.listMessages(cmd.tx, cmd.county, {
    accountId,
    unread: query.unread ?? false,
    limit: limit + 1,
    before,
  })
  const page = pageOf(rows, limit, (row) => [row.createdAt.toISOString(), row.id])
  return { items: page.items.map((row) => present(cmd, row)), next: page.next }
}

function present(cmd: Command, row: store.InboxRow): InboxMessage {
  const english = cmd.locale === 'en'
  return {
    id: row.id,
    topic: row.topic,
    title: english ? row.titleEn : row.titleZh,
    body: english ? row.bodyEn : row.bodyZh,
    subject: row.subjectKind && row.subjectId ? { kind: row.subjectKind, id: row.subjectId } : null,
    createdAt: row.createdAt.toISOString(),
    readAt: row.readAt?.toISOString() ?? null,
  }
}

export async function countUnread(cmd: Command): Promise<{ unread: number }> {
  return { unread: await store.countUnread(cmd.tx, cmd.county, { accountId: ownAccount(cmd), most: UNREAD_MOST }) }
}

/**
 * Marks messages as read: those named, or all up to an instant.
 *
 * @returns how many were unread before; somebody else's ids are passed over in silence.
 */
export async function markRead(cmd: Command, input: MarkRead): Promise<{ marked: number }> {
  const accountId = ownAccount(cmd)
  if (!input.ids && !input.until) throw new Fault('kernel.bad_request', { field: 'ids' })
  const until = input.until ? new Date(input.until) : undefined
  return { marked: await store.markRead(cmd.tx, cmd.county, { accountId, now: cmd.now, ids: input.ids, until }) }
}
