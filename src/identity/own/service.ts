import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor } from '../../kernel/grants.ts'
import { noteCredential } from '../accounts/index.ts'
import { type Done, type Visitor } from '../contract.ts'
import {
  confirmTotp,
  decoyHash,
  deleteTotp,
  findPasswordHash,
  hashPassword,
  hasTotp,
  offerTotp,
  passwordFits,
  renewRecoveryCodes,
  requireGoodPassword,
  savePassword,
  totpFits,
  type TotpOffer,
} from '../credentials/index.ts'
import { isTotpRequired, limits } from '../rules.ts'
import { forgive, recordAttempt, settingsOf, takeOrLock } from '../service.ts'
import { endSessionsOf, rotateSession } from '../sessions/index.ts'
import { takeSecondFactor, type Outcome, type Run } from '../sign-in/index.ts'
import { findAccount, listSeats, type AccountRow } from '../store.ts'
import type { ChangePassword, RecoveryCodes } from './contract.ts'

/**
 * Changes the own password; all other sessions end and this one gets a new secret.
 *
 * @throws identity.password_refused when the present one is wrong (kept and counted), identity.password_same,
 *   identity.password_too_short, identity.password_too_plain, identity.locked
 */
export async function changePassword(run: Run, input: ChangePassword, visitor: Visitor): Promise<Outcome<Done>> {
  const before = await run(openPasswordCheck)
  requireGoodPassword(input.next, before.account.loginName ?? '')
  const fits = (await passwordFits(before.hash ?? (await decoyHash()), input.current)) && before.hash !== undefined
  if (fits && input.next.normalize('NFC') === input.current.normalize('NFC')) throw new Fault('identity.password_same')
  const hash = fits ? await hashPassword(input.next) : undefined
  return run(async (cmd) => {
    if (!hash) {
      await recordAttempt(cmd, visitor, { method: 'password', outcome: 'refused', accountId: before.account.id })
      return { refused: new Fault('identity.password_refused') }
    }
    await forgive(cmd, limits.signIn, before.subject)
    await savePassword(cmd, before.account.id, hash)
    await endSessionsOf(cmd, before.account.id, { reason: 'password_changed', except: cmd.actor.sessionId })
    await noteCredential(cmd, before.account.id, { credential: 'password', change: 'changed' })
    return { answer: { done: true }, session: await rotateSession(cmd) }
  })
}

async function openPasswordCheck(
  cmd: Command,
): Promise<{ account: AccountRow; hash: string | undefined; subject: Buffer }> {
  const account = await requireOwnStaff(cmd)
  const subject = cmd.vault.blind(cmd.county, 'subject', `password\n${account.id}`)
  await takeOrLock(cmd, limits.signIn, subject)
  return { account, hash: await findPasswordHash(cmd.tx, cmd.county, account.id), subject }
}

/** A QR code for the own authenticator; it counts once its first code was shown. */
export async function offerOwnTotp(cmd: Command): Promise<TotpOffer> {
  return offerTotp(cmd, await requireOwnStaff(cmd))
}

/** Switches the own second factor on. */
export async function confirmOwnTotp(cmd: Command, code: string, visitor: Visitor): Promise<Outcome<RecoveryCodes>> {
  const account = await requireOwnStaff(cmd)
  const subject = await takeSecondFactor(cmd, account.id, visitor)
  const recoveryCodes = await confirmTotp(cmd, account.id, code)
  if (!recoveryCodes) return refuse(cmd, account.id, visitor)
  await forgive(cmd, limits.secondFactor, subject)
  await noteCredential(cmd, account.id, { credential: 'totp', change: 'enrolled' })
  return { answer: { recoveryCodes }, session: await rotateSession(cmd, { secondFactor: true }) }
}

/** Proves once more that it is the same person: what is shown in the clear and who is administrator asks for it. */
export async function giveSecondFactor(cmd: Command, code: string, visitor: Visitor): Promise<Outcome<Done>> {
  return withOwnCode(cmd, { code, visitor }, async () => ({
    answer: { done: true },
    session: await rotateSession(cmd, { secondFactor: true }),
  }))
}

/** Ten new recovery codes for the old ones. */
export async function renewOwnRecoveryCodes(
  cmd: Command,
  code: string,
  visitor: Visitor,
): Promise<Outcome<RecoveryCodes>> {
  return withOwnCode(cmd, { code, visitor }, async (account) => {
    const recoveryCodes = await renewRecoveryCodes(cmd, account.id)
    await noteCredential(cmd, account.id, { credential: 'recoveryCode', change: 'renewed' })
    return { answer: { recoveryCodes } }
  })
}

/** Switches the own second factor off. @throws identity.totp_required where the role must have it. */
export async function removeOwnTotp(cmd: Command, code: string, visitor: Visitor): Promise<Outcome<Done>> {
  const seats = await listSeats(cmd.tx, cmd.county, cmd.actor.id ?? '')
  if (isTotpRequired(await settingsOf(cmd), seats)) throw new Fault('identity.totp_required')
  return withOwnCode(cmd, { code, visitor }, async (account) => {
    await deleteTotp(cmd.tx, cmd.county, account.id)
    await noteCredential(cmd, account.id, { credential: 'totp', change: 'removed' })
    return { answer: { done: true }, session: await rotateSession(cmd) }
  })
}

async function withOwnCode<T>(
  cmd: Command,
  shown: { code: string; visitor: Visitor },
  work: (account: AccountRow) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const account = await requireOwnStaff(cmd)
  if (!(await hasTotp(cmd, account.id))) throw new Fault('identity.totp_not_enrolled')
  const subject = await takeSecondFactor(cmd, account.id, shown.visitor)
  if (!(await totpFits(cmd, account.id, shown.code))) return refuse(cmd, account.id, shown.visitor)
  await forgive(cmd, limits.secondFactor, subject)
  return work(account)
}

async function refuse(cmd: Command, accountId: string, visitor: Visitor): Promise<{ refused: Fault }> {
  await recordAttempt(cmd, visitor, { method: 'totp', outcome: 'refused', accountId })
  return { refused: new Fault('identity.totp_refused') }
}

async function requireOwnStaff(cmd: Command): Promise<AccountRow> {
  requireActor(cmd, 'staff')
  const account = await findAccount(cmd.tx, cmd.county, cmd.actor.id ?? '')
  if (account?.kind !== 'staff') throw new Fault('kernel.unauthenticated')
  return account
}
