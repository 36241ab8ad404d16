import { issueLink, listInvited, namesOf, phoneOf } from '../../identity/index.ts'
import type { Command } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { record } from '../../ledger/index.ts'
import { InvitationsIssued, type AskInvitations, type Invitations } from './contract.ts'
import { requireSetup } from './staff-sheet.ts'
import { listChairs } from './store.ts'

/** So many at once: each is a link of its own, and a page of cards. */
const AT_ONCE = 40

/**
 * Gives the next staff who have no password yet their one-time link, as a text message or to be printed; a link of theirs
 * that is still open dies.
 *
 * Who goes without a phone is told apart, and gets theirs on paper.
 */
export async function inviteWaiting(cmd: Command, origin: string, input: AskInvitations): Promise<Invitations> {
  requireSetup(cmd)
  const waiting = await listInvited(cmd, { after: input.after ?? '', limit: AT_ONCE })
  const names = await namesOf(
    cmd,
    waiting.map(({ id }) => id),
  )
  const posts = await postNames(cmd)
  const items: Invitations['items'] = []
  for (const { id, loginName } of waiting) {
    const phone = input.way === 'sms' ? await phoneOf(cmd, id) : null
    const row = { loginName, name: names.get(id) ?? '', post: posts.get(id) ?? '' }
    if (input.way === 'sms' && !phone) {
      items.push({ ...row, address: null, expiresAt: cmd.now.toISOString(), sent: false })
      continue
    }
    const link = await issueLink(cmd, id, {})
    const address = `${origin}${link.path}`
    if (phone) {
      const params = { login: loginName, link: address }
      await cmd.ports.smsQueue.queue(cmd, {
        template: 'identity.invitation',
        phone,
        params,
        accountId: id,
        urgent: false,
      })
    }
    items.push({ ...row, address: phone ? null : address, expiresAt: link.expiresAt, sent: phone !== null })
  }
  if (items.length > 0)
    await record(cmd, InvitationsIssued, { id: uuidv7(cmd.now), version: 1 }, { way: input.way, count: items.length })
  return { items, next: waiting.length === AT_ONCE ? (waiting.at(-1)?.loginName ?? null) : null }
}

async function postNames(cmd: Command): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const { name, holderA, holderB } of await listChairs(cmd.tx, cmd.county, cmd.now)) {
    for (const holder of [holderA, holderB]) if (holder && !names.has(holder)) names.set(holder, name)
  }
  return names
}
