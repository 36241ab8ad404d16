import { timingSafeEqual } from 'node:crypto'
import type { Command } from '../../kernel/command.ts'
import { normaliseCode, isCitizenId } from '../../kernel/codes.ts'
import { Fault } from '../../kernel/faults.ts'
import { record } from '../../ledger/index.ts'
import { dayOf, loadPeople, maskPhone } from '../../registry/index.ts'
import { advance, findByToken, findEnvelope, note, requireOpen, whoOf, type Found } from '../envelopes/index.ts'
import { lockEnvelope } from '../envelopes/store.ts'
import { consentFor } from './consent.ts'
import {
  SigningHelpAsked,
  type CodeSent,
  type GiveConsent,
  type GivePerson,
  type Refuse,
  type Signing,
} from './contract.ts'
import {
  ADULT_YEARS,
  ageBy,
  checksOf,
  identifiedBy,
  isSameName,
  maskName,
  newCode,
  triesADay,
  type TryKind,
} from './rules.ts'
import * as store from './store.ts'
import { isMinor, keyOf, signingFor, type Mine } from './views.ts'

/** Who asks: what the browser is known by. */
export interface Phone {
  readonly device: string
  readonly address: string
}

/** A refusal that is counted, so that it must not undo the count. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly refused: Fault }
export const refused = (code: string, detail: Record<string, string | number> = {}): { refused: Fault } => ({
  refused: new Fault(code, detail),
})

/** A refusal is thrown once what it counted is saved. */
export async function settled<Answer>(outcome: Promise<Outcome<Answer>>): Promise<Answer> {
  const done = await outcome
  if ('refused' in done) throw done.refused
  return done.answer
}

const CODE_SECONDS = 300
const RESEND_SECONDS = 60
const CODE_WRONG_MAX = 5

/** The envelope of a link, open for this signer and held: of two taps at once the second sees what the first did. @throws signing.link_unknown and what `requireOpen` throws */
export async function openMine(cmd: Command, token: string): Promise<Mine> {
  const { envelope, signer } = await findByToken(cmd, token)
  await lockEnvelope(cmd.tx, cmd.county, envelope.id)
  const found = await findEnvelope(cmd, envelope.id, signer.position)
  const mine: Mine = { ...found, signer: found.signer ?? signer }
  requireOpen(mine)
  if (mine.signer.state === 'signed') throw new Fault('signing.not_now')
  return mine
}

/** This browser's session, held. @throws signing.identify_first where it has agreed to nothing yet */
export async function heldSession(cmd: Command, mine: Mine, phone: Phone): Promise<store.SessionRow> {
  const session = await store.lockSession(cmd.tx, keyOf(mine, phone.device))
  if (!session || session.endedAt !== null) throw new Fault('signing.identify_first')
  return session
}

/** Counts one try of today. @returns whether there may be one more. */
export async function mayTry(cmd: Command, mine: Mine, kind: TryKind): Promise<boolean> {
  return (await store.countTry(cmd.tx, keyOf(mine, ''), kind, dayOf(cmd.now))) <= triesADay[kind]
}

const asMine = (mine: Mine, found: Found): Mine => ({ ...found, signer: found.signer ?? mine.signer })

/** What is kept sealed with a session: strokes, the guardian's and the witness's names. */
export const keptOf = (cmd: Command, session: store.SessionRow | undefined): Record<string, unknown> =>
  session?.keptSealed ? (JSON.parse(cmd.vault.open(cmd.county, session.keptSealed)) as Record<string, unknown>) : {}

/** A guardian of age, by a citizen ID that can be one. @throws signing.guardian_needed */
function requireGuardian(cmd: Command, mine: Mine, guardian: GiveConsent['guardian']): string | null {
  const who = whoOf(cmd, mine.signer.whoSealed)
  if (!isMinor(cmd, who)) return null
  const id = guardian ? normaliseCode(guardian.citizenId) : ''
  const isOfAge = isCitizenId(id, dayOf(cmd.now)) && (ageBy(id, dayOf(cmd.now)) ?? 0) >= ADULT_YEARS
  if (!guardian || !isOfAge || isSameName(guardian.name, who.name)) throw new Fault('signing.guardian_needed')
  return `监护人${maskName(guardian.name)}代签`
}

/**
 * Somebody has read what electronic signing is and agrees: this browser may begin to show who holds it.
 *
 * Agreeing again on the same browser keeps what it has shown; other words, or another browser, begin anew.
 * @throws signing.other_words, signing.guardian_needed
 */
export async function giveConsent(cmd: Command, token: string, input: GiveConsent, phone: Phone): Promise<Signing> {
  const mine = await openMine(cmd, token)
  const { hash } = consentFor(mine.campaign.identityLevel)
  if (input.hash !== hash) throw new Fault('signing.other_words')
  const guardian = requireGuardian(cmd, mine, input.guardian)
  const key = keyOf(mine, phone.device)
  const before = await store.lockSession(cmd.tx, key)
  if (before?.endedAt === null && before.consentHash === hash) return signingFor(cmd, mine, before)
  const helped = before?.endedAt === null && before.consentHash === '' ? before : undefined
  const kept = { ...keptOf(cmd, helped), ...(guardian ? { guardian: input.guardian } : {}) }
  const session = await store.putSession(cmd.tx, {
    ...key,
    ...store.fresh,
    consentHash: hash,
    consentedAt: cmd.now,
    witnessAt: helped?.witnessAt ?? null,
    witnessAccount: helped?.witnessAccount ?? null,
    witnessLabel: helped?.witnessLabel ?? null,
    keptSealed: cmd.vault.seal(cmd.county, JSON.stringify(kept)),
  })
  let found: Found = mine
  if (mine.signer.state === 'sent' || mine.signer.state === 'waiting') found = await advance(cmd, found, 'opened')
  const helper = [helped ? mine.signer.helper : null, guardian].filter(Boolean).join('；')
  const change = { consentHash: hash, helper: helper || null }
  found = await advance(cmd, found, 'consented', { consent: hash, guardian: guardian !== null }, { signer: change })
  const next = asMine(mine, found)
  return helped ? known(cmd, next, session, 'door') : signingFor(cmd, next, session)
}

const codeBlind = (cmd: Command, { envelope, signer }: Mine, device: string, code: string): Buffer =>
  cmd.vault.blind(cmd.county, 'signingCode', `${envelope.id}:${signer.position}:${device}:${code}`)

/** Sends a code to the registered phone. @throws signing.no_phone, signing.enough_tries, kernel.too_many_requests */
export async function sendCode(cmd: Command, token: string, phone: Phone): Promise<CodeSent> {
  const mine = await openMine(cmd, token)
  const session = await heldSession(cmd, mine, phone)
  const who = whoOf(cmd, mine.signer.whoSealed)
  if (!who.phone) throw new Fault('signing.no_phone')
  const sentAt = session.codeUntil ? session.codeUntil.getTime() - CODE_SECONDS * 1000 : 0
  const wait = Math.ceil((sentAt + RESEND_SECONDS * 1000 - cmd.now.getTime()) / 1000)
  if (wait > 0) throw new Fault('kernel.too_many_requests', {}, { retryAfterSeconds: wait })
  if (!(await mayTry(cmd, mine, 'code'))) throw new Fault('signing.enough_tries')
  const code = newCode()
  const codeUntil = new Date(cmd.now.getTime() + CODE_SECONDS * 1000)
  await store.saveSession(cmd.tx, keyOf(mine, phone.device), {
    codeBlind: codeBlind(cmd, mine, phone.device, code),
    codeUntil,
    codeWrong: 0,
  })
  await cmd.ports.smsQueue.queue(cmd, {
    template: 'signing.code',
    phone: who.phone,
    params: { code, minutes: String(CODE_SECONDS / 60) },
    device: phone.device,
    address: phone.address,
    urgent: true,
  })
  return { phone: maskPhone(who.phone), expiresAt: codeUntil.toISOString(), resendAfterSeconds: RESEND_SECONDS }
}

/** This browser, and no other, is known now to be in the signer's hands. */
async function known(cmd: Command, mine: Mine, session: store.SessionRow, by: string): Promise<Signing> {
  const saved = await store.saveSession(cmd.tx, session, { identifiedAt: cmd.now })
  await store.endOtherSessions(cmd.tx, session, cmd.now)
  const found = await advance(cmd, mine, 'identified', { by }, { signer: { identifiedBy: by } })
  return signingFor(cmd, asMine(mine, found), saved)
}

/** Notes what a browser has shown, and that it is known once nothing is missing. */
export async function proved(
  cmd: Command,
  mine: Mine,
  phone: Phone,
  change: store.SessionChange,
): Promise<Outcome<Signing>> {
  const saved = await store.saveSession(cmd.tx, keyOf(mine, phone.device), change)
  const by = identifiedBy(mine.campaign.identityLevel, saved)
  return { answer: by === null ? await signingFor(cmd, mine, saved) : await known(cmd, mine, saved, by) }
}

/** Compares a code; five wrong ones use it up. */
export async function giveCode(cmd: Command, token: string, code: string, phone: Phone): Promise<Outcome<Signing>> {
  const mine = await openMine(cmd, token)
  const session = await heldSession(cmd, mine, phone)
  const { codeBlind: kept, codeUntil, codeWrong } = session
  if (!kept || !codeUntil || codeUntil <= cmd.now || codeWrong >= CODE_WRONG_MAX) return refused('signing.code_refused')
  const typed = code.normalize('NFKC').replace(/\D/g, '')
  if (!timingSafeEqual(codeBlind(cmd, mine, phone.device, typed), kept)) {
    await store.saveSession(cmd.tx, keyOf(mine, phone.device), { codeWrong: codeWrong + 1 })
    return refused('signing.code_refused')
  }
  return proved(cmd, mine, phone, { codeBlind: null, codeUntil: null, phoneAt: cmd.now })
}

/** Whether name and number are those of the signer: as the letter was addressed, and as the registry has them. */
async function isPerson(cmd: Command, mine: Mine, input: GivePerson): Promise<boolean> {
  const who = whoOf(cmd, mine.signer.whoSealed)
  const blind = (id: string): Buffer => cmd.vault.blind(cmd.county, 'citizenId', normaliseCode(id))
  const typed = blind(input.citizenId)
  const { personId } = mine.signer
  const row = personId ? (await loadPeople(cmd, [personId])).get(personId)?.row : undefined
  const known = [...(who.citizenId ? [blind(who.citizenId)] : []), ...(row?.citizenIdBlind ? [row.citizenIdBlind] : [])]
  const fits = known.map((one) => timingSafeEqual(one, typed))
  return isSameName(input.name, who.name) && fits.length > 0 && fits.every(Boolean)
}

/** Compares name and ID number with the registry; what was typed is not kept. */
export async function givePerson(
  cmd: Command,
  token: string,
  input: GivePerson,
  phone: Phone,
): Promise<Outcome<Signing>> {
  const mine = await openMine(cmd, token)
  const session = await heldSession(cmd, mine, phone)
  if (!checksOf(mine.campaign.identityLevel).includes('registry') || session.phoneAt === null)
    throw new Fault('signing.not_now')
  if (!(await mayTry(cmd, mine, 'registry'))) return refused('signing.enough_tries')
  if (!(await isPerson(cmd, mine, input))) return refused('signing.person_refused')
  return proved(cmd, mine, phone, { registryAt: cmd.now })
}

/** Somebody would rather have staff confirm who they are: whoever is responsible there hears of it. */
export async function askHelp(cmd: Command, token: string, phone: Phone): Promise<Signing> {
  const mine = await openMine(cmd, token)
  const session = await store.findSession(cmd.tx, keyOf(mine, phone.device))
  if (!(await mayTry(cmd, mine, 'help'))) return signingFor(cmd, mine, session)
  const found = await note(cmd, mine, 'help_asked', {})
  const { areaPath, campaignId } = mine.envelope
  await record(cmd, SigningHelpAsked, found.envelope, { areaPath, campaignId, signer: mine.signer.position })
  return signingFor(cmd, asMine(mine, found), session)
}

/** Somebody will not sign. They need not say why, and need not show who they are: the link came to their phone. */
export async function refuse(cmd: Command, token: string, input: Refuse, phone: Phone): Promise<Signing> {
  const mine = await openMine(cmd, token)
  const session = await heldSession(cmd, mine, phone)
  const reason = input.reason.trim()
  const change = reason ? { envelope: { reasonSealed: cmd.vault.seal(cmd.county, reason) } } : {}
  const found = await advance(cmd, mine, 'declined', { reasoned: reason !== '' }, change)
  return signingFor(cmd, asMine(mine, found), session)
}
