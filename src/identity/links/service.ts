import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor, requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { noteCredential, requireKeeper } from '../accounts/index.ts'
import { activateAccount, findByLoginName } from '../accounts/store.ts'
import { deleteTotp, hashPassword, hasTotp, requireGoodPassword, savePassword } from '../credentials/index.ts'
import { hashToken, keeperOf, limits, newToken, normaliseLoginName } from '../rules.ts'
import { forgive, recordAttempt } from '../service.ts'
import { endSessionsOf } from '../sessions/index.ts'
import type { Visitor } from '../contract.ts'
import type { Run } from '../sign-in/index.ts'
import { findAccount, listSeats, type AccountRow } from '../store.ts'
import type { IssuedLink, IssueLink, OpenLink, Redeemed, RedeemLink } from './contract.ts'
import { INVITE_HOURS, isLinkGood, RESET_HOURS } from './rules.ts'
import * as store from './store.ts'

/**
 * A one-time link for somebody's first or forgotten password, or lost phone; older links of theirs die.
 *
 * Whoever issues a link sees it. For an administrator it is therefore issued only where the second factor still stands
 * between the link and the seat; otherwise the machine itself is the way back (issueLinkByName).
 * @throws identity.not_oneself; identity.other_administrator, identity.link_at_machine, since nobody may take over the
 *   account of the one who watches them.
 */
export async function issueLink(cmd: Command, accountId: string, input: IssueLink): Promise<IssuedLink> {
  const grant = requireGrant(cmd, 'identity.manage_accounts', cmd.county)
  if (accountId === cmd.actor.id) throw new Fault('identity.not_oneself')
  const account = await findAccount(cmd.tx, cmd.county, accountId)
  if (account?.kind !== 'staff') throw new Fault('kernel.not_found')
  if (account.status === 'disabled') throw new Fault('identity.account_disabled')
  const seats = await listSeats(cmd.tx, cmd.county, accountId)
  requireKeeper(grant.postId, keeperOf(seats))
  const isGuarded = !input.dropsTotp && (await hasTotp(cmd, accountId))
  if (seats.length > 0 && !isGuarded && cmd.actor.kind !== 'system') throw new Fault('identity.link_at_machine')
  const kind = account.status === 'invited' ? 'invite' : 'reset'
  const token = newToken(cmd.county, 'l')
  const hours = kind === 'invite' ? INVITE_HOURS : RESET_HOURS
  const expiresAt = new Date(cmd.now.getTime() + hours * 3_600_000)
  await store.withdrawLinks(cmd.tx, cmd.county, accountId, cmd.now)
  await store.insertLink(cmd.tx, {
    county: cmd.county,
    id: uuidv7(cmd.now),
    accountId,
    kind,
    tokenHash: hashToken(token),
    dropsTotp: input.dropsTotp ?? false,
    issuedBy: cmd.actor.id,
    issuedAt: cmd.now,
    expiresAt,
  })
  await noteCredential(cmd, accountId, {
    credential: 'link',
    change: input.dropsTotp ? 'issued_dropping_totp' : 'issued',
  })
  return { token, path: `/link/${token}`, kind, expiresAt: expiresAt.toISOString() }
}

/**
 * The way back when no administrator is left who could issue a link: from the machine itself, by login name.
 *
 * @throws kernel.forbidden to everybody but the system, kernel.not_found
 */
export async function issueLinkByName(cmd: Command, loginName: string, input: IssueLink): Promise<IssuedLink> {
  requireActor(cmd, 'system')
  const account = await findByLoginName(cmd.tx, cmd.county, normaliseLoginName(loginName))
  if (!account) throw new Fault('kernel.not_found')
  return issueLink(cmd, account.id, input)
}

/** What the page shows before the password is typed. @throws identity.link_invalid */
export async function getLink(cmd: Command, token: string): Promise<OpenLink> {
  const { link, account } = await requireLink(cmd, token)
  return {
    kind: link.kind as OpenLink['kind'],
    loginName: account.loginName ?? '',
    dropsTotp: link.dropsTotp,
    expiresAt: link.expiresAt.toISOString(),
  }
}

/**
 * Sets the password by link: the link is used up, every session of the account ends, and the lock-out is lifted.
 *
 * @throws identity.link_invalid (of two at once, one gets it), identity.password_too_short, identity.password_too_plain
 */
export async function redeemLink(
  run: Run,
  token: string,
  tried: { input: RedeemLink; visitor: Visitor },
): Promise<Redeemed> {
  const { account } = await run((cmd) => requireLink(cmd, token))
  requireGoodPassword(tried.input.password, account.loginName ?? '')
  const hash = await hashPassword(tried.input.password)
  return run((cmd) => finishLink(cmd, token, { hash, visitor: tried.visitor }))
}

async function finishLink(cmd: Command, token: string, by: { hash: string; visitor: Visitor }): Promise<Redeemed> {
  const { link, account } = await requireLink(cmd, token)
  if (!(await store.takeLink(cmd.tx, link, cmd.now))) throw new Fault('identity.link_invalid')
  await savePassword(cmd, account.id, by.hash)
  if (link.dropsTotp) await deleteTotp(cmd.tx, cmd.county, account.id)
  if (account.status === 'invited') await activateAccount(cmd.tx, cmd.county, account.id)
  await endSessionsOf(cmd, account.id, { reason: 'password_reset' })
  // The lock-out is lifted for browsers unknown to the account and for the one that is here.
  for (const device of ['', `\n${by.visitor.device}`]) {
    await forgive(cmd, limits.signIn, cmd.vault.blind(cmd.county, 'loginName', `${account.loginName}${device}`))
    await forgive(cmd, limits.secondFactor, cmd.vault.blind(cmd.county, 'subject', `${account.id}${device}`))
  }
  await noteCredential(cmd, account.id, { credential: 'password', change: 'set_by_link' })
  await recordAttempt(cmd, by.visitor, { method: 'link', outcome: 'accepted', accountId: account.id })
  return { accountId: account.id, loginName: account.loginName ?? '' }
}

async function requireLink(cmd: Command, token: string): Promise<{ link: store.LinkRow; account: AccountRow }> {
  const link = await store.findLink(cmd.tx, cmd.county, hashToken(token))
  if (!link || !isLinkGood(link, cmd.now)) throw new Fault('identity.link_invalid')
  const account = await findAccount(cmd.tx, cmd.county, link.accountId)
  if (!account || account.status === 'disabled') throw new Fault('identity.link_invalid')
  return { link, account }
}
