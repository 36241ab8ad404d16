import { runSystem, type Command } from '../../src/kernel/command.ts'
import { settleLedger } from '../../src/ledger/index.ts'
import {
  acceptSignature,
  advance,
  draftDocument,
  findByToken,
  findEnvelope,
  sealNext,
  type Found,
} from '../../src/signing/envelopes/index.ts'
import { makePhoneKey } from '../../src/signing/pipeline.ts'
import { county, type TestApp } from './app.ts'
import { layEnvelope, type LaidEnvelope, type Wanted } from './signing.ts'

const mark = { strokes: [[[0.1, 0.5] as [number, number], [0.8, 0.7] as [number, number]]], typed: '' }

async function sign(house: TestApp, token: string): Promise<void> {
  const onLink = <T>(work: (cmd: Command, found: Found) => Promise<T>): Promise<T> =>
    runSystem(house.app, county, async (cmd) => work(cmd, await findByToken(cmd, token)))
  await onLink((cmd, found) => advance(cmd, found, 'opened'))
  await onLink((cmd, found) => advance(cmd, found, 'consented', { consent: 'c' }))
  await onLink((cmd, found) =>
    advance(cmd, found, 'identified', { by: 'phone' }, { signer: { identifiedBy: 'phone' } }),
  )
  const phone = await makePhoneKey()
  const asked = { spki: phone.spki, mark, answers: { days: 3 } }
  const { draft } = await onLink((cmd, found) => draftDocument(cmd, found, asked))
  const signature = await phone.sign(draft.attributes)
  await onLink((cmd, found) => acceptSignature(cmd, found, signature, phone.spki))
}

/** A letter signed by all, on their way to the seal. */
export async function signLetter(house: TestApp, wanted: Wanted = {}): Promise<LaidEnvelope> {
  const laid = await layEnvelope(house, wanted)
  for (const token of laid.tokens) await sign(house, token)
  return laid
}

export async function fileOf(house: TestApp, sha256: string): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of await house.app.ports.storage.get(`${county}/${sha256.slice(0, 2)}/${sha256}`))
    chunks.push(chunk as Buffer)
  return new Uint8Array(Buffer.concat(chunks))
}

/** The same, sealed and in the ledger. */
export async function sealLetter(
  house: TestApp,
  wanted: Wanted = {},
): Promise<LaidEnvelope & { sha256: string; pdf: Uint8Array }> {
  const laid = await signLetter(house, wanted)
  while (await sealNext(house.app, county));
  await settleLedger(house.app, county)
  const { envelope } = await runSystem(house.app, county, (cmd) => findEnvelope(cmd, laid.id))
  const sha256 = envelope.documentSha256!
  return { ...laid, sha256, pdf: await fileOf(house, sha256) }
}
