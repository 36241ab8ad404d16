import { createHash, randomInt } from 'node:crypto'
import { randomToken } from '../../kernel/ids.ts'
import type { FaceAnswer, FaceChallenge } from './contract.ts'
import { gateMoves, passes, unpackFrames, type GateMove } from './gate.ts'

export const CHALLENGE_MINUTES = 5

/** What is kept of a challenge until it is answered once. */
export interface Kept {
  readonly challenge: Buffer | null
  readonly challengeMoves: string | null
  readonly challengeDocument: string | null
  readonly challengeUntil: Date | null
}

const hashOf = (nonce: string): Buffer => createHash('sha256').update(nonce, 'utf8').digest()

function shuffled(moves: readonly GateMove[]): GateMove[] {
  const left = [...moves]
  return moves.map(() => left.splice(randomInt(left.length), 1)[0]!)
}

/** A new challenge: an order that nobody knew before, for one document, answered once and soon. */
export function makeChallenge(document: string, now: Date): { challenge: FaceChallenge; kept: Kept } {
  const nonce = randomToken(24)
  const moves = shuffled(gateMoves)
  const expiresAt = new Date(now.getTime() + CHALLENGE_MINUTES * 60_000)
  return {
    challenge: { nonce, moves, document, expiresAt: expiresAt.toISOString() },
    kept: {
      challenge: hashOf(nonce),
      challengeMoves: moves.join(' '),
      challengeDocument: document,
      challengeUntil: expiresAt,
    },
  }
}

/** What is left once a challenge was answered, rightly or not. */
export const usedUp: Kept = { challenge: null, challengeMoves: null, challengeDocument: null, challengeUntil: null }

/**
 * Whether an answer passes: this challenge, this document, in time, and what the phone measured passes the gate once more.
 *
 * @param document What the document is now.
 */
export function answers(kept: Kept, answer: FaceAnswer, document: string, now: Date): boolean {
  if (!kept.challenge || !kept.challengeMoves || !kept.challengeUntil || kept.challengeUntil <= now) return false
  if (!kept.challenge.equals(hashOf(answer.nonce))) return false
  if (answer.document !== document || kept.challengeDocument !== document) return false
  const frames = unpackFrames(answer.frames)
  // A film longer than the challenge is old was not made for it.
  const began = kept.challengeUntil.getTime() - CHALLENGE_MINUTES * 60_000
  if (frames.at(-1)!.at - frames[0]!.at > now.getTime() - began + 2000) return false
  return passes(kept.challengeMoves.split(' ') as GateMove[], frames)
}
