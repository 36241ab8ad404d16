import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Letter } from './letters/blocks.ts'
import { Printers } from './letters/render.ts'
import { sampleValues } from './letters/sample-values.ts'
import { shippedLetters } from './letters/shipped.ts'
import { fillTemplate, templateHash, type LetterTemplate } from './letters/template.ts'
import { finishLetter, localDesk, makePhoneKey, prepareLetter } from './pipeline.ts'
import { readPdfProof } from './proof/pdf.ts'

const ORGANISATION = '秀洲区王店镇人民政府（样例）'

/** One shipped letter filled with invented values. */
export function sampleLetter(template: LetterTemplate, number: number, at: Date): Letter {
  const values = sampleValues(template)
  const [year, month, day] = [at.getFullYear(), at.getMonth() + 1, at.getDate()]
  const signers = template.signers.map(({ role, name }, i) => ({
    role,
    name: String(values[name]),
    lines: ['手机短信验证（样例）'],
    strokes: i === 0 ? SAMPLE_STROKES : null,
    typed: i === 0 ? '' : String(values[name]),
    seal: null,
  }))
  const sealing = template.seal
    ? [{ role: template.seal, name: ORGANISATION, lines: [], strokes: null, typed: '', seal: ORGANISATION }]
    : []
  return {
    title: template.title,
    number: `样例〔${year}〕${number}号`,
    issuer: ORGANISATION,
    date: [year, month, day],
    dated: `${year}年${month}月${day}日`,
    footer: '样例文书，不具效力 · 由本机证书和本机时间戳签出',
    blocks: fillTemplate(template, values),
    parties: [...signers, ...sealing],
    evidence: JSON.stringify({
      template: templateHash(template),
      title: template.title,
      signatures: 2,
      identityLevel: 'phone',
      sample: true,
    }),
  }
}

const SAMPLE_STROKES: [number, number][][] = [
  [
    [0.08, 0.3],
    [0.2, 0.28],
    [0.3, 0.25],
  ],
  [
    [0.18, 0.15],
    [0.18, 0.5],
    [0.1, 0.85],
  ],
  [
    [0.45, 0.2],
    [0.6, 0.2],
    [0.62, 0.8],
    [0.45, 0.8],
  ],
  [
    [0.7, 0.5],
    [0.8, 0.4],
    [0.95, 0.75],
  ],
]

export interface Sampled {
  file: string
  code: string
  bytes: number
  sha256: string
}

/**
 * Signs one of every shipped letter through the whole pipeline and writes the PDFs with the root that their verifiers need.
 *
 * Anybody can try their own: `pdfsig -nssdir …`, `qpdf --check`, `openssl cms -verify`.
 */
export async function sampleLetters(folder: string, now: () => Date): Promise<Sampled[]> {
  mkdirSync(folder, { recursive: true })
  const desk = await localDesk(ORGANISATION, now)
  const printers = new Printers(1)
  try {
    const made: Sampled[] = []
    for (const [i, template] of shippedLetters().entries()) {
      const phone = await makePhoneKey()
      const letter = sampleLetter(template, i + 1, now())
      const signer = { name: letter.parties[0]!.name, spki: phone.spki }
      const prepared = await prepareLetter(desk, printers, { letter, envelope: `sample-${template.code}`, signer })
      const { pdf } = await finishLetter(desk, prepared, await phone.sign(prepared.attributes))
      const proof = await readPdfProof(pdf, { roots: desk.roots, stampRoots: desk.roots, expected: 2 })
      const file = `${template.code}.pdf`
      writeFileSync(join(folder, file), pdf)
      made.push({ file, code: template.code, bytes: pdf.length, sha256: proof.sha256 })
    }
    writeFileSync(join(folder, 'root.pem'), desk.authority.root.cert)
    return made
  } finally {
    await printers.stop()
  }
}
