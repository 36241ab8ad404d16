import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { EnvelopeState } from './contract.ts'

/** What moves an envelope; each is an event of its evidence. */
export type Move =
  | 'prepared'
  | 'sent'
  | 'opened'
  | 'consented'
  | 'identified'
  | 'signed'
  | 'sealed'
  | 'declined'
  | 'expired'
  | 'revoked'
  | 'superseded'

const open = ['sent', 'opened', 'consented', 'identified', 'signed'] as const
const from: Readonly<Record<Move, readonly EnvelopeState[]>> = {
  prepared: ['draft'],
  sent: ['waiting', ...open],
  opened: open,
  consented: open,
  identified: open,
  signed: ['identified', 'signed'],
  sealed: ['sealing'],
  declined: open,
  expired: ['waiting', ...open],
  revoked: ['draft', 'waiting', ...open, 'sealing', 'sealed'],
  superseded: ['draft', 'waiting', ...open, 'sealing', 'sealed'],
}
const steps = ['waiting', 'sent', 'opened', 'consented', 'identified'] as const
const to: Partial<Record<Move, EnvelopeState>> = {
  prepared: 'waiting',
  sealed: 'sealed',
  declined: 'declined',
  expired: 'expired',
  revoked: 'revoked',
  superseded: 'superseded',
}

export const mayMove = (state: EnvelopeState, move: Move): boolean => from[move].includes(state)

/** Whether a signer can still do something with it. */
export const isOpen = (state: EnvelopeState): boolean => (open as readonly string[]).includes(state)

/** Where an envelope stands after a move. While others have signed already, the next one's steps do not set it back. */
export function stateAfter(state: EnvelopeState, move: Move, left: number): EnvelopeState {
  const fixed = to[move]
  if (fixed) return fixed
  if (move === 'signed') return left === 0 ? 'sealing' : 'signed'
  const [now, next] = [steps.indexOf(state as 'sent'), steps.indexOf(move as 'sent')]
  return now >= 0 && next > now ? (move as EnvelopeState) : state
}

const signerSteps = ['waiting', 'sent', 'opened', 'consented', 'identified', 'signed'] as const

/** How far a signer has come by this move; null where the move is none of the signer's. */
export function signerAfter(state: string, move: Move): string | null {
  if (move === 'declined') return 'declined'
  const [now, next] = [signerSteps.indexOf(state as 'sent'), signerSteps.indexOf(move as 'sent')]
  if (next < 0) return null
  return next > now ? move : state
}

/** What a signer must have done before. */
const needed: Partial<Record<Move, readonly string[]>> = {
  consented: ['opened', 'consented', 'identified'],
  identified: ['consented', 'identified'],
  signed: ['identified'],
}
export const signerMay = (state: string, move: Move): boolean => {
  const before = needed[move]
  return before ? before.includes(state) : state !== 'signed' && state !== 'declined'
}

/** The columns by which the signing rate is told; each envelope stands in one. */
const tallies = ['faulty', 'waiting', 'sent', 'opened', 'signed', 'sealed', 'declined', 'ended'] as const
export type TallyColumn = (typeof tallies)[number]
const tallyOfState: Readonly<Record<EnvelopeState, TallyColumn>> = {
  draft: 'waiting',
  waiting: 'waiting',
  sent: 'sent',
  opened: 'opened',
  consented: 'opened',
  identified: 'opened',
  signed: 'opened',
  sealing: 'signed',
  sealed: 'sealed',
  declined: 'declined',
  expired: 'ended',
  revoked: 'ended',
  superseded: 'ended',
}
export const tallyOf = (state: EnvelopeState, faulty = false): TallyColumn =>
  faulty && state === 'draft' ? 'faulty' : tallyOfState[state]

/** One event as it is bound to the one before. */
export interface Link {
  readonly envelope: string
  readonly seq: number
  readonly kind: string
  /** ISO, to the millisecond. */
  readonly at: string
  readonly by: string
  readonly body: Readonly<Record<string, unknown>>
  /** Hash of the event before, hex; 64 zeros before the first. */
  readonly previous: string
}

export const NO_HASH = Buffer.alloc(32)

/** SHA-256 of the canonical JSON (RFC 8785). */
export const linkHash = (link: Link): Buffer =>
  createHash('sha256')
    .update(canonicalize(link) ?? '', 'utf8')
    .digest()
