/**
 * `npm run bench -- import` and `export`: a roster of 1,000,000 people as CSV through the whole house (upload, look, dry run, run:
 * sealing, blind indexes, search tokens, look-up of who is known, history, ledger), beside raw COPY of the very rows that it wrote into
 * the same indexed tables; then the same people as one xlsx. BENCH_ROWS tries it with fewer.
 */
import { chmodSync, createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Readable } from 'node:stream'
import pg from 'pg'
import { readConfig } from '../src/kernel/config.ts'
import { openDatabase } from '../src/kernel/db.ts'
import { silentLog } from '../src/kernel/log.ts'
import { migrate } from '../src/kernel/migrate.ts'
import type { Grant } from '../src/kernel/grants.ts'
import { startPostgres } from '../src/kernel/postgres.ts'
import type { ImportView } from '../src/registry/sheets/contract.ts'
import { composeHouse, type House } from '../src/server.ts'
import { namePool } from './registry-world.ts'
import { databaseSeconds } from './systems.ts'
import { county, fixedUuid, seeded } from './world.ts'

type Say = (line: string) => void

const rows = Number(process.env['BENCH_ROWS'] ?? 1_000_000)
const PEOPLE_IN_A_HOME = 3
const HOMES_IN_A_BLOCK = 48
const VILLAGES = 100
const MICRO_GRIDS = 20
const account = fixedUuid('clerk')
const MiB = 1_048_576
const SAMPLE_MS = 250
/** Tables in the order in which raw COPY can fill them. */
const tables = [
  'building',
  'premises',
  'household',
  'person',
  'residence',
  'person_tag',
  'search_token',
  'registry_change',
]

interface World {
  house: House
  folder: string
  superuserUrl: string
  base: string
  /** Processor seconds used so far: by this process, which is the house and who asks it, and by the database. */
  used(): { node: number; database: number }
  stop(): Promise<void>
}

const villagePath = (village: number): string => `${county}/${county}101/${county}101${201 + village}`

async function layAreas(client: pg.Client): Promise<void> {
  const area = (path: string, name: string, kind: string): unknown[] => {
    const codes = path.split('/')
    return [
      fixedUuid(path),
      codes.at(-1),
      path.replaceAll('/', ''),
      name,
      kind,
      path,
      codes.slice(0, -1).join('/'),
      codes.length,
    ]
  }
  const all = [area(county, '秀洲区', 'county'), area(`${county}/${county}101`, '王店镇', 'town')]
  for (let village = 0; village < VILLAGES; village++) {
    all.push(area(villagePath(village), `第${village + 1}村`, 'village'))
    for (let micro = 1; micro <= MICRO_GRIDS; micro++)
      all.push(area(`${villagePath(village)}/M${String(micro).padStart(3, '0')}`, `${micro}号微网格`, 'microGrid'))
  }
  const column = (at: number): unknown[] => all.map((one) => one[at])
  await client.query(
    `insert into area (county, id, version, code, number, name, kind, overlay, path, parent_path, depth, schematic, valid_from)
     select $1, a.id, 1, a.code, a.number, a.name, a.kind, 'base', a.path, a.parent, a.depth, true, '2024-01-01'
     from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[])
       a (id, code, number, name, kind, path, parent, depth)`,
    [county, ...Array.from({ length: 8 }, (_, at) => column(at))],
  )
}

/** A house on an empty database of its own, in which one clerk of the county may import and export. */
async function openWorld(say: Say): Promise<World> {
  const folder = join(readConfig().dataDir, 'bench-sheets')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  say('making an empty county')
  const server = await startPostgres({ dataDir: folder, log: silentLog, mode: 'product' })
  await migrate(server.ownerUrl)
  const superuserUrl = Object.assign(new URL(server.superuserUrl), { pathname: '/tongxin' }).href
  const client = new pg.Client(superuserUrl)
  await client.connect()
  await client.query(`insert into county (code, name, demo, created_at) values ($1, '秀洲区', true, now())`, [county])
  await layAreas(client)
  await client.end()
  const grants: Grant[] = ['registry.import', 'registry.export'].map((action) => ({
    action,
    path: county,
    purpose: 'handling',
    postId: 'bench',
  }))
  const actor = { kind: 'staff' as const, id: account, sessionId: account, label: 'gridOffice' }
  const session = { id: account, county, actor, extraGrants: [], locale: null, secondFactorAt: null }
  const house = await composeHouse({
    config: readConfig({ DATA_DIR: folder, LOG_LEVEL: 'silent' }),
    db: openDatabase(server.appUrl, { log: silentLog }),
    ports: {
      grants: { grantsOf: async () => grants },
      sessions: { resolve: async () => ({ ...session, expiresAt: new Date(Date.now() + 3_600_000) }) },
    },
  })
  const base = await house.http.listen({ port: 0, host: '127.0.0.1' })
  await house.startWorkers()
  const stop = async (): Promise<void> => {
    await house.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const used = (): { node: number; database: number } => {
    const { user, system } = process.cpuUsage()
    return { node: (user + system) / 1e6, database: databaseSeconds(server.status().pid!) }
  }
  return { house, folder, superuserUrl, base, used, stop }
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** A right number, another one for each person: some hundred are born on a day, none with a round sequence. */
function citizenIdOf(at: number): string {
  const born = new Date(Date.UTC(1940, 0, 1 + Math.floor(at / 792))).toISOString().slice(0, 10).replaceAll('-', '')
  const nth = at % 792
  const digits = `330411${born}${100 + Math.floor(nth / 99) * 100 + (nth % 99) + 1}`
  const sum = weights.reduce((total, weight, place) => total + weight * Number(digits[place]), 0)
  return `${digits}${'10X98765432'[sum % 11]}`
}

/** The roster: a home after the other, three people each, as an estate's office lists them. */
async function writeRoster(path: string): Promise<void> {
  const out = createWriteStream(path)
  const names = namePool()
  const random = seeded(7)
  const line = (text: string): Promise<void> | void =>
    out.write(`${text}\n`) ? undefined : new Promise((go) => out.once('drain', go))
  await line('姓名,身份证号,手机号,与户主关系,户籍性质,村,微网格,小区,幢,单元,室')
  for (let at = 0; at < rows; at++) {
    const home = Math.floor(at / PEOPLE_IN_A_HOME)
    const block = Math.floor(home / HOMES_IN_A_BLOCK)
    const village = block % VILLAGES
    const micro = (Math.floor(block / VILLAGES) % MICRO_GRIDS) + 1
    const nth = at % PEOPLE_IN_A_HOME
    const inBlock = home % HOMES_IN_A_BLOCK
    const cells = [
      names[random(names.length)],
      citizenIdOf(at),
      `13${String(100_000_000 + at * 7).slice(-9)}`,
      ['户主', '配偶', '子女'][nth],
      home % 2 === 0 ? '户籍' : '新居民',
      `第${village + 1}村`,
      `${micro}号微网格`,
      `${village + 1}号花园`,
      Math.floor(block / VILLAGES) + 1,
      Math.floor(inBlock / 12) + 1,
      `${Math.floor((inBlock % 12) / 2) + 1}0${(inBlock % 2) + 1}`,
    ]
    await line(cells.join(','))
  }
  out.end()
  await finished(out)
}

/** Peak memory of the process, its event loop, and how long somebody else waits meanwhile. */
function watch(
  world: World,
): () => Promise<{ startMiB: number; peakMiB: number; loopP99Ms: number; othersP95Ms: number }> {
  const start = process.memoryUsage.rss()
  let peak = start
  const loop = monitorEventLoopDelay({ resolution: 10 })
  loop.enable()
  const waits: number[] = []
  let asking = true
  const headers = { authorization: `Bearer ${county}.s_bench`, 'tongxin-county': county }
  const others = (async () => {
    while (asking) {
      const begun = performance.now()
      const answer = await fetch(`${world.base}/api/v1/registry/imports?limit=5`, { headers }).catch(() => null)
      // The house was closed because something else failed: that is what is to be told.
      if (!answer) return
      await answer.text()
      waits.push(performance.now() - begun)
      peak = Math.max(peak, process.memoryUsage.rss())
      await new Promise((go) => setTimeout(go, SAMPLE_MS))
    }
  })()
  return async () => {
    asking = false
    await others
    loop.disable()
    const sorted = waits.toSorted((one, other) => one - other)
    return {
      startMiB: Math.round(start / MiB),
      peakMiB: Math.round(peak / MiB),
      loopP99Ms: Math.round(loop.percentile(99) / 1e6),
      othersP95Ms: Math.round(sorted[Math.floor(sorted.length * 0.95)] ?? 0),
    }
  }
}

const headersOf = (type: string): Record<string, string> => ({
  authorization: `Bearer ${county}.s_bench`,
  'tongxin-county': county,
  'content-type': type,
})

async function ask<Answer>(world: World, method: string, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${world.base}/api/v1${path}`, {
    method,
    headers: headersOf('application/json'),
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
  return (await answer.json()) as Answer
}

async function until(world: World, id: string, state: string, say: Say): Promise<ImportView> {
  for (let told = 0; ;) {
    const now = await ask<ImportView>(world, 'GET', `/registry/imports/${id}`)
    if (now.state === state) return now
    if (now.state === 'failed') throw new Error(now.trouble ?? 'failed')
    if (now.rowsDone - told >= 50_000) say(`${now.state} ${(told = now.rowsDone)}`)
    await new Promise((go) => setTimeout(go, SAMPLE_MS))
  }
}

/** Uploads, looks, tries dry and takes in; seconds of each. */
async function takeIn(world: World, csv: string, say: Say) {
  const begun = performance.now()
  const answer = await fetch(`${world.base}/api/v1/registry/imports?kind=people&name=roster.csv&area=${county}`, {
    method: 'POST',
    headers: headersOf('application/octet-stream'),
    body: Readable.toWeb(createReadStream(csv)) as ReadableStream,
    duplex: 'half',
  } as RequestInit)
  if (!answer.ok) throw new Error(await answer.text())
  const { id } = (await answer.json()) as ImportView
  const looked = await until(world, id, 'mapping', say)
  const uploadSeconds = (performance.now() - begun) / 1000
  const { name, headingRow, headingRows, columns } = looked.sheets[0]!
  const dryFrom = performance.now()
  await ask(world, 'PUT', `/registry/imports/${id}/mapping`, { sheet: name, headingRow, headingRows, columns })
  const checked = await until(world, id, 'checked', say)
  const drySeconds = (performance.now() - dryFrom) / 1000
  if (checked.checked!.fresh !== rows) throw new Error(`void: ${JSON.stringify(checked.checked)}`)
  say(`dry run ${drySeconds.toFixed(1)} s`)
  const watched = watch(world)
  const before = world.used()
  const runFrom = performance.now()
  await ask(world, 'POST', `/registry/imports/${id}/acts`, { act: 'run' })
  const done = await until(world, id, 'done', say)
  const runSeconds = (performance.now() - runFrom) / 1000
  const after = world.used()
  const cpu = { nodeSeconds: after.node - before.node, databaseSeconds: after.database - before.database }
  say(`run ${runSeconds.toFixed(1)} s; processor ${cpu.nodeSeconds.toFixed(1)} + ${cpu.databaseSeconds.toFixed(1)} s`)
  if (done.taken!.fresh !== rows) throw new Error(`void: ${JSON.stringify(done.taken)}`)
  return { uploadSeconds, drySeconds, runSeconds, ...cpu, ...(await watched()) }
}

interface Raw {
  seconds: number
  databaseSeconds: number
  counts: Record<string, number>
}

/** Writes the tables out, empties them, and fills them again by COPY: the same rows, the same indexes. */
async function rawCopy(world: World, say: Say): Promise<Raw> {
  const client = new pg.Client(world.superuserUrl)
  await client.connect()
  client.on('error', () => {})
  // The server may run as somebody else.
  const shelf = join(world.folder, 'copied')
  mkdirSync(shelf, { recursive: true })
  chmodSync(shelf, 0o777)
  const file = (table: string): string => join(shelf, `${table}.copy`)
  const counts: Record<string, number> = {}
  for (const table of tables) {
    const { rowCount } = await client.query(`copy ${table} to program 'cat > ${file(table)}'`)
    counts[table] = rowCount ?? 0
  }
  await client.query(`truncate ${tables.join(', ')} cascade`)
  await client.query('checkpoint')
  const before = world.used().database
  const begun = performance.now()
  for (const table of tables) {
    const from = performance.now()
    await client.query(`copy ${table} from program 'cat ${file(table)}'`)
    say(`raw ${table}: ${counts[table]} rows, ${((performance.now() - from) / 1000).toFixed(1)} s`)
  }
  const seconds = (performance.now() - begun) / 1000
  const databaseSeconds = world.used().database - before
  say(`raw ${seconds.toFixed(1)} s; processor ${databaseSeconds.toFixed(1)} s`)
  await client.end()
  return { seconds, databaseSeconds, counts }
}

const round = (value: number): number => Number(value.toFixed(2))

/** A roster of many people taken in, beside raw COPY of the rows that it made. */
export async function measureImport(say: Say): Promise<object> {
  const world = await openWorld(say)
  try {
    const csv = join(world.folder, 'roster.csv')
    await writeRoster(csv)
    const taken = await takeIn(world, csv, say)
    const batches = new pg.Client(world.superuserUrl)
    await batches.connect()
    const entries = await batches.query(
      `select count(*)::int as n from ledger_entry where event = 'registry.batch_saved'`,
    )
    await batches.end()
    const raw = await rawCopy(world, say)
    const [ours, limit] = [rows / taken.runSeconds, rows / raw.seconds]
    return {
      ours: round(ours),
      limit: round(limit),
      ratio: round(ours / limit),
      unit: 'rows/s',
      rows,
      entries: entries.rows[0].n,
      ...Object.fromEntries(Object.entries(taken).map(([name, value]) => [name, round(value)])),
      rawSeconds: round(raw.seconds),
      rawDatabaseSeconds: round(raw.databaseSeconds),
      tables: raw.counts,
    }
  } finally {
    await world.stop()
  }
}

/** May an export of any size add so much to the process. */
const EXPORT_MIB_MAX = 150

/** Everybody as one xlsx: how fast, and how much memory it takes beside the house itself. */
export async function measureExport(say: Say): Promise<object> {
  const world = await openWorld(say)
  try {
    const csv = join(world.folder, 'roster.csv')
    await writeRoster(csv)
    await takeIn(world, csv, say)
    const fetchRoster = async (list: string): Promise<number> => {
      const answer = await fetch(`${world.base}/api/v1/registry/exports`, {
        method: 'POST',
        headers: headersOf('application/json'),
        body: JSON.stringify({ list, reason: '测一测导出' }),
      })
      if (!answer.ok || !answer.body) throw new Error(await answer.text())
      let bytes = 0
      for await (const piece of answer.body) bytes += (piece as Uint8Array).length
      return bytes
    }
    await fetchRoster('organisations')
    const watched = watch(world)
    const begun = performance.now()
    const bytes = await fetchRoster('people')
    const seconds = (performance.now() - begun) / 1000
    const seen = await watched()
    const grown = Math.max(1, seen.peakMiB - seen.startMiB)
    return {
      ours: grown,
      limit: EXPORT_MIB_MAX,
      ratio: round(EXPORT_MIB_MAX / grown),
      unit: 'MiB more than before',
      rows,
      rowsPerSecond: round(rows / seconds),
      seconds: round(seconds),
      megabytes: round(bytes / MiB),
      ...seen,
    }
  } finally {
    await world.stop()
  }
}
