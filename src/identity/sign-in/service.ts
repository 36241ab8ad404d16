import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { noteCredential } from '../accounts/index.ts'
import { findByLoginName } from '../accounts/store.ts'
import type { SignInMethod, SignInStep, Visitor } from '../contract.ts'
import {
  confirmTotp,
  decoyHash,
  findPasswordHash,
  hashPassword,
  hasTotp,
  isOutdated,
  offerTotp,
  passwordFits,
  recoveryCodeFits,
  savePassword,
  totpFits,
  type TotpOffer,
} from '../credentials/index.ts'
import { hashToken, isTotpRequired, limits, newToken, normaliseLoginName } from '../rules.ts'
import { addressKey, forgive, giveBack, recordAttempt, settingsOf, takeOrLock } from '../service.ts'
import { isKnownDevice, openSession, type OpenedSession } from '../sessions/index.ts'
import { findAccount, listSeats, type AccountRow } from '../store.ts'
import type { PasswordSignIn, TicketCode, TicketRecovery } from './contract.ts'
import { afterFirstFactor, isTicketGood, TICKET_SECONDS } from './rules.ts'
import * as store from './store.ts'

/** Runs a command; sign-in needs several, since hashing holds no transaction and a wrong try must be kept. */
export type Run = <T>(work: (cmd: Command) => Promise<T>) => Promise<T>

/**
 * A step taken or refused. The refusal is a value until its record is committed; the route throws it.
 */
export type Outcome<T = SignInStep> = { refused: Fault } | { answer: T; session?: { token: string; expiresAt: Date } }

interface Attempt {
  account: AccountRow | undefined
  hash: string | undefined
  /** On whom wrong tries are counted. */
  subject: Buffer
}

/**
 * Login name and password.
 *
 * An unknown name costs the same time and answers the same as a wrong password, and is locked alike. Wrong tries count on
 * the login name; a browser on which the account has signed in before counts by itself, so a stranger cannot lock its owner out.
 * @throws identity.locked, identity.busy
 */
export async function signInWithPassword(run: Run, input: PasswordSignIn, visitor: Visitor): Promise<Outcome> {
  const attempt = await run((cmd) => openAttempt(cmd, input.loginName, visitor))
  const fits = (await passwordFits(attempt.hash ?? (await decoyHash()), input.password)) && attempt.hash !== undefined
  const renewed = fits && isOutdated(attempt.hash ?? '') ? await hashPassword(input.password) : undefined
  return run((cmd) => closeAttempt(cmd, attempt, { fits, renewed, visitor }))
}

async function openAttempt(cmd: Command, typed: string, visitor: Visitor): Promise<Attempt> {
  const loginName = normaliseLoginName(typed)
  const account = await findByLoginName(cmd.tx, cmd.county, loginName)
  // Asked for an account that does not exist too, so that the clock tells nothing.
  const id = account?.id ?? uuidv7(cmd.now)
  const isKnown = await isKnownDevice(cmd.tx, cmd.county, id, hashToken(visitor.device))
  const hash = await findPasswordHash(cmd.tx, cmd.county, id)
  const subject = cmd.vault.blind(cmd.county, 'loginName', isKnown ? `${loginName}\n${visitor.device}` : loginName)
  await takeOrLock(cmd, limits.signInAddress, addressKey(cmd, visitor))
  await takeOrLock(cmd, limits.signIn, subject)
  return { account, hash, subject }
}

async function closeAttempt(
  cmd: Command,
  attempt: Attempt,
  tried: { fits: boolean; renewed: string | undefined; visitor: Visitor },
): Promise<Outcome> {
  const { visitor } = tried
  const seen = { method: 'password' as const, accountId: attempt.account?.id, subject: attempt.subject }
  if (!tried.fits || !attempt.account) {
    await recordAttempt(cmd, visitor, { ...seen, outcome: 'refused' })
    return { refused: new Fault('identity.sign_in_refused') }
  }
  await forgive(cmd, limits.signIn, attempt.subject)
  await giveBack(cmd, limits.signInAddress, addressKey(cmd, visitor))
  if (attempt.account.status !== 'active') {
    await recordAttempt(cmd, visitor, { ...seen, outcome: 'disabled' })
    return { refused: new Fault('identity.account_disabled') }
  }
  if (tried.renewed) await savePassword(cmd, attempt.account.id, tried.renewed)
  await recordAttempt(cmd, visitor, { ...seen, outcome: 'accepted' })
  return goOn(cmd, attempt.account.id, { method: 'password', visitor })
}

/** After a right first factor: a session, or a ticket for the second. */
export async function goOn(
  cmd: Command,
  accountId: string,
  by: { method: SignInMethod; visitor: Visitor },
): Promise<Outcome> {
  const seats = await listSeats(cmd.tx, cmd.county, accountId)
  const totpRequired = isTotpRequired(await settingsOf(cmd), seats)
  const next = afterFirstFactor({ hasTotp: await hasTotp(cmd, accountId), totpRequired })
  if (next === 'done') return opened(await openSession(cmd, { accountId, ...by }))
  const ticket = newToken(cmd.county, 't')
  const expiresAt = new Date(cmd.now.getTime() + TICKET_SECONDS * 1000)
  await store.insertTicket(cmd.tx, {
    county: cmd.county,
    id: uuidv7(cmd.now),
    accountId,
    stage: next,
    method: by.method,
    tokenHash: hashToken(ticket),
    wrongCount: 0,
    createdAt: cmd.now,
    expiresAt,
  })
  return { answer: { next, ticket, expiresAt: expiresAt.toISOString() } }
}

const opened = (session: OpenedSession, recoveryCodes?: string[]): Outcome => ({
  answer: {
    next: 'done',
    kind: session.kind,
    expiresAt: session.expiresAt.toISOString(),
    ...(recoveryCodes ? { recoveryCodes } : {}),
  },
  session,
})

/** The ticket's six digits. @throws identity.ticket_expired, identity.locked */
export async function signInWithTotp(cmd: Command, input: TicketCode, visitor: Visitor): Promise<Outcome> {
  const ticket = await requireTicket(cmd, input.ticket, 'totp')
  const subject = await takeSecondFactor(cmd, ticket.accountId, visitor)
  if (!(await totpFits(cmd, ticket.accountId, input.code)))
    return refuse(cmd, ticket, { method: 'totp', subject, visitor })
  await forgive(cmd, limits.secondFactor, subject)
  return finish(cmd, ticket, { method: 'totp', visitor })
}

/** One of the ten recovery codes instead of the phone. @throws identity.ticket_expired, identity.locked */
export async function signInWithRecoveryCode(cmd: Command, input: TicketRecovery, visitor: Visitor): Promise<Outcome> {
  const ticket = await requireTicket(cmd, input.ticket, 'totp')
  const subject = await takeSecondFactor(cmd, ticket.accountId, visitor)
  if (!(await recoveryCodeFits(cmd, ticket.accountId, input.recoveryCode)))
    return refuse(cmd, ticket, { method: 'recoveryCode', subject, visitor })
  await forgive(cmd, limits.secondFactor, subject)
  await noteCredential(cmd, ticket.accountId, { credential: 'recoveryCode', change: 'used' })
  return finish(cmd, ticket, { method: 'recoveryCode', visitor })
}

/** The QR code for somebody who must have a second factor and has none yet. */
export async function offerTotpForTicket(cmd: Command, token: string): Promise<TotpOffer> {
  const ticket = await requireTicket(cmd, token, 'enrolTotp')
  const account = await findAccount(cmd.tx, cmd.county, ticket.accountId)
  if (!account) throw new Fault('identity.ticket_expired')
  return offerTotp(cmd, account)
}

/** The first code of a new authenticator: the second factor is on, and the session open. */
export async function confirmTotpForTicket(cmd: Command, input: TicketCode, visitor: Visitor): Promise<Outcome> {
  const ticket = await requireTicket(cmd, input.ticket, 'enrolTotp')
  const subject = await takeSecondFactor(cmd, ticket.accountId, visitor)
  const recoveryCodes = await confirmTotp(cmd, ticket.accountId, input.code)
  if (!recoveryCodes) return refuse(cmd, ticket, { method: 'totp', subject, visitor })
  await forgive(cmd, limits.secondFactor, subject)
  await noteCredential(cmd, ticket.accountId, { credential: 'totp', change: 'enrolled' })
  return finish(cmd, ticket, { method: 'totp', visitor }, recoveryCodes)
}

async function requireTicket(cmd: Command, token: string, stage: 'totp' | 'enrolTotp'): Promise<store.TicketRow> {
  const ticket = await store.lockTicket(cmd.tx, cmd.county, hashToken(token))
  if (!ticket || !isTicketGood(ticket, stage, cmd.now)) throw new Fault('identity.ticket_expired')
  return ticket
}

/** Counts a second-factor try on the account, so that many tickets give no more tries than one. */
export async function takeSecondFactor(cmd: Command, accountId: string, visitor: Visitor): Promise<Buffer> {
  const isKnown = await isKnownDevice(cmd.tx, cmd.county, accountId, hashToken(visitor.device))
  const subject = cmd.vault.blind(cmd.county, 'subject', isKnown ? `${accountId}\n${visitor.device}` : accountId)
  await takeOrLock(cmd, limits.secondFactor, subject)
  return subject
}

async function refuse(
  cmd: Command,
  ticket: store.TicketRow,
  tried: { method: 'totp' | 'recoveryCode'; subject: Buffer; visitor: Visitor },
): Promise<Outcome> {
  await store.saveTicket(cmd.tx, ticket, { wrongCount: ticket.wrongCount + 1 })
  const attempt = { method: tried.method, outcome: 'refused', accountId: ticket.accountId, subject: tried.subject }
  await recordAttempt(cmd, tried.visitor, attempt)
  return { refused: new Fault(tried.method === 'totp' ? 'identity.totp_refused' : 'identity.recovery_code_refused') }
}

async function finish(
  cmd: Command,
  ticket: store.TicketRow,
  by: { method: 'totp' | 'recoveryCode'; visitor: Visitor },
  recoveryCodes?: string[],
): Promise<Outcome> {
  await store.saveTicket(cmd.tx, ticket, { usedAt: cmd.now })
  await recordAttempt(cmd, by.visitor, { method: by.method, outcome: 'accepted', accountId: ticket.accountId })
  return opened(await openSession(cmd, { accountId: ticket.accountId, ...by, secondFactor: true }), recoveryCodes)
}
