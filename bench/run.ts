/**
 * `npm run bench -- <scene> [seconds] [pairs]`: ours and thin in turn (A B A B) on the same database, same requests; the last
 * line is JSON `{scene, ours, limit, ratio, unit}` where limit is thin. `all` measures every scene, one line each. Answers and row counts are compared; a difference
 * voids the run.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import pg from 'pg'
import { openBenchDatabase, type BenchDatabase } from './database.ts'
import type { LoadResult } from './load.ts'
import { rawOf } from './raw.ts'
import { measureHousehold, measurePoint, measureSearch } from './registry.ts'
import { sceneOf, type Scene } from './scenes.ts'
import { databaseSeconds, houseOn, load, startSystem, type Running, type SystemName } from './systems.ts'
import { measureExport, measureImport } from './sheets.ts'
import { measureSigning } from './signing.ts'
import { measureSync } from './sync.ts'
import { measureListeners, measureWall } from './wall.ts'
import { clients, county, leafAreas, matters } from './world.ts'

const WARM_SECONDS = 5
const IDLE_SECONDS = 15
const say = (line: string): void => void process.stderr.write(`${line}\n`)

interface Measured {
  system: SystemName
  result: LoadResult
  perSecond: number
  p50: number
  p95: number
  p99: number
  /** Processor milliseconds of one request in the server and in the database: they do not depend on the machine's other work. */
  serverCpuMs: number
  databaseCpuMs: number
}
type Figure = 'perSecond' | 'p50' | 'p95' | 'p99' | 'serverCpuMs' | 'databaseCpuMs'

const round = (value: number): number => Number(value.toFixed(3))
const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1] ?? 0, sorted[Math.floor(sorted.length / 2)] ?? 0]
  return round((low + high) / 2)
}
const medianOf = (runs: Measured[], system: SystemName, figure: Figure): number =>
  median(runs.filter((run) => run.system === system).map((run) => run[figure]))

const startOf = (system: SystemName, database: BenchDatabase): Promise<Running> =>
  system === 'ours'
    ? startSystem('ours', '/readyz', houseOn(database))
    : startSystem('thin', '/api/v1/grid/locate?lng=120.7&lat=30.7', { DATABASE_URL: database.superuserUrl })

async function countRows(client: pg.Client): Promise<Record<string, number>> {
  const tables = ['matter', 'matter_step', 'idempotency']
  const counts: Record<string, number> = {}
  for (const table of tables) {
    const { rows } = await client.query<{ count: string }>(`select count(*) from ${table} where county = $1`, [county])
    counts[table] = Number(rows[0]!.count)
  }
  const { rows } = await client.query<{ count: string }>(
    `select count(*) from ledger_entry where event like 'matter.%'`,
  )
  counts['ledger_entry'] = Number(rows[0]!.count)
  return counts
}

/** @throws Error when a write was acknowledged and its rows are not there, or rows without an acknowledged write. */
function requireRows(
  scene: Scene,
  result: LoadResult,
  before: Record<string, number>,
  after: Record<string, number>,
): void {
  const good = result.good
  const expected = {
    matter: scene.name === 'intake' ? good : 0,
    matter_step: scene.writes ? good : 0,
    idempotency: scene.writes ? good : 0,
    ledger_entry: scene.writes ? good : 0,
  }
  for (const [table, count] of Object.entries(expected)) {
    const gained = after[table]! - before[table]!
    if (gained !== count)
      throw new Error(`void: ${good} good answers, but ${table} gained ${gained} rows instead of ${count}`)
  }
}

/** @throws Error when the two systems answered the same request differently. */
function requireSameAnswers(ours: LoadResult, thin: LoadResult): number {
  const theirs = new Map(
    thin.sample.map(([client, n, core]) => [`${client}/${n - Math.min(...thin.sample.map((one) => one[1]))}`, core]),
  )
  const first = Math.min(...ours.sample.map((one) => one[1]))
  let compared = 0
  for (const [client, n, core] of ours.sample) {
    const key = `${client}/${n - first}`
    if (!theirs.has(key)) continue
    compared++
    if (!isDeepStrictEqual(core, theirs.get(key)))
      throw new Error(`void: ours ${JSON.stringify(core)} and thin ${JSON.stringify(theirs.get(key))} differ`)
  }
  if (compared === 0) throw new Error('void: no answers were compared')
  return compared
}

/** Thin seals nothing: what it left for the sealer is not to burden ours. */
const forget = (client: pg.Client): Promise<unknown> =>
  client.query(
    `delete from ledger_todo t using ledger_entry e where e.county = t.county and e.id = t.entry and e.actor_label = 'thin'`,
  )

async function measureScene(scene: Scene, database: BenchDatabase, seconds: number, pairs: number): Promise<object> {
  const client = new pg.Client({ connectionString: database.superuserUrl })
  await client.connect()
  try {
    const runs = await runPairs(scene, { database, client, seconds, pairs })
    const raw = rawOf(scene.name, database.superuserUrl, seconds)
    await forget(client)
    return { ...figuresOf(runs), raw }
  } finally {
    await client.end()
  }
}

interface Bench {
  database: BenchDatabase
  client: pg.Client
  seconds: number
  pairs: number
}

async function runPairs(scene: Scene, { database, client, seconds, pairs }: Bench): Promise<Measured[]> {
  const plan = await scene.prepare(client)
  const planPath = join(tmpdir(), `bench-plan-${process.pid}.json`)
  writeFileSync(planPath, JSON.stringify(plan))
  const runs: Measured[] = []
  // Writes go on where the last run stopped; reads ask the same again.
  let from = 0
  for (let turn = 0; turn < pairs * 2; turn++) {
    const system: SystemName = turn % 4 === 0 || turn % 4 === 3 ? 'ours' : 'thin'
    // Who writes a page first after a checkpoint pays for its image: each run begins after one, and the order turns (A B B A).
    await client.query('checkpoint')
    const before = await countRows(client)
    const running = await startOf(system, database)
    const used = (): [number, number] => [running.processorSeconds(), databaseSeconds(database.pid)]
    const [serverBefore, databaseBefore] = used()
    const order = { scene: scene.name, port: running.port, planPath, warmSeconds: WARM_SECONDS, seconds, from }
    const result = await load(order).catch(async (error: unknown) => {
      await running.stop()
      throw error
    })
    const [serverAfter, databaseAfter] = used()
    await running.stop()
    if (scene.name === 'move') from = result.next
    await forget(client)
    if (Object.keys(result.bad).length > 0) throw new Error(`void: ${system} answered ${JSON.stringify(result.bad)}`)
    requireRows(scene, result, before, await countRows(client))
    const serverCpuMs = round(((serverAfter - serverBefore) * 1000) / result.good)
    const databaseCpuMs = round(((databaseAfter - databaseBefore) * 1000) / result.good)
    const { perSecond, p50, p95, p99 } = result
    say(
      `${system.padEnd(4)} ${perSecond}/s p50 ${p50} p95 ${p95} p99 ${p99} ms; CPU ${serverCpuMs} + ${databaseCpuMs} ms`,
    )
    runs.push({ system, result, perSecond, p50, p95, p99, serverCpuMs, databaseCpuMs })
  }
  return runs
}

function figuresOf(runs: Measured[]): object {
  const last = (system: SystemName): LoadResult => runs.findLast((run) => run.system === system)!.result
  const compared = requireSameAnswers(last('ours'), last('thin'))
  const [ours, limit] = [medianOf(runs, 'ours', 'perSecond'), medianOf(runs, 'thin', 'perSecond')]
  const figures: Figure[] = ['p50', 'p95', 'p99', 'serverCpuMs', 'databaseCpuMs']
  const rest = (system: SystemName) =>
    Object.fromEntries(figures.map((figure) => [figure, medianOf(runs, system, figure)]))
  const each = runs.map(({ system, perSecond, p95, serverCpuMs, databaseCpuMs }) => ({
    system,
    perSecond,
    p95,
    serverCpuMs,
    databaseCpuMs,
  }))
  return {
    ours,
    limit,
    ratio: round(ours / limit),
    unit: 'requests/s',
    detail: { ours: rest('ours'), thin: rest('thin') },
    compared,
    runs: each,
  }
}

/** A later start with the embedded database, and the memory of an idle process; thin starts on a database that runs. */
async function measureStart(database: BenchDatabase, pairs: number): Promise<object> {
  const { dataDir } = database
  const thin: number[] = []
  const thinMiB: number[] = []
  for (let turn = 0; turn < pairs; turn++) {
    const running = await startOf('thin', database)
    thin.push(running.startSeconds)
    await sleep(2000)
    thinMiB.push(running.residentMiB())
    await running.stop()
  }
  await database.stop()
  const ours: number[] = []
  const oursMiB: number[] = []
  for (let turn = 0; turn < pairs + 1; turn++) {
    const running = await startSystem('ours', '/', { DATA_DIR: dataDir, LOG_LEVEL: 'warn' })
    await sleep(IDLE_SECONDS * 1000)
    say(`ours ${running.startSeconds.toFixed(2)} s, ${running.residentMiB().toFixed(0)} MiB idle`)
    if (turn > 0) ours.push(running.startSeconds)
    oursMiB.push(running.residentMiB())
    await running.stop()
  }
  const [own, limit] = [median(ours), median(thin)]
  return {
    ours: own,
    limit,
    ratio: round(limit / own),
    unit: 's',
    oursIdleMiB: Math.round(median(oursMiB)),
    thinIdleMiB: Math.round(median(thinMiB)),
  }
}

/** Scenes that are held to an aim instead of a yardstick; thin has no wall. */
const aimed: Record<
  string,
  (database: BenchDatabase, seconds: number, say: (line: string) => void) => Promise<object>
> = { wall: measureWall, listeners: measureListeners, sync: measureSync }

/** Scenes of the registry: a database of their own, and an aim. */
const ofRegistry: Record<string, (say: (line: string) => void) => Promise<object>> = {
  search: measureSearch,
  household: measureHousehold,
  point: measurePoint,
  import: measureImport,
  export: measureExport,
}

/** Scenes that need no database. */
const alone: Record<string, (seconds: number, say: (line: string) => void) => Promise<object>> = {
  signing: measureSigning,
}

const busyNow = (): number => Number(loadavg()[0]!.toFixed(1))

/** Writes what was measured to results/, and its last line. */
function keep(name: string, figures: object, more: object): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const machine = `${cpus().length} cores ${cpus()[0]?.model ?? ''}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
  const results = new URL('./results/', import.meta.url)
  mkdirSync(results, { recursive: true })
  const all = { scene: name, ...figures, at: new Date().toISOString(), commit, machine, ...more }
  writeFileSync(new URL(`${name}.json`, results), `${JSON.stringify(all, null, 2)}\n`)
  const { ours, limit, ratio, unit } = figures as Record<string, number>
  const line = {
    scene: name,
    ours: Number(ours!.toFixed(2)),
    limit: Number(limit!.toFixed(2)),
    ratio: round(ratio!),
    unit,
  }
  console.log(JSON.stringify(line))
}

async function measure(name: string, seconds: number, pairs: number): Promise<void> {
  const loadBefore = busyNow()
  const registry = ofRegistry[name]
  if (registry) return keep(name, await registry(say), { loadBefore, loadAfter: busyNow() })
  const own = alone[name]
  if (own) return keep(name, await own(seconds, say), { loadBefore, loadAfter: busyNow() })
  const scene = name === 'start' || aimed[name] ? null : sceneOf(name)
  const database = await openBenchDatabase(say)
  try {
    const toAim = aimed[name]?.(database, seconds, say)
    const figures = scene
      ? await measureScene(scene, database, seconds, pairs)
      : await (toAim ?? measureStart(database, pairs))
    keep(name, figures, { loadBefore, clients, matters, leafAreas, seconds })
  } finally {
    await database.stop()
  }
}

const [name = '', seconds = '10', pairs = '2'] = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const names = name === 'all' ? ['intake', 'move', 'matter', 'list', 'locate', 'wall', 'listeners', 'start'] : [name]
for (const one of names) await measure(one, Number(seconds), Number(pairs))
