import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { countiesOf } from '../kernel/app.ts'
import { readCatalogue, type Catalogue } from '../kernel/catalogue.ts'
import type { Config } from '../kernel/config.ts'
import { openDatabase } from '../kernel/db.ts'
import { watchDisk } from '../kernel/disk.ts'
import { silentLog } from '../kernel/log.ts'
import { readMigrations } from '../kernel/migrate.ts'
import { requireDurable, withClient } from '../kernel/postgres-logins.ts'
import { dumpDifferences, dumpSchema } from '../kernel/schema-dump.ts'
import { readQueue } from './store.ts'

/** One thing looked at: what is well says so too, for a check that saw nothing has proved nothing. */
export interface Diagnosis {
  readonly what: string
  readonly well: boolean
  readonly words: string
}

const committedSchema = fileURLToPath(new URL('../../db/schema.sql', import.meta.url))
const REFUSED = '42501'
const clockSecondsMost = 2
const sealSecondsMost = 60
const jobSecondsMost = 600
const GiB = 1024 ** 3

/** Looks at everything that goes wrong silently. */
export async function examine(config: Config, urls: { ownerUrl: string; appUrl: string }): Promise<Diagnosis[]> {
  const found: Diagnosis[] = []
  const look = async (what: string, work: () => Promise<string>): Promise<void> => {
    try {
      found.push({ what, well: true, words: await work() })
    } catch (error) {
      found.push({ what, well: false, words: (error as Error).message })
    }
  }
  const catalogue = await withClient(urls.ownerUrl, readCatalogue)
  await look('durability', async () => {
    await requireDurable(urls.appUrl)
    return 'fsync, full_page_writes, synchronous_commit and data checksums are on'
  })
  await look('migrations', () => migrationsAreAll(urls.ownerUrl))
  await look('schema', async () => schemaIsAsCommitted(catalogue))
  await look('append-only', () => appendOnlyIsRefused(urls.appUrl, catalogue))
  await look('clock', () => clocksAgree(urls.appUrl))
  await look('disk', async () => diskHasRoom(config.dataDir))
  await look('queue', () => queueMoves(urls.appUrl))
  await look('address', async () => addressIsSaid(config))
  return found
}

async function migrationsAreAll(ownerUrl: string): Promise<string> {
  const files = readMigrations()
  const rows = await withClient(
    ownerUrl,
    async (client) => (await client.query<{ name: string; sha256: string }>('select name, sha256 from migration')).rows,
  )
  const applied = new Map(rows.map(({ name, sha256 }) => [name, sha256]))
  const missing = files.filter(({ name }) => !applied.has(name)).map(({ name }) => name)
  const changed = files
    .filter(({ name, sha256 }) => applied.has(name) && applied.get(name) !== sha256)
    .map(({ name }) => name)
  if (missing.length > 0) throw new Error(`not applied: ${missing.join(', ')}`)
  if (changed.length > 0) throw new Error(`changed after they ran: ${changed.join(', ')}`)
  if (applied.size > files.length) throw new Error('the database is newer than this program')
  return `${files.length} applied, none changed`
}

function schemaIsAsCommitted(catalogue: Catalogue): string {
  if (!existsSync(committedSchema)) throw new Error('db/schema.sql is missing')
  const differences = dumpDifferences(readFileSync(committedSchema, 'utf8'), dumpSchema(catalogue))
  if (differences.length > 0) throw new Error(`the live schema is not db/schema.sql:\n${differences.join('\n')}`)
  return `${catalogue.tables.length} tables are as db/schema.sql says`
}

/** Tries, as the application, to change and delete in every table where only reading and adding is granted by db/schema.sql. */
async function appendOnlyIsRefused(appUrl: string, catalogue: Catalogue): Promise<string> {
  const committed = existsSync(committedSchema) ? readFileSync(committedSchema, 'utf8') : ''
  const named = [...committed.matchAll(/^GRANT INSERT, SELECT ON (\w+) TO tongxin_app;$/gm)].map((match) => match[1]!)
  const tables = named.filter((name) => catalogue.tables.some((table) => table.name === name && table.rowSecurity))
  if (tables.length === 0) throw new Error('no append-only table was found')
  const allowed: string[] = []
  await withClient(appUrl, async (client) => {
    for (const table of tables) {
      for (const text of [`update ${table} set county = county`, `delete from ${table}`, `truncate ${table}`]) {
        await client.query("begin; set local app.county = '000000'")
        const code = await client.query(text).then(
          () => '',
          (error: { code?: string }) => error.code ?? '',
        )
        await client.query('rollback')
        if (code !== REFUSED) allowed.push(text)
      }
    }
  })
  if (allowed.length > 0) throw new Error(`the application may: ${allowed.join('; ')}`)
  return `${tables.length} tables refuse update, delete and truncate to the application`
}

async function clocksAgree(appUrl: string): Promise<string> {
  const before = Date.now()
  const { rows } = await withClient(appUrl, (client) => client.query<{ at: Date }>('select clock_timestamp() as at'))
  const middle = (before + Date.now()) / 2
  const apart = Math.abs((rows[0]?.at.getTime() ?? 0) - middle) / 1000
  if (apart > clockSecondsMost) throw new Error(`this machine and the database are ${apart.toFixed(1)} s apart`)
  const ahead = await eachCounty(appUrl, ({ newestEntryAt }) =>
    newestEntryAt ? (newestEntryAt.getTime() - Date.now()) / 1000 : 0,
  )
  const behind = ahead.find(({ value }) => value > clockSecondsMost)
  if (behind)
    throw new Error(
      `the clock was set back: the newest entry of ${behind.county} is ${behind.value.toFixed(0)} s in the future`,
    )
  return 'machine, database and ledger agree'
}

function diskHasRoom(dataDir: string): string {
  const { freeBytes, leastBytes, nearlyFull } = watchDisk(dataDir)()
  const words = `${(freeBytes / GiB).toFixed(1)} GiB free, writes are refused below ${(leastBytes / GiB).toFixed(1)} GiB`
  if (nearlyFull) throw new Error(words)
  return words
}

const LOOPBACK = /^(?:localhost|127\.|::1$|\[::1\]$)/

/** Links in messages, on posters and for single sign-on are made from the installation's own address. */
function addressIsSaid({ publicUrl, host }: Config): string {
  if (publicUrl !== '') return `links lead to ${publicUrl}`
  if (LOOPBACK.test(host)) return 'only this machine is served: links lead to the address that a browser asked for'
  throw new Error(
    `PUBLIC_URL is not set while ${host} is served: posters, links and sign-in trust the Host header that a browser sends`,
  )
}

async function queueMoves(appUrl: string): Promise<string> {
  const age = (at: Date | null): number => (at ? (Date.now() - at.getTime()) / 1000 : 0)
  const figures = await eachCounty(appUrl, (queue) => queue)
  const trouble = figures.flatMap(({ county, value }) => [
    ...(age(value.oldestUnsealedAt) > sealSecondsMost
      ? [`${county}: an entry has waited ${age(value.oldestUnsealedAt).toFixed(0)} s for the sealer`]
      : []),
    ...(age(value.oldestJobDueAt) > jobSecondsMost
      ? [`${county}: a job has been due for ${age(value.oldestJobDueAt).toFixed(0)} s`]
      : []),
    ...(value.failedJobs > 0 ? [`${county}: ${value.failedJobs} jobs were given up`] : []),
  ])
  if (trouble.length > 0) throw new Error(trouble.join('; '))
  return `${figures.length} counties, nothing waits too long`
}

async function eachCounty<T>(
  appUrl: string,
  figure: (queue: Awaited<ReturnType<typeof readQueue>>) => T,
): Promise<{ county: string; value: T }[]> {
  const db = openDatabase(appUrl, { poolSize: 2, log: silentLog })
  try {
    const values: { county: string; value: T }[] = []
    for (const { code } of await countiesOf({ db })) {
      values.push({ county: code, value: figure(await db.reading(code, (tx) => readQueue(tx, code))) })
    }
    return values
  } finally {
    await db.close()
  }
}
