import { readFileSync } from 'node:fs'
import { x509 } from '../../kernel/x509.ts'
import type { ZipPart } from '../../kernel/sheet-zip.ts'
import { headText, type Proof } from '../../ledger/index.ts'
import { bytesOf, readCms } from '../proof/cms.ts'
import { eventText, chainHashes, type EvidenceEvent } from '../proof/evidence.ts'
import { examineLetter } from '../proof/examine.ts'
import { vouchersIn } from '../proof/inside.ts'
import { findSignatures, readPdfProof } from '../proof/pdf.ts'
import { headlineOf, linesOf, type LetterStanding } from '../proof/words.ts'
import type { Trust } from '../verify/contract.ts'

export interface LetterEvidence {
  readonly title: string
  readonly pdf: Uint8Array
  readonly events: readonly EvidenceEvent[]
  readonly proofs: readonly Proof[]
  readonly trust: Trust
  readonly standing: LetterStanding
  /** The page that checks without a network; null where the pages were not built. */
  readonly page: string | null
}

const script = readFileSync(new URL('verify.sh', import.meta.url), 'utf8')
const part = (name: string, content: string | Uint8Array): ZipPart => ({ name, content: [content] })
const pem = (label: string, der: Uint8Array): string => x509.PemConverter.encode(bytesOf(der), label)

/** On which side each hash of an inclusion path stands (RFC 9162 2.1.3.2), one line each for the script. */
function pathLines({ leaf_index: index, tree_size: size, audit_path: path }: Proof): string {
  let [fn, sn] = [index, size - 1]
  return path
    .map((hash) => {
      const isLeft = fn % 2 === 1 || fn === sn
      while (isLeft && fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
      ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
      return `${isLeft ? 'L' : 'R'} ${Buffer.from(hash, 'hex').toString('base64')}\n`
    })
    .join('')
}

async function signatureParts({ pdf, trust }: LetterEvidence): Promise<ZipPart[]> {
  const certificates = (roots: Trust['roots']) => roots.map((root) => new x509.X509Certificate(root.certificate))
  const proof = await readPdfProof(pdf, {
    roots: certificates(trust.roots),
    stampRoots: certificates(trust.stampRoots),
  })
  const found = findSignatures(pdf)
  const lines: string[] = []
  const parts: ZipPart[] = []
  for (const [i, { first, from, end, signed, contents }] of found.entries()) {
    const { signature, timeStampToken: token } = await readCms(contents, signed)
    const der = Buffer.from(contents)
    const dated = proof.signatures.slice(i).find(({ stamp }) => stamp)!
    const at = Math.floor(dated.stamp!.at.getTime() / 1000)
    const places = [der.indexOf(signature), signature.length, token ? der.indexOf(token) : 0, token?.length ?? 0]
    lines.push([i + 1, first, from, end - from, at, ...places].join(' '))
    parts.push(part(`signatures/${i + 1}.p7s`, contents))
  }
  return [part('signatures/list.txt', `${lines.join('\n')}\n`), ...parts]
}

async function certificateParts({ pdf, trust }: LetterEvidence): Promise<ZipPart[]> {
  const { certificates, revocationLists } = await vouchersIn(pdf)
  const roots = new Set([...trust.roots, ...trust.stampRoots].map((root) => `${root.certificate.trim()}\n`))
  return [
    part('certificates/root.pem', [...roots].join('')),
    part('certificates/chain.pem', certificates.map((der) => `${pem('CERTIFICATE', der)}\n`).join('')),
    part('certificates/revoked.pem', revocationLists.map((der) => `${pem('X509 CRL', der)}\n`).join('')),
  ]
}

async function eventParts({ events }: LetterEvidence): Promise<ZipPart[]> {
  const hashes = ['0'.repeat(64), ...(await chainHashes(events))]
  return events.map((event, i) =>
    part(`evidence/${String(i + 1).padStart(4, '0')}.json`, eventText({ ...event, previous: hashes[i]! })),
  )
}

function ledgerParts({ proofs }: LetterEvidence): ZipPart[] {
  const [first] = proofs
  if (!first) return []
  const { head } = first
  return [
    part('ledger/proofs.json', JSON.stringify(proofs, null, 2)),
    part('ledger/head.txt', headText(head)),
    part('ledger/head.sig', Buffer.from(head.signature, 'base64')),
    part('ledger/key.pem', `${pem('PUBLIC KEY', Buffer.from(head.public_key, 'base64'))}\n`),
    ...proofs.flatMap((proof, i) => [
      part(`ledger/${i + 1}.leaf`, Buffer.from(proof.leaf, 'base64')),
      part(`ledger/${i + 1}.path`, pathLines(proof)),
    ]),
  ]
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** For whoever opens the package without knowing any of it. */
async function explanation({ title, pdf, trust, standing }: LetterEvidence): Promise<string> {
  const report = await examineLetter(pdf, trust)
  const found = linesOf(report, standing).map(
    ({ zh, en }) => `<li>${escaped(zh)}<br><small>${escaped(en)}</small></li>`,
  )
  const files = [
    ['document.pdf', '签好的文书原件'],
    ['verify.sh', '核对脚本：只用 openssl、qpdf、pdfsig、node 这些通用工具，运行 sh verify.sh'],
    ['verify-offline.html', '不联网核对用的网页，用浏览器打开后选择 document.pdf'],
    ['signatures/', '从文书里取出的每个电子签名和时间戳（CMS、RFC 3161）'],
    ['certificates/', '根证书、签发证书和吊销列表'],
    ['evidence/', '签署过程的每一步，每一步都锁住前一步的指纹'],
    ['ledger/', '上面这些写进账本的证明，以及签过名的账本首部（RFC 9162）'],
  ].map(([name, what]) => `<tr><td><code>${name}</code></td><td>${what}</td></tr>`)
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>${escaped(title)} · 存证说明</title>
<style>body{max-width:46em;margin:2em auto;padding:0 1em;font:16px/1.7 sans-serif}td{padding:.2em 1em .2em 0;vertical-align:top}small{color:#566473}code{overflow-wrap:anywhere}</style>
<h1>${escaped(title)}</h1><p><strong>${escaped(headlineOf(report, standing).zh)}</strong></p><ul>${found.join('')}</ul>
<p>SHA-256 <code>${report.sha256}</code></p><h2>包里有什么</h2><table>${files.join('')}</table>
<h2>怎样核对</h2><p>在有 openssl 3 的电脑上运行 <code>sh verify.sh</code>，每一项都会说明成立还是不成立。
根证书 certificates/root.pem 应与签发单位在别处公布的指纹一致；也可以用 <code>sh verify.sh 您得到的根证书.pem</code>。</p></html>
`
}

/** All that a court needs to check one letter without its issuer, as the parts of one archive. */
export async function packageParts(letter: LetterEvidence): Promise<ZipPart[]> {
  return [
    part('说明.html', await explanation(letter)),
    part('document.pdf', letter.pdf),
    part('verify.sh', script),
    ...(letter.page === null ? [] : [part('verify-offline.html', letter.page)]),
    ...(await signatureParts(letter)),
    ...(await certificateParts(letter)),
    ...(await eventParts(letter)),
    ...ledgerParts(letter),
  ]
}
