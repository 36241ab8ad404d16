import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { answers, makeChallenge, usedUp } from '../face/index.ts'
import type { FaceAnswer } from '../face/contract.ts'
import { faceConsent } from './consent.ts'
import type { FaceBegun, Signing } from './contract.ts'
import { checksOf } from './rules.ts'
import { heldSession, mayTry, openMine, proved, refused, type Outcome, type Phone } from './service.ts'
import * as store from './store.ts'
import { keyOf, wordsHash, type Mine } from './views.ts'

/** A face is looked at only after phone and ID number fit, and only where the letter asks for it. @throws signing.not_now */
async function faceSession(cmd: Command, mine: Mine, phone: Phone): Promise<store.SessionRow> {
  const session = await heldSession(cmd, mine, phone)
  const isTurn = session.phoneAt !== null && session.registryAt !== null
  if (!checksOf(mine.campaign.identityLevel).includes('face') || !isTurn) throw new Fault('signing.not_now')
  return session
}

/**
 * A challenge for the phone's own look, once its consent of its own was given.
 *
 * @throws signing.not_now, signing.other_words
 */
export async function askFace(
  cmd: Command,
  token: string,
  input: { hash: string },
  phone: Phone,
): Promise<Outcome<FaceBegun>> {
  const mine = await openMine(cmd, token)
  await faceSession(cmd, mine, phone)
  if (input.hash !== faceConsent.hash) throw new Fault('signing.other_words')
  if (!(await mayTry(cmd, mine, 'face'))) return refused('signing.enough_tries')
  const { challenge, kept } = makeChallenge(wordsHash(cmd, mine), cmd.now)
  await store.saveSession(cmd.tx, keyOf(mine, phone.device), kept)
  return { answer: { challenge } }
}

/** What the phone saw. A challenge is used up by its first answer, right or wrong. */
export async function giveFace(
  cmd: Command,
  token: string,
  input: FaceAnswer,
  phone: Phone,
): Promise<Outcome<Signing>> {
  const mine = await openMine(cmd, token)
  const session = await faceSession(cmd, mine, phone)
  if (answers(session, input, wordsHash(cmd, mine), cmd.now))
    return proved(cmd, mine, phone, { ...usedUp, faceAt: cmd.now })
  await store.saveSession(cmd.tx, keyOf(mine, phone.device), usedUp)
  return refused('signing.face_refused')
}
