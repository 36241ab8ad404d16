import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { withClient } from '../../src/kernel/postgres-logins.ts'
import type { Acknowledged } from './load.ts'

export interface Reckoning {
  readonly acknowledged: number
  /** Acknowledged but not there. */
  readonly lost: string[]
  /** There more than once: two matters of one number, two first entries, two leaves of one entry. */
  readonly twice: string[]
  /** There, but not in the sealed log. */
  readonly unsealed: string[]
  /** Matters of the load beyond those acknowledged. */
  readonly surplus: number
}

/** Compares what clients were told with what the database holds. */
export async function reckon(
  superuserUrl: string,
  acknowledged: readonly Acknowledged[],
  before: number,
): Promise<Reckoning> {
  const url = new URL(superuserUrl)
  url.pathname = '/tongxin'
  return withClient(url.href, async (client) => {
    const ids = acknowledged.map(({ id }) => id)
    const { rows } = await client.query<{ id: string; matters: number; entries: number; leaves: number }>(
      `select i.id, (select count(*)::int from matter m where m.county = '330411' and m.id = i.id) as matters,
         (select count(*)::int from ledger_entry e where e.county = '330411' and e.subject_id = i.id and e.subject_version = 1) as entries,
         (select count(*)::int from ledger_entry e join ledger_leaf l on l.county = e.county and l.entry = e.id
          where e.county = '330411' and e.subject_id = i.id and e.subject_version = 1) as leaves
       from unnest($1::uuid[]) i (id)`,
      [ids],
    )
    const { rows: totals } = await client.query<{ n: number }>(
      "select count(*)::int as n from matter where county = '330411'",
    )
    const numbers = new Set(acknowledged.map(({ number }) => number))
    const sameNumber =
      numbers.size === acknowledged.length ? [] : [`${acknowledged.length - numbers.size} numbers given twice`]
    return {
      acknowledged: ids.length,
      lost: rows.filter(({ matters, entries }) => matters === 0 || entries === 0).map(({ id }) => id),
      twice: [
        ...sameNumber,
        ...rows.filter(({ matters, entries, leaves }) => matters > 1 || entries > 1 || leaves > 1).map(({ id }) => id),
      ],
      unsealed: rows.filter(({ leaves }) => leaves === 0).map(({ id }) => id),
      surplus: (totals[0]?.n ?? 0) - before - ids.length,
    }
  })
}

export async function countMatters(superuserUrl: string): Promise<number> {
  const url = new URL(superuserUrl)
  url.pathname = '/tongxin'
  return withClient(
    url.href,
    async (client) =>
      (await client.query("select count(*)::int as n from matter where county = '330411'")).rows[0].n as number,
  )
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Keeps the result of a rehearsal beside the benchmarks, with the commit it was made on. */
export function keepResult(name: string, result: object): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  const folder = `${root}/bench/results`
  mkdirSync(folder, { recursive: true })
  const kept = {
    rehearsal: name,
    commit,
    at: new Date().toISOString(),
    node: process.version,
    cores: cpus().length,
    ...result,
  }
  writeFileSync(`${folder}/${name}.json`, `${JSON.stringify(kept, null, 2)}\n`)
}
