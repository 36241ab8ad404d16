import { verifyProof, fromBase64 } from '../../src/ledger/verify-proof.ts'
import { examineLetter, type TrustList } from '../../src/signing/proof/examine.ts'
import { headlineOf, linesOf, type LetterLine } from '../../src/signing/proof/words.ts'

/*
 * The page that checks letters and proofs without a network: one file, opened from a disk. Whom it trusts stands in it, as it was
 * when the page was made; whether a letter was revoked since cannot be known here, and the page says so.
 */

interface Carried {
  madeAt: string
  trust: TrustList
  /** Public keys of the ledger, SPKI in base64. */
  ledgerKeys: readonly string[]
}

const carried = JSON.parse(document.querySelector('#carried')!.textContent!) as Carried
const result = document.querySelector('#result')!
const marks: Record<LetterLine['mood'], string> = { good: '✓', bad: '✗', note: '·' }

const element = (tag: string, words: string, className = ''): HTMLElement => {
  const made = document.createElement(tag)
  made.textContent = words
  made.className = className
  return made
}

function show(headline: LetterLine, lines: readonly LetterLine[], small: string): void {
  const list = element('ul', '')
  for (const { mood, zh, en } of lines) {
    const item = element('li', '', mood)
    item.append(element('b', marks[mood]), element('span', zh), element('small', en))
    list.append(item)
  }
  const head = element('p', '', `headline ${headline.mood}`)
  head.append(element('strong', headline.zh), element('small', headline.en))
  result.replaceChildren(head, list, element('p', small, 'print'))
}

async function showLetter(bytes: Uint8Array, name: string): Promise<void> {
  const report = await examineLetter(bytes, carried.trust)
  const lines = linesOf(report, null)
  const unknown: LetterLine = {
    mood: 'note',
    zh: `这里不联网，不知道它在 ${carried.madeAt.slice(0, 10)} 之后是否被撤销或取代。`,
    en: `Without a network it is not known whether it was revoked or replaced after ${carried.madeAt.slice(0, 10)}.`,
  }
  show(headlineOf(report, null), [...lines, unknown], `${name} · SHA-256 ${report.sha256}`)
}

const listIn = (value: unknown): unknown[] => {
  const { items, proofs } = (value ?? {}) as { items?: unknown; proofs?: unknown }
  return ([value, items, proofs].find(Array.isArray) as unknown[] | undefined) ?? [value]
}

async function showProofs(text: string, name: string): Promise<void> {
  const proofs = listIn(JSON.parse(text))
  const verdicts = await Promise.all(
    proofs.map((proof) => {
      const brought = (proof as { head?: { public_key?: string } | null } | null)?.head?.public_key
      const key = carried.ledgerKeys.find((one) => one === brought) ?? carried.ledgerKeys[0]
      return verifyProof(proof, (key && fromBase64(key)) || new Uint8Array())
    }),
  )
  const holds = verdicts.length > 0 && verdicts.every((one) => one.holds)
  const headline: LetterLine = holds
    ? { mood: 'good', zh: '核对通过：记录没有被改动', en: 'The proof holds: nothing was changed' }
    : { mood: 'bad', zh: '核对不通过：内容和账本对不上', en: 'The proof fails: this does not match the ledger' }
  const lines = verdicts.flatMap(({ checks }) =>
    checks.map(({ ok, zh, en }): LetterLine => ({ mood: ok ? 'good' : 'bad', zh, en })),
  )
  show(headline, lines, name)
}

async function take(file: File | null | undefined): Promise<void> {
  if (!file) return
  result.replaceChildren(element('p', '正在核对…… Checking…'))
  const bytes = new Uint8Array(await file.arrayBuffer())
  const isText = /^\s*[[{]/.test(new TextDecoder().decode(bytes.subarray(0, 64)))
  try {
    await (isText ? showProofs(new TextDecoder().decode(bytes), file.name) : showLetter(bytes, file.name))
  } catch {
    const headline: LetterLine = { mood: 'bad', zh: '读不了这个文件', en: 'This file cannot be read' }
    show(headline, [], file.name)
  }
}

const input = document.querySelector<HTMLInputElement>('#file')!
input.addEventListener('change', () => void take(input.files?.[0]).finally(() => (input.value = '')))
document.addEventListener('dragover', (event) => event.preventDefault())
document.addEventListener('drop', (event) => {
  event.preventDefault()
  void take(event.dataTransfer?.files[0])
})
for (const { name, certificate, isLocal } of carried.trust.roots) {
  const item = element('li', `${name}${isLocal ? '（本系统自己的证书，不是持牌机构）' : ''}`)
  const der = Uint8Array.from(atob(certificate.replaceAll(/-----[^-]+-----|\s/g, '')), (byte) => byte.charCodeAt(0))
  void crypto.subtle.digest('SHA-256', der).then((hash) => {
    const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
    item.append(element('small', `SHA-256 ${hex}`))
  })
  document.querySelector('#roots')!.append(item)
}
