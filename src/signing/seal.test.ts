import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Letter } from './letters/blocks.ts'
import { Printers } from './letters/render.ts'
import { finishLetter, localDesk, makePhoneKey, prepareLetter, type Prepared, type SealingDesk } from './pipeline.ts'
import { readPdfProof } from './proof/pdf.ts'
import { addSigner } from './seal/pdf.ts'
import { stampDigest, type StampAuthority } from './stamp/client.ts'
import { stampLocally } from './stamp/local.ts'

const printers = new Printers(1)
const now = (): Date => new Date()
let desk: SealingDesk
let prepared: Prepared
let signature: Uint8Array
let sealed: Uint8Array

const letter = (name: string): Letter => ({
  title: '出租房屋消防安全承诺书',
  number: '王消承〔2026〕12号',
  issuer: '秀洲区王店镇人民政府',
  date: [2026, 11, 21],
  dated: '2026年11月21日',
  footer: '编号 330411-12',
  blocks: [
    { kind: 'paragraph', text: `本人${name}自愿承诺：#read("/etc/passwd") $x$ = @ref` },
    { kind: 'clauses', items: ['不私拉乱接电线。', '不在楼道给电动自行车充电。'], sub: false },
    { kind: 'table', columns: ['项目', '数量'], rows: [['灭火器', '2']] },
  ],
  parties: [
    {
      role: '承诺人',
      name,
      lines: ['短信验证'],
      strokes: [
        [
          [0.1, 0.5],
          [0.8, 0.7],
        ],
      ],
      typed: '',
      seal: null,
    },
    { role: '见证单位', name: '王店镇', lines: [], strokes: null, typed: '', seal: '王店镇人民政府' },
  ],
  evidence: JSON.stringify({ envelope: '12' }),
})
const envelope = (name: string, spki: Uint8Array<ArrayBuffer>) => ({
  letter: letter(name),
  envelope: 'e-12',
  signer: { name, spki },
})
const proofOf = (pdf: Uint8Array, of: SealingDesk = desk) =>
  readPdfProof(pdf, { roots: of.roots, stampRoots: of.roots, expected: 2 })

beforeAll(async () => {
  desk = await localDesk('秀洲区王店镇人民政府', now)
  const phone = await makePhoneKey()
  prepared = await prepareLetter(desk, printers, envelope('张伟,O=evil', phone.spki))
  signature = await phone.sign(prepared.attributes)
  sealed = (await finishLetter(desk, prepared, signature)).pdf
})
afterAll(() => printers.stop())

describe('a letter signed and sealed', () => {
  test('holds: two signatures, the name as it is written, a time, the whole file', async () => {
    const proof = await proofOf(sealed)
    expect(proof.whole).toBe(true)
    const names = proof.signatures.map(({ cms }) => cms.signer.subjectName.getField('CN'))
    expect(names).toEqual([['张伟,O=evil'], ['秀洲区王店镇人民政府']])
    expect(proof.signatures[1]?.stamp?.by).toContain('时间戳')
    expect(Math.abs(proof.signatures[1]!.stamp!.at.getTime() - Date.now())).toBeLessThan(60_000)
  })

  test('is found out where one byte differs, in the text, in a signature or in the stamp', async () => {
    const { signatures } = await proofOf(sealed)
    const inText = Math.floor(signatures[0]!.end / 3)
    const inSeal = Buffer.from(sealed).lastIndexOf('/Contents') + 400
    for (const at of [inText, inSeal]) {
      const altered = Uint8Array.from(sealed)
      altered.fill(altered[at] === 0x30 ? 0x31 : 0x30, at, at + 1)
      await expect(proofOf(altered)).rejects.toThrow()
    }
  })

  test('cut back to its first signature is an older revision, not valid', async () => {
    const { signatures } = await proofOf(sealed)
    const cut = sealed.subarray(0, signatures[0]!.end)
    await expect(proofOf(cut)).rejects.toMatchObject({ code: 'older_revision' })
  })

  test('with something added behind the seal is not whole any more', async () => {
    const longer = new Uint8Array([...sealed, ...Buffer.from('\n% added\n')])
    expect((await proofOf(longer)).whole).toBe(false)
  })

  test('of another authority is not trusted', async () => {
    const other = await localDesk('秀洲区王店镇人民政府', now)
    await expect(proofOf(sealed, other)).rejects.toMatchObject({ code: 'untrusted' })
  })
})

describe('what must not get into a document', () => {
  test('a signature of another phone, and one over another document', async () => {
    const stranger = await makePhoneKey()
    await expect(
      addSigner(prepared, prepared.part.certificate, await stranger.sign(prepared.attributes)),
    ).rejects.toMatchObject({
      code: 'signature',
    })
    const phone = await makePhoneKey()
    const other = await prepareLetter(desk, printers, envelope('李四', phone.spki))
    await expect(addSigner(other, other.part.certificate, signature)).rejects.toMatchObject({ code: 'signature' })
  })

  test('the same letter at the same instant is the same document', async () => {
    const at = new Date(1_790_000_000_000)
    const [one, other] = await Promise.all([printers.print(letter('张伟'), at), printers.print(letter('张伟'), at)])
    expect(Buffer.compare(one, other)).toBe(0)
  })

  test('a character that no font has', async () => {
    await expect(printers.print(letter('\u{2A6D7}'), now())).rejects.toThrow()
  })
})

describe('time stamps', () => {
  const authority = (change: Partial<StampAuthority>): StampAuthority => ({ ...desk.stampers[0]!, ...change })
  const ask = (request: Uint8Array, at = now()) =>
    stampLocally(desk.authority.stamper, desk.authority.issuer, request, at)
  const stamped = (...stampers: StampAuthority[]) => finishLetter({ ...desk, stampers }, prepared, signature)

  test('of an authority that is down, lies about the document, repeats an old answer or is an hour off are refused', async () => {
    let first: Uint8Array | undefined
    const down = authority({ ask: () => Promise.reject(new Error('down')) })
    const replays = authority({ ask: async (request) => (first ??= await ask(request)) })
    const early = authority({ ask: (request) => ask(request, new Date(Date.now() - 3_600_000)) })
    const lies = authority({
      async ask(request) {
        const other = Uint8Array.from(request)
        const at = Buffer.from(other).indexOf(Buffer.from([0x04, 0x20])) + 2
        other[at] = other[at]! ^ 1
        return ask(other)
      },
    })
    await expect(stamped(down)).rejects.toThrow('down')
    await expect(stamped(lies)).rejects.toMatchObject({ code: 'altered' })
    await expect(stamped(early)).rejects.toMatchObject({ code: 'stamp_clock' })
    const digest = new Uint8Array(32)
    await stampDigest([replays], digest, now)
    await expect(stampDigest([replays], digest, now)).rejects.toMatchObject({ code: 'stamp_replayed' })
    await expect(stamped()).rejects.toMatchObject({ code: 'stamp_refused' })
  })

  test('come from the next authority where the first fails', async () => {
    const down = authority({ name: 'first', ask: () => Promise.reject(new Error('down')) })
    const { stamp } = await stamped(down, authority({ name: 'second' }))
    expect(stamp.authority).toBe('second')
  })
})
