import { createHash } from 'node:crypto'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { randomToken } from '../../kernel/ids.ts'
import { record } from '../../ledger/index.ts'
import type { Block } from '../letters/blocks.ts'
import { fillTemplate, type LetterTemplate, type Values } from '../letters/template.ts'
import {
  EnvelopeDeclined,
  EnvelopeExpired,
  EnvelopeRevoked,
  EnvelopeSealed,
  EnvelopeSigned,
  EnvelopeSuperseded,
  type EnvelopeState,
} from './contract.ts'
import { isOpen, linkHash, mayMove, signerAfter, signerMay, stateAfter, tallyOf, type Move } from './rules.ts'
import * as store from './store.ts'

/** Whom an envelope or a signer's part is for; only ever kept sealed. */
export interface Who {
  name: string
  phone: string
  citizenId: string
}

/** An envelope with all that decides what may happen to it. */
export interface Found {
  readonly envelope: store.EnvelopeRow
  /** Whose link, or whose turn, it is; null where the house itself acts. */
  readonly signer: store.SignerRow | null
  readonly signers: readonly store.SignerRow[]
  readonly campaign: store.CampaignRow
  readonly letter: store.LetterRow
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest()

/** A link's token: the county first, then 144 random bits. It is kept as its hash alone. */
export function newToken(county: string): { token: string; tokenHash: Buffer } {
  const token = `${county}.${randomToken(18)}`
  return { token, tokenHash: hashOf(token) }
}

export const templateOf = ({ letter }: Pick<Found, 'letter'>): LetterTemplate => letter.template as LetterTemplate

export const valuesOf = (cmd: Command, { envelope }: Pick<Found, 'envelope'>): Values =>
  JSON.parse(cmd.vault.open(cmd.county, envelope.variablesSealed)) as Values

export const whoOf = (cmd: Command, sealed: Buffer): Who => JSON.parse(cmd.vault.open(cmd.county, sealed)) as Who

async function foundOf(cmd: Command, envelope: store.EnvelopeRow, position: number | null): Promise<Found> {
  const { tx, county } = cmd
  const signers = await store.listSigners(tx, county, envelope.id)
  const campaign = await store.getCampaign(tx, county, envelope.campaignId)
  const letter = await store.getLetter(tx, county, envelope.letterId)
  const signer = position === null ? null : signers.find((one) => one.position === position)
  if (signer === undefined) throw new Fault('kernel.not_found')
  return { envelope, signer, signers, campaign, letter }
}

/** An envelope by its id; whether the caller may see it is the caller's to ask. @throws kernel.not_found */
export async function findEnvelope(cmd: Command, id: string, position: number | null = null): Promise<Found> {
  const envelope = await store.findEnvelope(cmd.tx, cmd.county, id)
  if (!envelope) throw new Fault('kernel.not_found')
  return foundOf(cmd, envelope, position)
}

/**
 * The envelope and the signer to whom a link was sent. An envelope that has ended is found too, so that the page can say so.
 *
 * @throws signing.link_unknown where it was never given, or by another county.
 */
export async function findByToken(cmd: Command, token: string): Promise<Found & { readonly signer: store.SignerRow }> {
  const link = token.startsWith(`${cmd.county}.`) && (await store.findLink(cmd.tx, cmd.county, hashOf(token)))
  if (!link) throw new Fault('signing.link_unknown')
  const found = await findEnvelope(cmd, link.envelopeId, link.position)
  return { ...found, signer: found.signer! }
}

const endWords: Record<string, string> = {
  declined: '已被拒签 declined',
  expired: '已过期限 expired',
  revoked: '已撤回 revoked',
  superseded: '已换成新的一份 superseded',
  sealed: '已经签好 sealed',
  sealing: '已经签好，正在盖章 sealing',
}

/** A new link for a signer; those given before still work. @returns its token, which is kept nowhere. */
export async function newLink(cmd: Command, found: Found, position: number): Promise<string> {
  const { token, tokenHash } = newToken(cmd.county)
  const link = { county: cmd.county, tokenHash, envelopeId: found.envelope.id, position, madeAt: cmd.now }
  await store.insertLinks(cmd.tx, [link])
  return token
}

/** What is read before anything is signed: the letter's blocks, what is still to be answered left blank. */
export function contentOf(cmd: Command, found: Found, answers: Values = {}): Block[] {
  const template = templateOf(found)
  const variables = template.variables.map((one) => (one.from === 'signer' ? { ...one, optional: true } : one))
  return fillTemplate({ ...template, variables }, { ...valuesOf(cmd, found), ...answers })
}

/** Refuses where the signer can do nothing now. @throws signing.ended, signing.paused, signing.not_your_turn */
export function requireOpen({ envelope, signer, signers, campaign }: Found): void {
  if (!isOpen(envelope.state as EnvelopeState))
    throw new Fault('signing.ended', { state: endWords[envelope.state] ?? '还没有发出 not sent' })
  if (campaign.state !== 'running')
    throw new Fault(campaign.state === 'paused' ? 'signing.paused' : 'signing.ended', {
      state: '已经截止 closed',
    })
  if (!signer || campaign.signingOrder !== 'sequence') return
  if (signers.some((one) => one.position < signer.position && one.state !== 'signed'))
    throw new Fault('signing.not_your_turn')
}

/** What a move may change beside the states. */
export interface Change {
  envelope?: store.EnvelopeChange
  signer?: store.SignerChange
}

const stamps: Partial<Record<Move, keyof store.EnvelopeChange>> = {
  sent: 'sentAt',
  opened: 'openedAt',
  sealed: 'sealedAt',
  declined: 'endedAt',
  expired: 'endedAt',
  revoked: 'endedAt',
  superseded: 'endedAt',
}

/** The event bound to the chain, and the columns that follow it. */
async function chained(
  cmd: Command,
  envelope: store.EnvelopeRow,
  kind: string,
  body: Record<string, unknown>,
): Promise<{ chainSeq: number; chainHash: Buffer }> {
  const seq = envelope.chainSeq + 1
  const by = cmd.actor.label
  const link = { envelope: envelope.id, seq, kind, at: cmd.now.toISOString(), by, body }
  const hash = linkHash({ ...link, previous: envelope.chainHash.toString('hex') })
  await store.insertEvidence(cmd.tx, [
    {
      county: cmd.county,
      envelopeId: envelope.id,
      seq,
      kind,
      at: cmd.now,
      byLabel: by,
      body: JSON.stringify(body),
      previous: envelope.chainHash,
      hash,
    },
  ])
  return { chainSeq: seq, chainHash: hash }
}

async function saved(cmd: Command, found: Found, change: store.EnvelopeChange): Promise<store.EnvelopeRow> {
  const row = await store.saveEnvelope(cmd.tx, found.envelope, change)
  if (!row) throw new Fault('kernel.stale', { version: found.envelope.version })
  return row
}

/** Adds an event that changes no state: what was read, which question was answered, who helped. */
export async function note(
  cmd: Command,
  found: Found,
  kind: string,
  body: Record<string, unknown>,
  change: Change = {},
): Promise<Found> {
  const link = await chained(cmd, found.envelope, kind, { ...positionOf(found), ...body })
  const envelope = await saved(cmd, found, { ...change.envelope, ...link })
  return { ...found, envelope, ...(await signerSaved(cmd, found, change.signer ?? {})) }
}

const positionOf = ({ signer }: Found): { position?: number } => (signer ? { position: signer.position } : {})

async function signerSaved(
  cmd: Command,
  { signer, signers }: Found,
  change: store.SignerChange,
): Promise<Pick<Found, 'signer' | 'signers'>> {
  if (!signer || Object.keys(change).length === 0) return { signer, signers }
  const next = await store.saveSigner(cmd.tx, signer, change)
  return { signer: next, signers: signers.map((one) => (one.position === next.position ? next : one)) }
}

const signerStamps: Partial<Record<Move, keyof store.SignerChange>> = {
  sent: 'sentAt',
  opened: 'openedAt',
  signed: 'signedAt',
}

/** What the signer's own row takes from a move. */
function signerChange(cmd: Command, signer: store.SignerRow | null, move: Move): store.SignerChange {
  if (!signer) return {}
  const state = signerAfter(signer.state, move)
  if (state === null) return {}
  const stamp = signerStamps[move]
  return { state, ...(stamp && !signer[stamp as 'sentAt'] ? { [stamp]: cmd.now } : {}) }
}

/**
 * Moves an envelope: its state and its signer's, an event in its chain, the figures of its campaign, and an entry in the ledger
 * where the move counts outside. Of two at once one wins.
 *
 * @param body Codes, hashes and numbers for the chain; never personal data.
 * @throws signing.not_now where this move cannot come now, kernel.stale where somebody was quicker.
 */
export async function advance(
  cmd: Command,
  found: Found,
  move: Move,
  body: Record<string, unknown> = {},
  change: Change = {},
): Promise<Found> {
  const { envelope, signer } = found
  const state = envelope.state as EnvelopeState
  if (!mayMove(state, move) || (signer && !signerMay(signer.state, move))) throw new Fault('signing.not_now')
  const mine = signerChange(cmd, signer, move)
  const signed = envelope.signed + (move === 'signed' ? 1 : 0)
  const next = stateAfter(state, move, envelope.signers - signed)
  const link = await chained(cmd, envelope, move, { ...positionOf(found), ...body })
  const stamp = stamps[move]
  const first = stamp && !envelope[stamp as 'sentAt'] ? { [stamp]: cmd.now } : {}
  const over = next !== state && !isOpen(next) && next !== 'waiting' ? { remindAt: null } : {}
  const all = next === 'sealing' && state !== 'sealing' ? { signedAt: cmd.now, tryAt: cmd.now } : {}
  const row = await saved(cmd, found, {
    ...first,
    ...over,
    ...all,
    ...change.envelope,
    ...link,
    state: next,
    signed,
  })
  await tallied(cmd, envelope, row)
  const after = {
    ...found,
    envelope: row,
    ...(await signerSaved(cmd, found, { ...mine, ...change.signer })),
  }
  await recorded(cmd, after, move, body)
  return after
}

async function tallied(cmd: Command, before: store.EnvelopeRow, after: store.EnvelopeRow): Promise<void> {
  const faulty = (before.problems as unknown[]).length > 0
  const [one, other] = [tallyOf(before.state as EnvelopeState, faulty), tallyOf(after.state as EnvelopeState, faulty)]
  const { county, campaignId, areaPath } = after
  if (one !== other) await store.addTally(cmd.tx, { county, campaignId, areaPath }, { [one]: -1, [other]: 1 })
  if (other !== 'signed' || one === 'signed') return
  const hour = new Date(Math.floor(cmd.now.getTime() / 3_600_000) * 3_600_000)
  await store.addHour(cmd.tx, { county, campaignId, areaPath, hour })
}

const endings = {
  declined: EnvelopeDeclined,
  expired: EnvelopeExpired,
  revoked: EnvelopeRevoked,
  superseded: EnvelopeSuperseded,
} as const

async function recorded(cmd: Command, found: Found, move: Move, body: Record<string, unknown>): Promise<void> {
  const { envelope, signer, letter } = found
  const { campaignId, areaPath, letterHash, subjectKind, subjectId, documentSha256 } = envelope
  const about = { campaignId, areaPath, letterHash, chain: envelope.chainHash.toString('hex') }
  if (move === 'signed' && signer) {
    const left = envelope.signers - envelope.signed
    const signed = { turn: signer.position, left, identifiedBy: signer.identifiedBy ?? '' }
    await record(cmd, EnvelopeSigned, envelope, { ...about, ...signed })
  } else if (move === 'sealed') {
    const sealed = {
      sha256: documentSha256!,
      signatures: envelope.signers + 1,
      stampedBy: String(body.stampedBy),
      stampedAt: String(body.stampedAt),
    }
    await record(cmd, EnvelopeSealed, envelope, {
      ...about,
      ...sealed,
      letterCode: letter.code,
      subjectKind,
      subjectId,
    })
  } else if (move in endings) {
    const event = endings[move as keyof typeof endings]
    const ended = { ...about, letterCode: letter.code, sha256: documentSha256, subjectKind, subjectId }
    await record(cmd, event, envelope, ended)
  }
}
