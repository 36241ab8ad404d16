import { createHash } from 'node:crypto'
import { Agent, request, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import pg from 'pg'
import type { Wall, WallChange } from '../src/insight/contract.ts'
import type { BenchDatabase } from './database.ts'
import { sceneOf, type Plan } from './scenes.ts'
import { databaseSeconds, houseOn, startSystem, type Running } from './systems.ts'
import { clients, county, fixedUuid, leaderToken } from './world.ts'

/** What the wall is held to: the whole answer for the county, and a change from commit to page. */
const WALL_MS_MAX = 20
const ARRIVAL_MS_MAX = 1_000
const LEADERS = 100
const STREAMS = 500
const MOVES_PER_SECOND = 50
const COUNT_SECONDS_MAX = 600
const MOVES_CHECKED = 200

type Say = (line: string) => void

const hash = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest()

/** Leaders of the county with open sessions; made once, beside the people of the seed. */
async function seatLeaders(client: pg.Client): Promise<void> {
  const model = fixedUuid('staff 0')
  for (let index = 0; index < LEADERS; index++) {
    const [account, post] = [fixedUuid(`leader ${index}`), fixedUuid(`post leader ${index}`)]
    const steps: [string, unknown[]][] = [
      [
        `insert into account (county, id, kind, status, login_name, name_sealed, locale, elder_mode, version, created_at)
         select county, $2, kind, status, $3, name_sealed, locale, elder_mode, 1, created_at from account
         where county = $1 and id = $4 on conflict do nothing`,
        [county, account, `benchleader${index}`, model],
      ],
      [
        `insert into post (county, id, area_id, role, name, place, valid_from, version)
         values ($1, $2, $3, 'countyLeader', '区领导', $4, '2024-01-01', 1) on conflict do nothing`,
        [county, post, fixedUuid(`area ${county}`), index + 1],
      ],
      [
        `insert into holding (county, id, post_id, account_id, slot, held_from)
         values ($1, $2, $3, $4, 'A', '2024-01-01') on conflict do nothing`,
        [county, fixedUuid(`holding leader ${index}`), post, account],
      ],
      [
        `insert into session (county, id, account_id, kind, method, token_hash, second_factor_at, created_at, last_seen_at, idle_seconds, expires_at)
         select county, $2, $3, kind, method, $4, second_factor_at, created_at, now(), idle_seconds, expires_at from session
         where county = $1 and account_id = $5 limit 1 on conflict do nothing`,
        [county, fixedUuid(`session leader ${index}`), account, hash(leaderToken(index)), model],
      ],
    ]
    for (const [text, values] of steps) await client.query(text, values)
  }
  await client.query('update grid_version set duty = duty + 1 where county = $1', [county])
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const supervising = { 'tongxin-county': county, 'tongxin-purpose': 'supervision' }

interface Asked {
  port: number
  path: string
  token: string
  method?: string
  body?: string
  headers?: Record<string, string>
}

function send({ port, path, token, method = 'GET', headers = {} }: Asked, body?: string): Promise<IncomingMessage> {
  return new Promise((done, failed) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      agent,
      headers: { authorization: `Bearer ${token}`, ...type, ...headers },
    })
    asked.once('response', done)
    asked.once('error', failed)
    asked.end(body)
  })
}

async function ask(asked: Asked): Promise<{ status: number; text: string }> {
  const answer = await send(asked, asked.body)
  let text = ''
  for await (const piece of answer) text += String(piece)
  return { status: answer.statusCode ?? 0, text }
}

async function readWall(port: number, area = county): Promise<Wall> {
  const path = `/api/v1/wall?area=${encodeURIComponent(area)}`
  const { status, text } = await ask({ port, path, token: leaderToken(0), headers: supervising })
  if (status !== 200) throw new Error(`void: the wall answered ${status} ${text}`)
  return JSON.parse(text) as Wall
}

/** The house on the measured database, once it has counted every matter: anew, for thin writes rows of which no ledger tells. */
async function countedHouse(
  database: BenchDatabase,
  client: pg.Client,
  say: Say,
): Promise<{ running: Running; countSeconds: number }> {
  await client.query('truncate insight_matter, insight_area, insight_open, insight_day, insight_state')
  const running = await startSystem('ours', '/readyz', houseOn(database))
  const begun = performance.now()
  for (;;) {
    const { counting } = await readWall(running.port)
    if (counting === null) break
    if (performance.now() - begun > COUNT_SECONDS_MAX * 1000) throw new Error('void: the first count did not end')
    await sleep(1000)
  }
  const countSeconds = Math.round((performance.now() - begun) / 1000)
  await client.query('vacuum analyze insight_matter')
  say(`counted after ${countSeconds} s`)
  return { running, countSeconds }
}

/** @throws Error when a figure of the wall is not the live count. */
async function requireLive(client: pg.Client, port: number): Promise<number> {
  const county_ = await readWall(port)
  const areas = [county_.area.path, ...county_.children.slice(0, 3).map(({ path }) => path)]
  for (const path of areas) {
    const { figures, phases, categories, otherCategories } = await readWall(port, path)
    const { rows } = await client.query<Record<string, string>>(
      `select count(*) filter (where closed_at is null) as open, count(*) filter (where closed_at is null and due_at < $4) as overdue,
         count(*) filter (where closed_at is null and due_at >= $4 and due_at < $4::timestamptz + interval '24 hours') as "dueSoon",
         count(*) filter (where (reported_at at time zone 'Asia/Shanghai')::date = ($4::timestamptz at time zone 'Asia/Shanghai')::date) as "openedToday",
         count(*) filter (where tone <> 'void' and (closed_at at time zone 'Asia/Shanghai')::date = ($4::timestamptz at time zone 'Asia/Shanghai')::date) as "closedToday"
       from matter where county = $1 and area_path >= $2 and area_path < $3`,
      [county, path, `${path}0`, figures.asOf],
    )
    const live = Object.fromEntries(Object.entries(rows[0]!).map(([name, value]) => [name, Number(value)]))
    const { asOf: _asOf, ...counted } = figures
    if (!isDeepStrictEqual({ ...live }, { ...counted }))
      throw new Error(`void: ${path}: the wall says ${JSON.stringify(counted)}, live is ${JSON.stringify(live)}`)
    const byPhase = phases.reduce((sum, { open }) => sum + open, 0)
    const byCategory = categories.reduce((sum, { open }) => sum + open, otherCategories)
    if (byPhase !== counted.open || byCategory !== counted.open)
      throw new Error(`void: ${path}: ${counted.open} open, but ${byPhase} by step and ${byCategory} by category`)
  }
  return areas.length
}

async function makeMove(port: number, plan: Plan, client: number, n: number): Promise<boolean> {
  const { path, token, body = '', headers = '' } = sceneOf('move').ask(plan, client, n)
  const key = /idempotency-key: (\w+)/.exec(headers)?.[1] ?? ''
  const { status, text } = await ask({
    port,
    path,
    token,
    method: 'POST',
    body,
    headers: { 'tongxin-county': county, 'idempotency-key': key },
  })
  if (status !== 200) throw new Error(`void: a move answered ${status} ${text.slice(0, 200)}`)
  return true
}

const at = (sorted: readonly number[], share: number): number =>
  Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2))

async function withHouse<T>(
  database: BenchDatabase,
  say: Say,
  work: (house: { client: pg.Client; running: Running; port: number; plan: Plan; countSeconds: number }) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: database.superuserUrl })
  await client.connect()
  try {
    await seatLeaders(client)
    const plan = await sceneOf('move').prepare(client)
    const { running, countSeconds } = await countedHouse(database, client, say)
    try {
      return await work({ client, running, port: running.port, plan, countSeconds })
    } finally {
      await running.stop()
    }
  } finally {
    await client.end()
  }
}

/** The whole wall of the county, one question after another, equal to the live count before and after some moves. */
export function measureWall(database: BenchDatabase, seconds: number, say: Say): Promise<object> {
  return withHouse(database, say, async ({ client, running, port, plan, countSeconds }) => {
    const compared = await requireLive(client, port)
    for (let n = 0; n < MOVES_CHECKED / clients; n++)
      await Promise.all(Array.from({ length: clients }, (_, index) => makeMove(port, plan, index, n)))
    await sleep(3000)
    await requireLive(client, port)
    say(`equal to the live count in ${compared} areas, before and after ${MOVES_CHECKED} moves`)
    const path = `/api/v1/wall?area=${county}`
    const used = (): [number, number] => [running.processorSeconds(), databaseSeconds(database.pid)]
    const [serverBefore, databaseBefore] = used()
    const times: number[] = []
    const until = performance.now() + (seconds + 2) * 1000
    while (performance.now() < until) {
      const begun = performance.now()
      const { status } = await ask({ port, path, token: leaderToken(0), headers: supervising })
      if (status !== 200) throw new Error(`void: the wall answered ${status}`)
      times.push(performance.now() - begun)
    }
    const [serverAfter, databaseAfter] = used()
    const cpu = (before: number, after: number): number => Number((((after - before) * 1000) / times.length).toFixed(2))
    const [serverCpuMs, databaseCpuMs] = [cpu(serverBefore, serverAfter), cpu(databaseBefore, databaseAfter)]
    const sorted = times.slice(Math.floor(times.length / 5)).toSorted((one, other) => one - other)
    const [p50, p95, p99] = [at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99)]
    say(`p50 ${p50} p95 ${p95} p99 ${p99} ms of ${sorted.length}; CPU ${serverCpuMs} + ${databaseCpuMs} ms`)
    const detail = {
      p50,
      p95,
      p99,
      serverCpuMs,
      databaseCpuMs,
      firstCountSeconds: countSeconds,
      areasCompared: compared,
    }
    return { ours: p95, limit: WALL_MS_MAX, ratio: Number((WALL_MS_MAX / p95).toFixed(3)), unit: 'ms p95', detail }
  })
}

/** What a listener has heard: each text is read once, however many are sent it. */
class Ears {
  readonly times: number[] = []
  readonly heard = new Map<string, number>()
  reset = 0
  #lastText = ''
  #lastItems: { key: string; at: number }[] = []

  take(part: string): void {
    if (part.includes('event: reset')) this.reset++
    if (!part.includes('event: change')) return
    const now = Date.now()
    if (part !== this.#lastText) {
      this.#lastText = part
      const { items } = JSON.parse(part.slice(part.indexOf('data: ') + 6)) as WallChange
      this.#lastItems = items
        .filter(({ what }) => what === 'moved')
        .map(({ matterId, leaf, at: when }) => ({ key: `${matterId}/${leaf}`, at: Date.parse(when) }))
    }
    for (const { key, at: when } of this.#lastItems) {
      this.times.push(now - when)
      this.heard.set(key, (this.heard.get(key) ?? 0) + 1)
    }
  }
}

async function openStream(port: number, index: number, ears: Ears): Promise<() => void> {
  const asked = request({
    host: '127.0.0.1',
    port,
    path: `/api/v1/wall/events?area=${county}`,
    headers: { authorization: `Bearer ${leaderToken(index % LEADERS)}`, ...supervising },
  })
  asked.end()
  const answer = await new Promise<IncomingMessage>((done, failed) => {
    asked.once('response', done)
    asked.once('error', failed)
  })
  if (answer.statusCode !== 200) throw new Error(`void: a stream answered ${answer.statusCode}`)
  let held = ''
  answer.setEncoding('utf8')
  answer.on('data', (piece: string) => {
    const parts = `${held}${piece}`.split('\n\n')
    held = parts.pop() ?? ''
    for (const part of parts) ears.take(part)
  })
  answer.on('error', () => {})
  return () => void answer.destroy()
}

/** 500 who watch the county while 50 matters a second are moved: how long after its command each hears of each. */
export function measureListeners(database: BenchDatabase, seconds: number, say: Say): Promise<object> {
  return withHouse(database, say, async ({ client, port, plan }) => {
    const ears = new Ears()
    const streams = await Promise.all(Array.from({ length: STREAMS }, (_, index) => openStream(port, index, ears)))
    await sleep(1000)
    const moves: Promise<boolean>[] = []
    const begun = performance.now()
    for (let made = 0; made < MOVES_PER_SECOND * seconds; made++) {
      const wait = begun + (made * 1000) / MOVES_PER_SECOND - performance.now()
      if (wait > 0) await sleep(wait)
      // From the far end of the plan, which the wall's own check does not use.
      const ids = plan.ids[made % clients]!
      moves.push(makeMove(port, plan, made % clients, ids.length - 1 - Math.floor(made / clients)))
    }
    await Promise.all(moves)
    const took = (performance.now() - begun) / 1000
    await sleep(3000)
    for (const close of streams) close()
    const everywhere = [...ears.heard.values()].filter((count) => count === STREAMS).length
    if (everywhere !== moves.length || ears.reset > 0)
      throw new Error(
        `void: of ${moves.length} moves ${everywhere} reached all ${STREAMS} listeners, ${ears.reset} resets`,
      )
    await requireLive(client, port)
    const sorted = ears.times.toSorted((one, other) => one - other)
    const [p50, p95, p99] = [at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99)]
    say(`p50 ${p50} p95 ${p95} p99 ${p99} ms of ${sorted.length} arrivals, ${(moves.length / took).toFixed(1)} moves/s`)
    const detail = { p50, p95, p99, listeners: STREAMS, movesPerSecond: Number((moves.length / took).toFixed(1)) }
    return {
      ours: p95,
      limit: ARRIVAL_MS_MAX,
      ratio: Number((ARRIVAL_MS_MAX / p95).toFixed(3)),
      unit: 'ms p95',
      detail,
    }
  })
}
