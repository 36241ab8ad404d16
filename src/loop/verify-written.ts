import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Database } from '../kernel/db.ts'
import { listStraySteps, listWritten, type WrittenRow } from './written-store.ts'

export interface WrittenFinding {
  /** `matter_step <matter> v3` */
  row: string
  zh: string
  en: string
}

export interface WrittenReport {
  steps: number
  /** Steps whose text was forgotten on purpose: form and salt are empty. */
  forgotten: number
  /** At most a hundred; `more` says how many others there are. */
  findings: WrittenFinding[]
  more: number
}

const PAGE = 2000
const FINDINGS_MAX = 100
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'

interface LeafBody {
  commitment?: string
  to?: string
  state?: string
}

/**
 * Holds what people read on a matter's page against what the ledger committed to: each step's words, the state that it led
 * to, and where the matter stands now. Without this a forged text would stand beside a proof that holds.
 */
export async function verifyWritten(db: Database, county: string): Promise<WrittenReport> {
  const report: WrittenReport = { steps: 0, forgotten: 0, findings: [], more: 0 }
  const found = (row: string, zh: string, en: string): void => {
    if (report.findings.length < FINDINGS_MAX) report.findings.push({ row, zh, en })
    else report.more += 1
  }
  for (let after = BEFORE_ALL; ;) {
    const from = after
    const rows = await db.reading(county, (tx) => listWritten(tx, county, from, PAGE))
    for (const row of rows) {
      report.steps += 1
      if (row.salt?.length === 0) report.forgotten += 1
      const problem = problemOf(row)
      if (problem) found(`matter_step ${row.matterId} v${row.version}`, ...problem)
    }
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) break
    after = last.entryId
  }
  for (const { matterId, version } of await db.reading(county, (tx) => listStraySteps(tx, county, FINDINGS_MAX)))
    found(`matter_step ${matterId} v${version}`, '账本里没有这一步', 'the ledger knows no such step')
  return report
}

function problemOf(row: WrittenRow): [zh: string, en: string] | undefined {
  if (row.toState === null || row.salt === null) return ['这一步被删除', 'the step was removed']
  const { body } = JSON.parse(row.bytes.toString('utf8')) as { body: LeafBody }
  if (row.salt.length > 0 && commitmentOf(row) !== body.commitment)
    return ['内容与账本里的承诺值不符', 'what is written is not what the ledger committed to']
  const to = body.to ?? body.state
  if (to !== undefined && to !== row.toState) return ['状态与账本不符', 'it led to another state than the ledger says']
  if (row.state !== null && row.state !== row.toState)
    return ['事项现在的状态与最后一步不符', 'the matter stands in another state than its last step led to']
  return undefined
}

function commitmentOf(row: WrittenRow): string {
  const { text, form, address, longitude, latitude } = row
  const written = row.version === 1 ? { text, form, address, longitude, latitude } : form
  return createHash('sha256')
    .update(row.salt ?? '')
    .update(canonicalize(written) ?? '', 'utf8')
    .digest('hex')
}
