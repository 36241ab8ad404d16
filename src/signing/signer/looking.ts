import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { answers, makeChallenge, usedUp, verifierOf } from '../face/index.ts'
import type { FaceAnswer } from '../face/contract.ts'
import { whoOf } from '../envelopes/index.ts'
import { faceConsent, providerConsent } from './consent.ts'
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
  if (verifierOf(cmd.ports)) throw new Fault('signing.not_now')
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

/** Whom the provider is to compare the face with; asked before, in its own consent. @throws signing.not_now, signing.other_words */
export async function beginAtProvider(
  cmd: Command,
  token: string,
  input: { hash: string },
  phone: Phone,
): Promise<Outcome<{ name: string; citizenId: string }>> {
  const mine = await openMine(cmd, token)
  await faceSession(cmd, mine, phone)
  const provider = verifierOf(cmd.ports)
  if (!provider) throw new Fault('signing.not_now')
  if (input.hash !== providerConsent(provider.name).hash) throw new Fault('signing.other_words')
  if (!(await mayTry(cmd, mine, 'face'))) return refused('signing.enough_tries')
  const { name, citizenId } = whoOf(cmd, mine.signer.whoSealed)
  return { answer: { name, citizenId } }
}

/** Keeps the provider's transaction with this browser's session: the only one whose result counts for it. */
export async function keepTransaction(cmd: Command, token: string, transaction: string, phone: Phone): Promise<void> {
  const mine = await openMine(cmd, token)
  await faceSession(cmd, mine, phone)
  const transactionSealed = cmd.vault.seal(cmd.county, transaction)
  await store.saveSession(cmd.tx, keyOf(mine, phone.device), { transactionSealed })
}

/** The transaction whose result this browser waits for. @throws signing.not_now where there is none */
export async function transactionOf(cmd: Command, token: string, phone: Phone): Promise<string> {
  const mine = await openMine(cmd, token)
  const { transactionSealed } = await faceSession(cmd, mine, phone)
  if (!transactionSealed) throw new Fault('signing.not_now')
  return cmd.vault.open(cmd.county, transactionSealed)
}

/** What the provider said of that transaction. It is used up by a result, and counts once. */
export async function takeResult(
  cmd: Command,
  token: string,
  asked: { transaction: string; result: 'passed' | 'failed' },
  phone: Phone,
): Promise<Outcome<Signing>> {
  if ((await transactionOf(cmd, token, phone)) !== asked.transaction) throw new Fault('signing.not_now')
  const mine = await openMine(cmd, token)
  if (asked.result === 'passed') return proved(cmd, mine, phone, { transactionSealed: null, faceAt: cmd.now })
  await store.saveSession(cmd.tx, keyOf(mine, phone.device), { transactionSealed: null })
  return refused('signing.face_refused')
}
