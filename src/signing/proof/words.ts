import type { ExaminedSignature, LetterReport, LetterState } from './examine.ts'

/** One thing that was found, in a sentence of either language. `note` neither speaks for the letter nor against it. */
export interface LetterLine {
  readonly mood: 'good' | 'bad' | 'note'
  readonly zh: string
  readonly en: string
}

/** What the house that issued a letter says of it now; nothing of it stands in the file. */
export interface LetterStanding {
  readonly state: 'latest' | 'older' | 'revoked' | 'superseded' | 'unknown'
  /** When it was revoked or superseded. */
  readonly at?: string | null
  /** Whether what is kept about the signing still is what the ledger committed to. */
  readonly evidence?: 'intact' | 'changed' | 'none'
}

type Words = readonly [zh: string, en: string]
const line = (mood: LetterLine['mood'], [zh, en]: Words): LetterLine => ({ mood, zh, en })

const headlines: Record<LetterState, Words> = {
  holds: ['签名真实，内容未被改动', 'The signatures are genuine and nothing was changed'],
  olderRevision: ['这是签署过程中较早的版本，不是签完的文书', 'An older revision: this is not the finished letter'],
  added: ['盖章之后文件被加了内容，不能作为原件', 'Something was added after the seal: this is not the original'],
  altered: ['文件被改动过或已损坏', 'The file was altered or is damaged'],
  untrusted: ['签名证书不是这里认可的机构签发的', 'A certificate comes from nobody who is trusted here'],
  certificateRevoked: ['签名时所用的证书已被吊销', 'A certificate had been revoked when it was used'],
  badStamp: ['时间戳不成立', 'The time stamp does not hold'],
  unsigned: ['这个 PDF 没有电子签名', 'This PDF carries no electronic signature'],
  unreadable: ['这不是 PDF 文件', 'This is not a PDF file'],
}
const standings: Record<LetterStanding['state'], Words | null> = {
  latest: null,
  older: headlines.olderRevision,
  revoked: ['签名真实，但这份文书已被撤销', 'Genuine, but this letter has been revoked'],
  superseded: ['签名真实，但这份文书已被新的文书取代', 'Genuine, but a newer letter has replaced this one'],
  unknown: null,
}

const changedEvidence: Words = [
  '签名真实，但签发单位保存的签署过程与账本对不上',
  'Genuine, but what the issuer keeps about the signing does not match the ledger',
]

/** The one sentence over everything. A revoked letter is not a good one, however genuine. */
export function headlineOf(report: LetterReport, standing: LetterStanding | null): LetterLine {
  const changed: Words | null = standing?.evidence === 'changed' ? changedEvidence : null
  const worse = report.state === 'holds' && standing ? (standings[standing.state] ?? changed) : null
  return line(report.state === 'holds' && !worse ? 'good' : 'bad', worse ?? headlines[report.state])
}

const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
})
/** 2026-11-21 21:14:20, in China. */
const told = (at: string): string => clock.format(new Date(at))

const problems: Record<NonNullable<ExaminedSignature['problem']>, Words> = {
  altered: ['签名与内容对不上：被改动过', 'the signature does not fit the content: it was altered'],
  untrusted: ['没有受认可的机构为这张证书担保', 'nobody who is trusted vouches for the certificate'],
  revoked: ['证书在签名之前已被吊销', 'the certificate had been revoked before'],
  stamp: ['时间戳不成立', 'the time stamp does not hold'],
}

function signatureLine(one: ExaminedSignature): LetterLine {
  const who: Words =
    one.by === 'signer'
      ? [`${one.name || '某人'} 本人签名`, `Signed by ${one.name || 'somebody'}`]
      : [`${one.name} 盖章`, `Sealed by ${one.name}`]
  if (one.problem) {
    const [zh, en] = problems[one.problem]
    return line('bad', [`${who[0]}：${zh}`, `${who[1]}: ${en}`])
  }
  const when: Words = one.at
    ? one.stampedBy
      ? [`，时间 ${told(one.at)}（北京时间）`, ` at ${told(one.at)} (Beijing)`]
      : [`，不晚于 ${told(one.at)}（北京时间）`, `, not later than ${told(one.at)} (Beijing)`]
    : ['，没有时间证明', ', with no proof of when']
  return line(one.at ? 'good' : 'note', [who[0] + when[0], who[1] + when[1]])
}

/** Whose word everything rests on; what the house vouches for itself is said so. */
function authorityLines({ signatures }: LetterReport): LetterLine[] {
  const lines = new Map<string, LetterLine>()
  for (const { vouchedBy, stampedBy } of signatures) {
    if (vouchedBy)
      lines.set(
        `c${vouchedBy.name}`,
        vouchedBy.isLocal
          ? line('note', [
              `证书由本系统自己的“${vouchedBy.name}”签发，不是持牌的电子认证机构。`,
              `The certificates are the installation’s own (${vouchedBy.name}), not a licensed provider’s.`,
            ])
          : line('good', [`证书由${vouchedBy.name}签发。`, `The certificates come from ${vouchedBy.name}.`]),
      )
    if (stampedBy)
      lines.set(
        `t${stampedBy.name}`,
        stampedBy.isLocal
          ? line('note', [
              `时间由本系统自己的“${stampedBy.name}”证明，不是第三方时间戳。`,
              `The time is the installation’s own word (${stampedBy.name}), not a third party’s.`,
            ])
          : line('good', [`时间由${stampedBy.name}证明。`, `The time is vouched for by ${stampedBy.name}.`]),
      )
  }
  return [...lines.values()]
}

const checks: Record<string, Words> = {
  phone: ['手机短信验证码', 'a code sent to the phone'],
  registry: ['姓名、身份证号与登记信息比对', 'name and ID number held against the registry'],
  face: ['人脸核验', 'face verification'],
  door: ['工作人员上门见证', 'a member of staff as witness'],
  guardian: ['监护人代签', 'a guardian'],
}

function identityLines(evidence: LetterReport['evidence']): LetterLine[] {
  const named = evidence?.['checks'] ?? [evidence?.['identityLevel']]
  if (!Array.isArray(named) || named.length === 0) return []
  const known = [...new Set(named)].flatMap((one) => (typeof one === 'string' && checks[one] ? [checks[one]] : []))
  if (known.length === 0) return []
  return [
    line('note', [
      `签署人身份核验方式：${known.map(([zh]) => zh).join('、')}。`,
      `Who signed was checked by: ${known.map(([, en]) => en).join(', ')}.`,
    ]),
  ]
}

function countLine({ signatures, expected, state }: LetterReport): LetterLine[] {
  if (signatures.length === 0) return []
  const found = signatures.length
  if (expected === null)
    return [
      line(state === 'olderRevision' ? 'bad' : 'note', [
        `找到 ${found} 个签名；文件没有写明应有几个。`,
        `${found} signatures found; the file does not say how many there should be.`,
      ]),
    ]
  return [
    line(found < expected ? 'bad' : 'good', [
      `应有 ${expected} 个签名，找到 ${found} 个。`,
      `${expected} signatures are expected, ${found} found.`,
    ]),
  ]
}

function standingLines(standing: LetterStanding | null): LetterLine[] {
  if (!standing) return []
  const day = standing.at ? told(standing.at) : ''
  const said: Record<LetterStanding['state'], LetterLine> = {
    latest: line('good', [
      '签发单位的登记里，这就是最新、有效的版本。',
      'The issuer’s records say that this is the latest version, in force.',
    ]),
    older: line('bad', [
      '签发单位的登记里，这是签完之前的版本。',
      'The issuer’s records say that this is from before it was finished.',
    ]),
    revoked: line('bad', [`签发单位已于 ${day} 撤销这份文书。`, `The issuer revoked this letter at ${day}.`]),
    superseded: line('bad', [`这份文书已于 ${day} 被新的文书取代。`, `A newer letter replaced this one at ${day}.`]),
    unknown: line('note', ['签发单位的登记里没有这份文件。', 'The issuer’s records have no such file.']),
  }
  const intact = line('good', ['签署过程的记录与账本一致。', 'The record of its signing matches the ledger.'])
  const evidence = { intact: [intact], changed: [line('bad', changedEvidence)], none: [] }
  return [said[standing.state], ...evidence[standing.evidence ?? 'none']]
}

/** Everything found, in the order in which a reader asks. */
export const linesOf = (report: LetterReport, standing: LetterStanding | null): LetterLine[] => [
  ...report.signatures.map(signatureLine),
  ...countLine(report),
  ...identityLines(report.evidence),
  ...standingLines(standing),
  ...authorityLines(report),
  ...(report.revocationLists > 0
    ? [
        line('note', [
          `查对了 ${report.revocationLists} 份证书吊销列表。`,
          `${report.revocationLists} lists of revoked certificates were looked into.`,
        ]),
      ]
    : []),
]
