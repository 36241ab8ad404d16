import { isDeepStrictEqual } from 'node:util'
import canonicalize from 'canonicalize'
import type { Vault } from '../../kernel/crypto.ts'
import type { Database } from '../../kernel/db.ts'
import { forgottenBefore, listDiaryWritten, listStrayVersions, type DiaryWrittenRow } from './verify-store.ts'

interface DiaryFinding {
  /** `diary_version <diary> v2` */
  row: string
  zh: string
  en: string
}

export interface DiaryReport {
  /** Wordings and reasons for looking behind the mask that were held against the ledger. */
  entries: number
  /** Wordings whose time of keeping was over: words and salt are gone. */
  forgotten: number
  /** At most a hundred; `more` says how many others there are. */
  findings: DiaryFinding[]
  more: number
}

const PAGE = 2_000
const FINDINGS_MAX = 100
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'

interface LeafBody {
  commitment?: string
  kind?: string
  done?: boolean
  followUpOn?: string | null
  metOn?: string
  matterId?: string
}
type Problem = [zh: string, en: string]

/**
 * Holds the diary that people read against what the ledger committed to: each wording, what was ticked with it, the case it
 * became, and why somebody looked behind its mask. Words are sealed, so it wants the vault of the installation.
 */
export async function verifyDiary(db: Database, vault: Vault, county: string): Promise<DiaryReport> {
  const report: DiaryReport = { entries: 0, forgotten: 0, findings: [], more: 0 }
  const found = (row: string, zh: string, en: string): void => {
    if (report.findings.length < FINDINGS_MAX) report.findings.push({ row, zh, en })
    else report.more += 1
  }
  const gone = await db.reading(county, (tx) => forgottenBefore(tx, county))
  for (let after = BEFORE_ALL; ;) {
    const from = after
    const rows = await db.reading(county, (tx) => listDiaryWritten(tx, county, from, PAGE))
    for (const row of rows) {
      report.entries += 1
      if (isWording(row) && row.salt === null && row.kind !== null) report.forgotten += 1
      const problem = problemOf(row, gone, (sealed) => vault.open(county, sealed), vault)
      const table = row.event === 'diary.unmasked' ? 'diary_unmasking' : 'diary_version'
      if (problem) found(`${table} ${row.subjectId} v${row.version}`, ...problem)
    }
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) break
    after = last.entryId
  }
  for (const { id, version } of await db.reading(county, (tx) => listStrayVersions(tx, county, FINDINGS_MAX)))
    found(`diary_version ${id} v${version}`, '账本里没有这一版', 'the ledger knows no such wording')
  return report
}

const isWording = ({ event }: DiaryWrittenRow): boolean => event === 'diary.written' || event === 'diary.corrected'

type Open = (sealed: Buffer) => string

function problemOf(row: DiaryWrittenRow, gone: Date | null, open: Open, vault: Vault): Problem | undefined {
  const { body } = JSON.parse(row.bytes.toString('utf8')) as { body: LeafBody }
  if (row.event === 'diary.unmasked') return problemOfReason(row, body, vault)
  if (row.event === 'diary.filed') {
    if (row.matterId === body.matterId) return undefined
    return ['日记转成的办件与账本不符', 'it became another case than the ledger says']
  }
  return problemOfWording(row, body, gone, open, vault)
}

function problemOfReason({ reason, reasonSalt }: DiaryWrittenRow, body: LeafBody, vault: Vault): Problem | undefined {
  if (reason === null || reasonSalt === null)
    return ['查看原文的记录被删除', 'the note of who looked behind the mask was removed']
  if (vault.commitment(reasonSalt, canonicalize({ reason }) ?? '').toString('hex') === body.commitment) return undefined
  return ['查看原文的理由与账本里的承诺值不符', 'the reason given is not the one the ledger committed to']
}

function problemOfWording(
  row: DiaryWrittenRow,
  body: LeafBody,
  gone: Date | null,
  open: Open,
  vault: Vault,
): Problem | undefined {
  if (row.kind === null || row.writtenAt === null) return ['这一版日记被删除', 'the wording was removed']
  const ticked = row.kind === body.kind && row.done === body.done && row.followUpOn === (body.followUpOn ?? null)
  if (!ticked || (body.metOn !== undefined && body.metOn !== row.metOn))
    return ['分类、日期或办结标记与账本不符', 'kind, day or mark differ from what the ledger says']
  if (row.wordsSealed === null || row.salt === null) {
    if (gone && row.writtenAt < gone) return undefined
    return ['内容在保存期满前被删除', 'the words were deleted before their time was over']
  }
  const words = wordsOf(row.wordsSealed, open)
  if (!words) return ['内容被改动，打不开', 'the words were changed and cannot be opened']
  if (vault.commitment(row.salt, canonicalize(words) ?? '').toString('hex') !== body.commitment)
    return ['内容与账本里的承诺值不符', 'what is written is not what the ledger committed to']
  if (!row.isNewest) return undefined
  const standing = row.standingSealed && wordsOf(row.standingSealed, open)
  if (standing && isDeepStrictEqual(standing, withoutReason(words))) return undefined
  return ['日记现在的内容与最后一版不符', 'the diary shows other words than its newest wording']
}

function wordsOf(sealed: Buffer, open: Open): Record<string, unknown> | undefined {
  try {
    return JSON.parse(open(sealed)) as Record<string, unknown>
  } catch {
    // Bytes that nobody sealed: exactly what is looked for.
    return undefined
  }
}

const withoutReason = ({ reason: _reason, ...words }: Record<string, unknown>): Record<string, unknown> => words
