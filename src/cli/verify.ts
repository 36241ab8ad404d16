import { verifyDiary } from '../duty/index.ts'
import { hasSecret, secretOf, type Config } from '../kernel/config.ts'
import { makeVault } from '../kernel/crypto.ts'
import type { Database } from '../kernel/db.ts'
import { verifyLedger } from '../ledger/index.ts'
import { verifyWritten } from '../loop/index.ts'

interface Checking {
  config: Config
  db: Database
  say(line: string): void
}

/** What was found where people read, held against the ledger. */
interface Written {
  findings: readonly { row: string; zh: string; en: string }[]
  more: number
  forgotten: number
}

/** A line that grows on a terminal; nothing where the output is kept. */
const showProgress = (code: string) => (leaves: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${code}: ${leaves}\r`)
}

/** Checks the ledger of a county, then what people read against it, and says what was found. @returns whether all holds. */
export async function verifyCounty(checking: Checking, code: string): Promise<boolean> {
  const { config, db, say } = checking
  const report = await verifyLedger(db, code, { dataDir: config.dataDir, progress: showProgress(code) })
  for (const finding of report.findings) say(`WRONG  ${finding.row}: ${finding.zh} ${finding.en}`)
  if (report.more > 0) say(`…… ${report.more}`)
  const { keys, heads } = report.anchors
  say(`${report.holds ? 'ok   ' : 'WRONG'}  ${code}: ${report.leaves} leaves, ${report.heads} heads`)
  say(
    keys + heads > 0
      ? `       对照了本机的 ${keys} 把公钥、${heads} 个保存的账本头。 Held to ${keys} keys and ${heads} heads kept outside the database.`
      : '       这台机器上没有可对照的公钥和账本头，只核验了数据库自身。 Nothing outside the database to hold it to.',
  )
  const written = await verifyWritten(db, code)
  const isWritten = saysAs(say, code, `${written.steps} steps of matters`, written)
  const isKept = await verifyDiaryOf(checking, code)
  return report.holds && isWritten && isKept
}

/** The words of the diary are sealed: they are held to the ledger where the key that opens them lies. */
async function verifyDiaryOf({ config, db, say }: Checking, code: string): Promise<boolean> {
  if (!hasSecret(config.dataDir, 'master-key')) {
    say(
      '       这台机器上没有主密钥，民情日记的内容没有核验。 No master key here: the words of the diary were not checked.',
    )
    return true
  }
  const diary = await verifyDiary(db, makeVault(secretOf(config.dataDir, 'master-key')), code)
  return saysAs(say, code, `${diary.entries} records of the diary`, diary)
}

function saysAs(
  say: (line: string) => void,
  code: string,
  what: string,
  { findings, more, forgotten }: Written,
): boolean {
  for (const finding of findings) say(`WRONG  ${finding.row}: ${finding.zh} ${finding.en}`)
  if (more > 0) say(`…… ${more}`)
  const holds = findings.length === 0
  say(`${holds ? 'ok   ' : 'WRONG'}  ${code}: ${what}${forgotten > 0 ? `, ${forgotten} forgotten` : ''}`)
  return holds
}
