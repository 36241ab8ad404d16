import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { readDocument } from '../../files/index.ts'
import { acceptSignature, documentOnItsWay, draftDocument, findByToken, note, whoOf } from '../envelopes/index.ts'
import { SIGNER_MINUTES } from '../authority/issue.ts'
import type { AskDraft, Draft, GiveSignature, Signing } from './contract.ts'
import { pagesIn, pictureOf } from './pictures.ts'
import { isDrawn, isSameName, sha256Hex } from './rules.ts'
import { heldSession, keptOf, mayTry, openMine, type Phone } from './service.ts'
import * as store from './store.ts'
import { keyOf, requireIdentified, signingFor, wordsHash, type Mine } from './views.ts'

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64'))

/** A drawn name, or one typed as it is registered. @throws signing.no_mark */
function requireMark(cmd: Command, mine: Mine, { strokes, typed }: AskDraft): void {
  const isMarked = strokes ? isDrawn(strokes) : isSameName(typed, whoOf(cmd, mine.signer.whoSealed).name)
  if (!isMarked) throw new Fault('signing.no_mark')
}

/**
 * The exact document with the drawn name in it, for this phone's one-time key.
 *
 * @throws signing.identify_first, signing.document_moved where the words have changed since they were read, signing.no_mark,
 *   and what `draftDocument` throws.
 */
export async function askDraft(cmd: Command, token: string, input: AskDraft, phone: Phone): Promise<Draft> {
  const mine = await openMine(cmd, token)
  const session = requireIdentified(cmd, await heldSession(cmd, mine, phone))
  if (input.hash !== wordsHash(cmd, mine)) throw new Fault('signing.document_moved')
  requireMark(cmd, mine, input)
  if (!(await mayTry(cmd, mine, 'draft'))) throw new Fault('signing.enough_tries')
  const { strokes, typed, answers } = input
  const flat = strokes?.map((stroke) => stroke.map(([x, y]): [number, number] => [x, y])) ?? null
  const mark = { strokes: flat, typed: strokes ? '' : typed }
  const spki = bytesOf(input.spki)
  const { draft, found } = await draftDocument(cmd, mine, { spki, mark, answers })
  const drawn = sha256Hex(JSON.stringify(strokes ?? typed))
  await note(cmd, found, 'marked', { how: strokes ? 'drawn' : 'typed', drawn, document: draft.sha256 })
  await store.saveSession(cmd.tx, keyOf(mine, phone.device), {
    drafted: draft.sha256,
    keptSealed: cmd.vault.seal(cmd.county, JSON.stringify({ ...keptOf(cmd, session), strokes, typed })),
  })
  return {
    sha256: draft.sha256,
    attributes: base64(draft.attributes),
    pages: await pagesIn(draft.pdf),
    expiresAt: new Date(cmd.now.getTime() + SIGNER_MINUTES * 60_000).toISOString(),
  }
}

/** The phone's signature over the document that it was shown. @throws what `acceptSignature` throws */
export async function giveSignature(cmd: Command, token: string, input: GiveSignature, phone: Phone): Promise<Signing> {
  const mine = await openMine(cmd, token)
  const session = requireIdentified(cmd, await heldSession(cmd, mine, phone))
  // What is signed is what this phone was shown last.
  if (session.drafted !== input.sha256) throw new Fault('signing.document_moved')
  const found = await acceptSignature(cmd, mine, bytesOf(input.signature), bytesOf(input.spki))
  return signingFor(cmd, { ...found, signer: found.signer ?? mine.signer }, session)
}

/** The document that this phone was shown or has signed. @throws signing.identify_first, kernel.not_found */
export async function documentShown(cmd: Command, token: string, device: string): Promise<Uint8Array> {
  const mine = await findByToken(cmd, token)
  const session = await store.findSession(cmd.tx, keyOf(mine, device))
  if (!session?.drafted || session.endedAt !== null) throw new Fault('signing.identify_first')
  if (mine.signer.state !== 'signed') requireIdentified(cmd, session)
  const { documentSha256 } = mine.envelope
  const pdf = documentSha256 ? await readDocument(cmd, documentSha256) : await documentOnItsWay(cmd, mine)
  if (!pdf) throw new Fault('kernel.not_found')
  return pdf
}

/** One page of it as a picture. @throws kernel.not_found for a page that is not there */
export async function pageShown(pdf: Uint8Array, page: number): Promise<Uint8Array> {
  if (page > (await pagesIn(pdf))) throw new Fault('kernel.not_found')
  return pictureOf(pdf, page)
}
