import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { uuidv7 } from '../src/kernel/ids.ts'
import { clients, county, leafOf, residentToken, seeded, staffToken, towns } from './world.ts'

export interface Ask {
  method: 'GET' | 'POST'
  path: string
  token: string
  body?: string
  headers?: string
}

/** What a scene needs from the database before it begins; crosses to the load generator as JSON. */
export interface Plan {
  ids: string[][]
  categories: string[]
}

/** The parts of any answer that are compared. */
export interface Answer {
  id: string
  number: string
  state: string
  version: number
  text: string
  areaPath: string
  timeline: unknown[]
  items: { id: string; number: string; state: string; areaPath: string }[]
  area: { path: string } | null
  certain: boolean
}

export interface Scene {
  readonly name: string
  readonly writes: boolean
  prepare(client: pg.Client): Promise<Plan>
  /** Request `n` of a client: the same for both systems where nothing is written. */
  ask(plan: Plan, client: number, n: number): Ask
  /** What must be alike in both systems' answers. */
  core(answer: Answer): unknown
}

const townOf = (client: number): string => leafOf((client % towns) * 500).town
/** What the seed made, not an earlier run. */
const seededOnly = `reported_at < '2026-09-01'`
const nothing: Plan = { ids: [], categories: [] }
const places = ['楼道里', '小区门口', '河边', '菜场旁', '学校对面']
const troubles = ['堆放杂物堵住了通道', '井盖松动有响声', '路灯不亮已经三天', '污水冒出来味道很大', '垃圾没有及时清运']

/** The ids in a town that a condition picks, `count` for each client, none for two. */
async function idsPerClient(client: pg.Client, condition: string, count: number): Promise<string[][]> {
  const taken: string[][] = Array.from({ length: clients }, () => [])
  for (let town = 0; town < towns; town++) {
    const path = townOf(town)
    const here = taken.filter((_ids, index) => index % towns === town)
    const { rows } = await client.query<{ id: string }>(
      `select id from matter where county = $1 and area_path >= $2 and area_path < $3 and ${condition} limit $4`,
      [county, path, `${path}0`, count * here.length],
    )
    rows.forEach((row, at) => here[at % here.length]!.push(row.id))
  }
  return taken
}

const idempotencyKey = (): string => `idempotency-key: ${randomBytes(12).toString('hex')}\r\n`

const intake: Scene = {
  name: 'intake',
  writes: true,
  prepare: async (client) => {
    const { rows } = await client.query<{ category: string }>(
      `select category from matter where county = $1 and category like '0%' limit 200`,
      [county],
    )
    return { ids: [], categories: [...new Set(rows.map((row) => row.category))].sort() }
  },
  ask(plan, client, n) {
    const random = seeded(n * clients + client)
    const { longitude, latitude } = leafOf(random(5000))
    const body = {
      id: uuidv7(),
      kind: 'event',
      category: plan.categories[random(plan.categories.length)],
      text: `${places[random(5)]}${troubles[random(5)]}，请尽快来看一下。`,
      position: { longitude: longitude + random(100) / 1e6, latitude, accuracyMetres: 8 },
    }
    return {
      method: 'POST',
      path: '/api/v1/matters',
      token: residentToken(client),
      body: JSON.stringify(body),
      headers: idempotencyKey(),
    }
  },
  core: ({ state, areaPath }) => ({ state, areaPath }),
}

const move: Scene = {
  name: 'move',
  writes: true,
  prepare: async (client) => ({
    ...nothing,
    ids: await idsPerClient(client, `state = 'reported' and version = 1 and ${seededOnly}`, 6000),
  }),
  ask(plan, client, n) {
    const id = plan.ids[client]![n]
    if (!id) throw new Error('no reported matters are left; drop DATA_DIR/bench to make them anew')
    const body = JSON.stringify({ move: 'takeUp', version: 1 })
    return {
      method: 'POST',
      path: `/api/v1/matters/${id}/moves`,
      token: staffToken(client),
      body,
      headers: idempotencyKey(),
    }
  },
  core: ({ version, state }) => ({ version, state }),
}

const list: Scene = {
  name: 'list',
  writes: false,
  prepare: async () => nothing,
  ask(_plan, client, n) {
    const states = ['reported', 'accepted', 'filed', 'handling', 'closed']
    const query = `area=${encodeURIComponent(townOf(client))}&state=${states[n % states.length]}&scope=all&limit=20`
    return { method: 'GET', path: `/api/v1/matters?${query}`, token: staffToken(client) }
  },
  core: ({ items }) => items.map(({ id, number, state, areaPath }) => [id, number, state, areaPath]),
}

const matter: Scene = {
  name: 'matter',
  writes: false,
  prepare: async (client) => ({ ...nothing, ids: await idsPerClient(client, seededOnly, 5000) }),
  ask(plan, client, n) {
    const ids = plan.ids[client]!
    return { method: 'GET', path: `/api/v1/matters/${ids[n % ids.length]}`, token: staffToken(client) }
  },
  core: ({ id, number, state, version, text, areaPath, timeline }) => ({
    id,
    number,
    state,
    version,
    text,
    areaPath,
    steps: timeline.length,
  }),
}

const locate: Scene = {
  name: 'locate',
  writes: false,
  prepare: async () => nothing,
  ask(_plan, client, n) {
    const random = seeded(n * clients + client)
    const { longitude, latitude } = leafOf(random(5000))
    const query = `lng=${(longitude + random(200) / 1e6).toFixed(6)}&lat=${latitude.toFixed(6)}&accuracyMetres=10`
    const address = `10.${random(250)}.${random(250)}.${random(250)}`
    return {
      method: 'GET',
      path: `/api/v1/grid/locate?${query}`,
      token: residentToken(client),
      headers: `x-forwarded-for: ${address}\r\n`,
    }
  },
  core: ({ area, certain }) => ({ path: area?.path, certain }),
}

export const scenes: readonly Scene[] = [intake, move, list, matter, locate]

/** @throws Error naming the scenes there are. */
export function sceneOf(name: string): Scene {
  const scene = scenes.find((candidate) => candidate.name === name)
  if (!scene) throw new Error(`no scene ${name}; there are ${scenes.map((one) => one.name).join(', ')} and start`)
  return scene
}
