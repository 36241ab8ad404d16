import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { x509 } from '../../kernel/x509.ts'
import { AUTHORITY_FILE } from '../authority/keys.ts'
import { localAuthority, type DeskKeys } from '../desk.ts'
import { examineLetter } from '../proof/examine.ts'
import { headlineOf, linesOf, type LetterLine } from '../proof/words.ts'
import type { Trust } from './contract.ts'

/** Certificates of a PEM file, for signatures and time stamps alike. One that an installation made itself says so in its name. */
export function rootsOf(pem: string): Trust {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  const roots = found.map((certificate) => {
    const name = new x509.X509Certificate(certificate).subjectName.getField('CN')[0] ?? ''
    return { name, certificate, isLocal: name.includes('本地根证书') }
  })
  return { roots, stampRoots: roots, revocationLists: [] }
}

/** What this installation trusts; nobody, where it has never signed. Nothing is made by asking. */
export async function keptTrust(keys: DeskKeys): Promise<Trust> {
  if (!existsSync(join(keys.dataDir, 'secrets', AUTHORITY_FILE))) return rootsOf('')
  return rootsOf((await localAuthority(keys)).root.cert)
}

const marks: Record<LetterLine['mood'], string> = { good: '✓', bad: '✗', note: '·' }

/** A report for a terminal. */
export async function letterLines(pdf: Uint8Array, trust: Trust): Promise<{ lines: string[]; holds: boolean }> {
  const report = await examineLetter(pdf, trust)
  const headline = headlineOf(report, null)
  const found = linesOf(report, null).map(({ mood, zh, en }) => `  ${marks[mood]} ${zh} ${en}`)
  const unknown =
    trust.roots.length === 0
      ? ['  · 这台机器上没有受信任的根证书，请用 --roots 给出。 No root is trusted here; name one with --roots.']
      : []
  const asked =
    '  · 是否已被撤销或取代，要到签发单位的核对页查。 Whether it was revoked or replaced is known to its issuer’s page.'
  const sum = `${headline.mood === 'good' ? 'ok   ' : 'WRONG'}  ${headline.zh} ${headline.en}`
  return { lines: [...found, ...unknown, asked, `    SHA-256 ${report.sha256}`, sum], holds: report.state === 'holds' }
}
