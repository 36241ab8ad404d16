import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { x509 } from '../../kernel/x509.ts'
import { Printers } from '../letters/render.ts'
import { shippedLetters } from '../letters/shipped.ts'
import { finishLetter, localDesk, makePhoneKey, prepareLetter, type SealingDesk } from '../pipeline.ts'
import { sampleLetter } from '../sample.ts'
import { examineLetter, type TrustList } from './examine.ts'
import { readPdfProof } from './pdf.ts'
import { headlineOf, linesOf } from './words.ts'

const printers = new Printers(1)
let desk: SealingDesk
let sealed: Uint8Array
let trust: TrustList
let firstEnd: number

const trustOf = (of: SealingDesk): TrustList => {
  const roots = [{ name: '样例根', certificate: of.authority.root.cert, isLocal: true }]
  return { roots, stampRoots: roots }
}

beforeAll(async () => {
  desk = await localDesk('王店镇', () => new Date())
  trust = trustOf(desk)
  const phone = await makePhoneKey()
  const letter = sampleLetter(shippedLetters()[0]!, 1, new Date())
  const prepared = await prepareLetter(desk, printers, {
    letter,
    envelope: 'e-1',
    signer: { name: '欧阳明月', spki: phone.spki },
  })
  sealed = (await finishLetter(desk, prepared, await phone.sign(prepared.attributes))).pdf
  const { signatures } = await readPdfProof(sealed, { roots: desk.roots, stampRoots: desk.roots })
  firstEnd = signatures[0]!.end
})
afterAll(() => printers.stop())

describe('what a verifier says of a file', () => {
  test('a finished letter: who, when, by which check, whose word it is', async () => {
    const report = await examineLetter(sealed, trust)
    expect(report).toMatchObject({ state: 'holds', expected: 2, revocationLists: 2 })
    expect(report.signatures).toMatchObject([
      { by: 'signer', name: '欧阳明月', envelope: 'e-1', problem: null, stampedBy: null, vouchedBy: { isLocal: true } },
      { by: 'organisation', name: '王店镇', envelope: null, problem: null, stampedBy: { isLocal: true } },
    ])
    expect(report.signatures[0]!.at).toBe(report.signatures[1]!.at)
    const said = linesOf(report, null)
      .map(({ zh }) => zh)
      .join('\n')
    for (const words of [
      '欧阳明月 本人签名',
      '王店镇 盖章',
      '应有 2 个签名，找到 2 个',
      '手机短信验证码',
      '不是持牌',
      '不是第三方',
    ])
      expect(said).toContain(words)
  })

  test.each([
    ['one byte of the text', (pdf: Uint8Array) => flipped(pdf, Math.floor(firstEnd / 3)), 'altered'],
    ['the seal', (pdf: Uint8Array) => flipped(pdf, Buffer.from(pdf).lastIndexOf('/Contents') + 400), 'altered'],
    ['its end cut off', (pdf: Uint8Array) => pdf.subarray(0, pdf.length - 300), 'altered'],
    ['the first signature alone', (pdf: Uint8Array) => pdf.subarray(0, firstEnd), 'olderRevision'],
    ['a page behind the seal', (pdf: Uint8Array) => new Uint8Array([...pdf, ...Buffer.from('\n% more\n')]), 'added'],
    [
      'no signature',
      (pdf: Uint8Array) =>
        new Uint8Array(
          Buffer.from(Buffer.from(pdf).toString('latin1').replaceAll('/ByteRange', '/ByteNothing'), 'latin1'),
        ),
      'unsigned',
    ],
    ['no PDF', () => new Uint8Array(Buffer.from('<html>')), 'unreadable'],
    ['nothing', () => new Uint8Array(), 'unreadable'],
  ] as const)('%s', async (_, change, state) => {
    const report = await examineLetter(change(sealed), trust)
    expect(report.state).toBe(state)
    expect(headlineOf(report, { state: 'latest' }).mood).toBe('bad')
  })

  test('of an authority that nobody here trusts', async () => {
    const other = trustOf(await localDesk('王店镇', () => new Date()))
    expect((await examineLetter(sealed, other)).state).toBe('untrusted')
    expect((await examineLetter(sealed, { ...trust, stampRoots: other.stampRoots })).state).toBe('untrusted')
  })

  test('a certificate taken back before it was used, not one taken back later', async () => {
    const { issuer } = desk.authority
    const by = new x509.X509Certificate(issuer.cert)
    const key = await crypto.subtle.importKey(
      'pkcs8',
      x509.PemConverter.decodeFirst(issuer.key),
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['sign'],
    )
    const serialNumber = new x509.X509Certificate(desk.seal.cert).serialNumber
    const listAt = async (revocationDate: Date): Promise<string> => {
      const list = await x509.X509CrlGenerator.create({
        issuer: by.subjectName,
        thisUpdate: new Date(),
        nextUpdate: new Date(Date.now() + 86_400_000),
        entries: [{ serialNumber, revocationDate }],
        signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
        signingKey: key,
      })
      return Buffer.from(list.rawData).toString('base64')
    }
    const state = async (at: Date) =>
      (await examineLetter(sealed, { ...trust, revocationLists: [await listAt(at)] })).state
    expect(await state(new Date(Date.now() - 3_600_000))).toBe('certificateRevoked')
    expect(await state(new Date(Date.now() + 3_600_000))).toBe('holds')
  })

  test('a revoked or superseded letter is genuine and yet no good one', async () => {
    const report = await examineLetter(sealed, trust)
    const at = '2026-11-20T04:00:00.000Z'
    expect(headlineOf(report, null).mood).toBe('good')
    expect(headlineOf(report, { state: 'revoked', at })).toMatchObject({
      mood: 'bad',
      zh: expect.stringContaining('撤销'),
    })
    expect(headlineOf(report, { state: 'superseded', at }).zh).toContain('取代')
    expect(headlineOf(report, { state: 'older' }).mood).toBe('bad')
    expect(linesOf(report, { state: 'revoked', at }).some(({ zh }) => zh.includes('2026-11-20 12:00:00'))).toBe(true)
  })
})

function flipped(pdf: Uint8Array, at: number): Uint8Array {
  const altered = Uint8Array.from(pdf)
  altered.fill(altered[at] === 0x30 ? 0x31 : 0x30, at, at + 1)
  return altered
}
