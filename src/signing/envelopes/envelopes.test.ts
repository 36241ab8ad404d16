import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround } from '../../../test/support/ground.ts'
import { layEnvelope, somebody, type LaidEnvelope } from '../../../test/support/signing.ts'
import { runSystem, type Command } from '../../kernel/command.ts'
import { makePhoneKey, type PhoneKey } from '../pipeline.ts'
import { readPdfProof } from '../proof/pdf.ts'
import { workshopOf } from '../workshop.ts'
import {
  acceptSignature,
  advance,
  documentOnItsWay,
  draftDocument,
  findByToken,
  findEnvelope,
  linkHash,
  listEvidence,
  requireOpen,
  sealNext,
  type Found,
} from './index.ts'

let house: TestApp
beforeAll(async () => {
  house = await testApp()
  await layGround(house)
})
afterAll(async () => {
  await workshopOf(house.app.ports).stop()
  await house.close()
})

const run = <T>(work: (cmd: Command) => Promise<T>): Promise<T> => runSystem(house.app, county, work)
const onLink = <T>(token: string, work: (cmd: Command, found: Found) => Promise<T>): Promise<T> =>
  run(async (cmd) => work(cmd, await findByToken(cmd, token)))

async function identified(token: string): Promise<void> {
  await onLink(token, (cmd, found) => advance(cmd, found, 'opened'))
  await onLink(token, (cmd, found) => advance(cmd, found, 'consented', { consent: 'c' }))
  await onLink(token, (cmd, found) =>
    advance(cmd, found, 'identified', { by: 'phone' }, { signer: { identifiedBy: 'phone' } }),
  )
}
const mark = { strokes: [[[0.1, 0.5] as [number, number], [0.8, 0.7] as [number, number]]], typed: '' }
const draft = (token: string, key: PhoneKey) =>
  onLink(
    token,
    async (cmd, found) => (await draftDocument(cmd, found, { spki: key.spki, mark, answers: { days: 3 } })).draft,
  )
async function sign(token: string, key: PhoneKey): Promise<void> {
  const { attributes } = await draft(token, key)
  const signature = await key.sign(attributes)
  await onLink(token, (cmd, found) => acceptSignature(cmd, found, signature, key.spki))
}
const envelopeOf = async ({ id }: LaidEnvelope) => (await run((cmd) => findEnvelope(cmd, id))).envelope
async function sealedFile(laid: LaidEnvelope): Promise<Uint8Array> {
  const { documentSha256 } = await envelopeOf(laid)
  const sha256 = documentSha256!
  const chunks: Buffer[] = []
  for await (const chunk of await house.app.ports.storage.get(`${county}/${sha256.slice(0, 2)}/${sha256}`))
    chunks.push(chunk as Buffer)
  return new Uint8Array(Buffer.concat(chunks))
}
async function proofOf(laid: LaidEnvelope, expected: number) {
  const { roots } = await workshopOf(house.app.ports).desk({ id: 'platform', organisation: '' })
  return readPdfProof(await sealedFile(laid), { roots, stampRoots: roots, expected })
}
const entriesOf = (id: string) =>
  run((cmd) =>
    cmd.tx
      .selectFrom('ledgerEntry')
      .select(['event', 'subjectVersion'])
      .where('county', '=', county)
      .where('subjectId', '=', id)
      .orderBy('subjectVersion')
      .execute(),
  )

describe('an envelope from the link to the seal', () => {
  test('is signed on the phone, sealed once, and its chain holds', async () => {
    const laid = await layEnvelope(house)
    const [token] = laid.tokens
    await identified(token!)
    await sign(token!, await makePhoneKey())
    expect(await envelopeOf(laid)).toMatchObject({ state: 'sealing', signed: 1 })
    // Two workers at once: one seal.
    await Promise.all([sealNext(house.app, county), sealNext(house.app, county)])
    const sealed = await envelopeOf(laid)
    expect(sealed).toMatchObject({ state: 'sealed', trouble: null })
    const proof = await proofOf(laid, 2)
    expect(proof).toMatchObject({ whole: true, sha256: sealed.documentSha256 })
    expect(proof.signatures[0]!.cms.signer.subjectName.getField('CN')).toEqual([somebody.name])
    expect((await entriesOf(laid.id)).map(({ event }) => event)).toEqual([
      'signing.envelope_signed',
      'signing.envelope_sealed',
    ])
    const chain = await run((cmd) => listEvidence(cmd.tx, county, laid.id))
    expect(chain.map(({ kind }) => kind)).toEqual(['opened', 'consented', 'identified', 'drafted', 'signed', 'sealed'])
    let previous = '0'.repeat(64)
    for (const { envelopeId: envelope, seq, kind, at, byLabel: by, body, hash } of chain) {
      const link = { envelope, seq, kind, at: at.toISOString(), by, body: body as Record<string, unknown>, previous }
      expect(linkHash(link).toString('hex')).toBe(hash.toString('hex'))
      previous = hash.toString('hex')
    }
    expect(sealed.chainHash.toString('hex')).toBe(previous)
  })

  test('of two signers carries both signatures and the seal; out of turn nobody signs', async () => {
    const people = [somebody, { ...somebody, name: '李建国', phone: '13857300002' }]
    const laid = await layEnvelope(house, { people })
    const [first, second] = laid.tokens
    await expect(
      onLink(second!, (cmd, found) => draftDocument(cmd, found, { spki: new Uint8Array(1), mark, answers: {} })),
    ).rejects.toMatchObject({ code: 'signing.not_your_turn' })
    await identified(first!)
    await sign(first!, await makePhoneKey())
    expect((await envelopeOf(laid)).state).toBe('signed')
    await identified(second!)
    await sign(second!, await makePhoneKey())
    await sealNext(house.app, county)
    const proof = await proofOf(laid, 3)
    expect(proof.whole).toBe(true)
    expect(proof.signatures.map(({ cms }) => cms.signer.subjectName.getField('CN')[0]).slice(0, 2)).toEqual(
      people.map(({ name }) => name),
    )
  })

  test('signed by both at once: who was slower confirms once more', async () => {
    const people = [somebody, { ...somebody, name: '李建国', phone: '13857300002' }]
    const laid = await layEnvelope(house, { people, order: 'parallel' })
    const keys = [await makePhoneKey(), await makePhoneKey()]
    for (const token of laid.tokens) await identified(token)
    const drafts = [await draft(laid.tokens[0]!, keys[0]!), await draft(laid.tokens[1]!, keys[1]!)]
    const accept = async (at: number, attributes: Uint8Array) => {
      const signature = await keys[at]!.sign(attributes)
      return onLink(laid.tokens[at]!, (cmd, found) => acceptSignature(cmd, found, signature, keys[at]!.spki))
    }
    await accept(1, drafts[1]!.attributes)
    await expect(accept(0, drafts[0]!.attributes)).rejects.toMatchObject({ code: 'signing.document_moved' })
    await sign(laid.tokens[0]!, keys[0]!)
    await sealNext(house.app, county)
    expect((await proofOf(laid, 3)).whole).toBe(true)
  })
})

describe('what is refused', () => {
  test('a foreign link, another county’s, a step that does not come now, a signature of another key or document', async () => {
    const [one, other] = [await layEnvelope(house), await layEnvelope(house)]
    const [token] = one.tokens
    for (const wrong of [`${token!}x`, `999999.${token!.slice(7)}`, '', token!.slice(7)])
      await expect(onLink(wrong, async () => {})).rejects.toMatchObject({ code: 'signing.link_unknown' })
    const key = await makePhoneKey()
    await expect(onLink(token!, (cmd, found) => advance(cmd, found, 'identified'))).rejects.toMatchObject({
      code: 'signing.not_now',
    })
    await expect(draft(token!, key)).rejects.toMatchObject({ code: 'signing.not_now' })
    await identified(token!)
    await identified(other.tokens[0]!)
    const { attributes } = await draft(token!, key)
    const foreign = await draft(other.tokens[0]!, key)
    const stranger = await makePhoneKey()
    const accept = (signature: Uint8Array, spki = key.spki) =>
      onLink(token!, (cmd, found) => acceptSignature(cmd, found, signature, spki))
    await expect(accept(await key.sign(foreign.attributes))).rejects.toMatchObject({ code: 'signing.bad_signature' })
    await expect(accept(await stranger.sign(attributes))).rejects.toMatchObject({ code: 'signing.bad_signature' })
    await expect(accept(await stranger.sign(attributes), stranger.spki)).rejects.toMatchObject({
      code: 'signing.bad_signature',
    })
    await expect(accept(new Uint8Array(3))).rejects.toMatchObject({ code: 'signing.bad_signature' })
    expect((await envelopeOf(one)).state).toBe('identified')
  })

  test('a second tap: one of two at once wins', async () => {
    const laid = await layEnvelope(house)
    const [token] = laid.tokens
    await identified(token!)
    const key = await makePhoneKey()
    const { attributes } = await draft(token!, key)
    const signature = await key.sign(attributes)
    const tap = () => onLink(token!, (cmd, found) => acceptSignature(cmd, found, signature, key.spki))
    const taps = await Promise.allSettled([tap(), tap()])
    expect(taps.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await entriesOf(laid.id)).map(({ event }) => event)).toEqual(['signing.envelope_signed'])
    await sealNext(house.app, county)
  })

  test('after it was revoked nothing can be signed, and the page still finds it', async () => {
    const laid = await layEnvelope(house)
    await run(async (cmd) => advance(cmd, await findEnvelope(cmd, laid.id), 'revoked', { reason: 'r' }))
    await expect(onLink(laid.tokens[0]!, (cmd, found) => advance(cmd, found, 'opened'))).rejects.toMatchObject({
      code: 'signing.not_now',
    })
    await expect(onLink(laid.tokens[0]!, async (_, found) => requireOpen(found))).rejects.toMatchObject({
      code: 'signing.ended',
    })
    expect((await entriesOf(laid.id)).map(({ event }) => event)).toEqual(['signing.envelope_revoked'])
  })
})

describe('without a time stamp', () => {
  test('nothing leaves `sealing`, staff see why, and it is done when the authority is back', async () => {
    const shop = workshopOf(house.app.ports)
    const laid = await layEnvelope(house)
    await identified(laid.tokens[0]!)
    await sign(laid.tokens[0]!, await makePhoneKey())
    shop.stampers = [{ name: 'down', roots: [], ask: () => Promise.reject(new TypeError('fetch failed')) }]
    await sealNext(house.app, county)
    expect(await envelopeOf(laid)).toMatchObject({ state: 'sealing', trouble: 'stamp_down', documentSha256: null })
    expect(await sealNext(house.app, county)).toBe(false)
    shop.stampers = null
    house.clock.advance(60_000)
    expect(await sealNext(house.app, county)).toBe(true)
    expect(await envelopeOf(laid)).toMatchObject({ state: 'sealed', trouble: null })
    expect(await run(async (cmd) => documentOnItsWay(cmd, await findEnvelope(cmd, laid.id)))).toBeUndefined()
  })
})
