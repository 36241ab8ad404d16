import qrcode from 'qrcode'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { responsibleFor, type OnDuty } from '../../grid/index.ts'
import { nameOf } from '../../identity/index.ts'
import { dayOf, maskPhone } from '../../registry/index.ts'
import {
  findByCode,
  findByToken,
  isOpen,
  requireOpen,
  templateOf,
  valuesOf,
  whoOf,
  type Found,
} from '../envelopes/index.ts'
import { verifierOf } from '../face/index.ts'
import { consentFor, faceConsent, providerConsent } from './consent.ts'
import type { Commitment, CommitmentCode, LetterToRead, Signing } from './contract.ts'
import {
  ADULT_YEARS,
  ageBy,
  askedOf,
  checksOf,
  contentOf,
  isDone,
  isFresh,
  maskName,
  sha256Hex,
  toRead,
} from './rules.ts'
import { findSession, findTry, type SessionRow } from './store.ts'

/** An envelope with the signer whose link was opened. */
export type Mine = Found & { readonly signer: NonNullable<Found['signer']> }

export const deviceHash = (device: string): Buffer => Buffer.from(sha256Hex(device), 'hex')

export const keyOf = (mine: Mine, device: string) => ({
  county: mine.envelope.county,
  envelopeId: mine.envelope.id,
  position: mine.signer.position,
  deviceHash: deviceHash(device),
})

/** Under age, as the ID number says: a guardian signs. */
export const isMinor = (cmd: Command, { citizenId }: { citizenId: string }): boolean =>
  (ageBy(citizenId, dayOf(cmd.now)) ?? ADULT_YEARS) < ADULT_YEARS

function stateOf(mine: Mine): Signing['state'] {
  const { envelope, signer, signers, campaign } = mine
  if (!isOpen(envelope.state as Parameters<typeof isOpen>[0]))
    return ['sealing', 'sealed', 'declined', 'expired', 'revoked', 'superseded'].includes(envelope.state)
      ? (envelope.state as Signing['state'])
      : 'waiting'
  if (signer.state === 'signed') return 'signed'
  if (campaign.state !== 'running') return campaign.state === 'paused' ? 'paused' : 'expired'
  const isBefore = (position: number, state: string) => position < signer.position && state !== 'signed'
  if (campaign.signingOrder === 'sequence' && signers.some((one) => isBefore(one.position, one.state))) return 'waiting'
  return 'open'
}

async function helperName(cmd: Command, onDuty: OnDuty | undefined): Promise<string> {
  return onDuty ? nameOf(cmd, onDuty.accountId) : ''
}

/** What the page behind the link shows to this browser. */
export async function signingFor(cmd: Command, mine: Mine, session: SessionRow | undefined): Promise<Signing> {
  const { envelope, signer, campaign } = mine
  const who = whoOf(cmd, signer.whoSealed)
  const live = session && session.endedAt === null ? session : undefined
  const isKnown = live !== undefined && isFresh(live.identifiedAt, cmd.now)
  const hasSigned = signer.state === 'signed' && live?.drafted !== null && live !== undefined
  const { hash, text } = consentFor(campaign.identityLevel)
  const given = live && live.consentHash === hash ? live.consentedAt.toISOString() : null
  const asked = await findTry(cmd.tx, keyOf(mine, ''), 'help', dayOf(cmd.now))
  const provider = verifierOf(cmd.ports)
  const face = provider ? providerConsent(provider.name) : faceConsent
  return {
    state: stateOf(mine),
    title: templateOf(mine).title,
    organiser: campaign.organiser,
    campaign: campaign.title,
    role: signer.role,
    name: isKnown || hasSigned ? who.name : maskName(who.name),
    phone: who.phone ? maskPhone(who.phone) : null,
    deadline: envelope.expiresAt.toISOString(),
    minor: isMinor(cmd, who),
    consent: { text, hash, givenAt: given },
    faceConsent: face,
    checks: checksOf(campaign.identityLevel).map((check) => ({
      check,
      done: live !== undefined && isDone(live, check),
    })),
    identifiedBy: isKnown ? signer.identifiedBy : null,
    faceBegun: live?.transactionSealed !== null && live !== undefined,
    helper: await helperName(cmd, await responsibleFor(cmd, envelope.areaPath, 'microGridLead')),
    helpAskedAt: asked ? cmd.now.toISOString() : null,
    verifyCode: hasSigned ? envelope.verifyCode : null,
  }
}

export async function showSigning(cmd: Command, token: string, device: string): Promise<Signing> {
  const mine = await findByToken(cmd, token)
  return signingFor(cmd, mine, await findSession(cmd.tx, keyOf(mine, device)))
}

/** The session of somebody who has shown on this phone who they are. @throws signing.identify_first */
export function requireIdentified(cmd: Command, session: SessionRow | undefined): SessionRow {
  if (!session || session.endedAt !== null || !isFresh(session.identifiedAt, cmd.now))
    throw new Fault('signing.identify_first')
  return session
}

/** The words to be signed and who asks for them: what a liveness answer and a draft are bound to. */
export function wordsHash(cmd: Command, mine: Mine): string {
  const blocks = contentOf(templateOf(mine), withoutAnswers(mine, valuesOf(cmd, mine)))
  return sha256Hex(JSON.stringify([mine.envelope.id, mine.signer.position, mine.envelope.letterHash, blocks]))
}

/** What was answered before does not change what is to be read. */
function withoutAnswers(mine: Mine, values: ReturnType<typeof valuesOf>): ReturnType<typeof valuesOf> {
  const asked = new Set(templateOf(mine).variables.flatMap(({ from, name }) => (from === 'signer' ? [name] : [])))
  return mine.envelope.signed > 0
    ? values
    : Object.fromEntries(Object.entries(values).filter(([name]) => !asked.has(name)))
}

/** The letter, once this phone has shown who holds it. @throws signing.identify_first and what `requireOpen` throws */
export async function showLetter(cmd: Command, token: string, device: string): Promise<LetterToRead> {
  const mine = await findByToken(cmd, token)
  requireOpen(mine)
  requireIdentified(cmd, await findSession(cmd.tx, keyOf(mine, device)))
  const template = templateOf(mine)
  const values = valuesOf(cmd, mine)
  return {
    title: template.title,
    blocks: toRead(contentOf(template, withoutAnswers(mine, values))),
    // Whoever signs after others signs what they signed.
    asked: mine.envelope.signed > 0 ? [] : askedOf(template, values),
    hash: wordsHash(cmd, mine),
  }
}

/** What a checkpoint is told. @throws signing.code_unknown */
export async function showCommitment(cmd: Command, code: string): Promise<Commitment> {
  const envelope = await findByCode(cmd.tx, cmd.county, code)
  if (!envelope || ['draft', 'waiting'].includes(envelope.state)) throw new Fault('signing.code_unknown')
  const { name } = whoOf(cmd, envelope.recipientSealed)
  const until = envelope.validUntil
  const isSigned = envelope.state === 'sealed' || envelope.state === 'sealing'
  return {
    valid: isSigned && (until === null || cmd.now < until),
    whose: maskName(name),
    until: until?.toISOString() ?? null,
  }
}

/** The code that the signer shows, on the phone that signed. @throws signing.identify_first */
export async function showCommitmentCode(
  cmd: Command,
  token: string,
  device: string,
  origin: string,
): Promise<CommitmentCode> {
  const mine = await findByToken(cmd, token)
  const session = await findSession(cmd.tx, keyOf(mine, device))
  if (mine.signer.state !== 'signed' || !session?.drafted || session.endedAt !== null)
    throw new Fault('signing.identify_first')
  const code = mine.envelope.verifyCode
  const county = code.startsWith(`${cmd.county}.`) ? '' : `?county=${cmd.county}`
  const url = `${origin}/c/${code}${county}`
  return { code, url, qrSvg: await qrcode.toString(url, { type: 'svg', margin: 1, errorCorrectionLevel: 'Q' }) }
}
