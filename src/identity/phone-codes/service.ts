import { timingSafeEqual } from 'node:crypto'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Visitor } from '../contract.ts'
import { findOrCreateGuest, requirePhone } from '../people/index.ts'
import { hashToken, limits, type Limit } from '../rules.ts'
import { addressKey, recordAttempt, settingsOf, take } from '../service.ts'
import { openSession } from '../sessions/index.ts'
import type { Outcome } from '../sign-in/index.ts'
import { findAccount } from '../store.ts'
import type { RequestCode, SentCode, VerifyCode } from './contract.ts'
import { CODE_SECONDS, CODE_WRONG_MAX, codeComplaint, newCode, normaliseCodeInput, RESEND_SECONDS } from './rules.ts'
import * as store from './store.ts'

/**
 * Sends a six-digit code to a phone.
 *
 * Nobody is looked up, so answer and time are the same for known and unknown numbers. The message goes into the outbox in
 * this transaction; whether it reached the phone is the outbox's business, which asks the provider before it sends again.
 * A person who got nothing asks anew after a minute and gets another code.
 * @throws identity.phone_invalid, identity.code_too_soon (number, device, address or county has had enough; nothing is sent)
 */
export async function requestCode(cmd: Command, input: RequestCode, visitor: Visitor): Promise<SentCode> {
  if (!(await store.isCountyKnown(cmd.tx, cmd.county))) throw new Fault('kernel.unknown_county')
  const phone = requirePhone(input.phone)
  const phoneBlind = cmd.vault.blind(cmd.county, 'phone', phone)
  await throttle(cmd, { phoneBlind, visitor })
  const id = uuidv7(cmd.now)
  const code = newCode()
  const expiresAt = new Date(cmd.now.getTime() + CODE_SECONDS * 1000)
  await store.insertCode(cmd.tx, {
    county: cmd.county,
    id,
    phoneSealed: cmd.vault.seal(cmd.county, phone),
    phoneBlind,
    codeBlind: codeBlind(cmd, id, code),
    deviceHash: hashToken(visitor.device),
    wrongCount: 0,
    createdAt: cmd.now,
    expiresAt,
  })
  await cmd.ports.smsQueue.queue(cmd, {
    template: 'identity.sign_in_code',
    phone,
    params: { code, minutes: String(CODE_SECONDS / 60) },
    device: visitor.device,
    address: visitor.address,
    urgent: true,
  })
  return { request: id, expiresAt: expiresAt.toISOString(), resendAfterSeconds: RESEND_SECONDS }
}

async function throttle(cmd: Command, asking: { phoneBlind: Buffer; visitor: Visitor }): Promise<void> {
  const device = cmd.vault.blind(cmd.county, 'device', asking.visitor.device)
  const address = addressKey(cmd, asking.visitor)
  const { codesPerHour } = await settingsOf(cmd)
  const county: Limit = { kind: 'code_county', most: codesPerHour, windowSeconds: 3600 }
  const counted: [Limit, Buffer][] = [
    [limits.codePhoneMinute, asking.phoneBlind],
    [limits.codePhoneHour, asking.phoneBlind],
    [limits.codePhoneDay, asking.phoneBlind],
    [limits.codeDevice, device],
    [limits.codeAddress, address],
    [limits.codeAddressDay, address],
    [county, Buffer.from(cmd.county)],
  ]
  for (const [limit, subject] of counted) {
    const seconds = await take(cmd, limit, subject)
    if (seconds > 0) throw new Fault('identity.code_too_soon', { seconds }, { retryAfterSeconds: seconds })
  }
}

/**
 * Opens a session for whoever has the phone: as the resident registered with it, else as a guest.
 *
 * @throws identity.code_expired, identity.code_locked; wrong codes are counted and answered with the tries that are left.
 */
export async function verifyCode(cmd: Command, input: VerifyCode, visitor: Visitor): Promise<Outcome> {
  const row = await store.lockCode(cmd.tx, cmd.county, input.request)
  const complaint = codeComplaint(row, cmd.now)
  if (complaint || !row) throw new Fault(complaint ?? 'identity.code_expired')
  const guessed = await take(cmd, limits.codeGuess, addressKey(cmd, visitor))
  if (guessed > 0)
    throw new Fault('identity.locked', { minutes: Math.ceil(guessed / 60) }, { retryAfterSeconds: guessed })
  const shown = codeBlind(cmd, row.id, normaliseCodeInput(input.code))
  if (!timingSafeEqual(shown, row.codeBlind)) return refuse(cmd, row, visitor)
  await store.useUp(cmd.tx, row, cmd.now)
  const { id } = await findOrCreateGuest(cmd, cmd.vault.open(cmd.county, row.phoneSealed))
  const account = await findAccount(cmd.tx, cmd.county, id)
  if (account?.status !== 'active') {
    await recordAttempt(cmd, visitor, {
      method: 'phoneCode',
      outcome: 'disabled',
      accountId: id,
      subject: row.phoneBlind,
    })
    return { refused: new Fault('identity.account_disabled') }
  }
  await recordAttempt(cmd, visitor, {
    method: 'phoneCode',
    outcome: 'accepted',
    accountId: id,
    subject: row.phoneBlind,
  })
  const session = await openSession(cmd, { accountId: id, method: 'phoneCode', visitor })
  return { answer: { next: 'done', kind: session.kind, expiresAt: session.expiresAt.toISOString() }, session }
}

async function refuse(cmd: Command, row: store.PhoneCodeRow, visitor: Visitor): Promise<Outcome> {
  await store.countWrong(cmd.tx, row)
  await recordAttempt(cmd, visitor, { method: 'phoneCode', outcome: 'refused', subject: row.phoneBlind })
  const left = CODE_WRONG_MAX - row.wrongCount - 1
  return { refused: left > 0 ? new Fault('identity.code_refused', { left }) : new Fault('identity.code_locked') }
}

/** Bound to the request, so that a code seen on one request opens no other. */
const codeBlind = (cmd: Command, request: string, code: string): Buffer =>
  cmd.vault.blind(cmd.county, 'phoneCode', `${request}:${code}`)
