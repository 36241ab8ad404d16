import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { secretOf } from '../src/kernel/config.ts'
import { makeVault } from '../src/kernel/crypto.ts'
import {
  cellHeight,
  cellWidth,
  county,
  fixedUuid,
  leafAreas,
  leafOf,
  matters,
  residentToken,
  staffToken,
  towns,
  clients,
} from './world.ts'

/** Raised when what is generated changes: an older bench database is then made anew. */
export const seedVersion = 4

const hash = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest()
const since = new Date('2024-01-01T00:00:00Z')
const later = new Date('2040-01-01T00:00:00Z')

/** Inserts rows given as objects of one shape, `batch` at a time, through unnest. */
async function insert(
  client: pg.Client,
  table: string,
  types: Record<string, string>,
  rows: Record<string, unknown>[],
): Promise<void> {
  const columns = Object.keys(types)
  const arrays = columns.map((column, at) => `$${at + 1}::${types[column]}[]`).join(', ')
  const text = `insert into ${table} (${columns.join(', ')}) select * from unnest(${arrays})`
  for (let at = 0; at < rows.length; at += 5000) {
    const batch = rows.slice(at, at + 5000)
    await client.query(
      text,
      columns.map((column) => batch.map((row) => row[column] ?? null)),
    )
  }
}

interface SeedArea {
  path: string
  parent: string
  code: string
  number: string
  name: string
  kind: string
  depth: number
  leaf?: number
}

const townNames = [
  '王店镇',
  '洪合镇',
  '新塍镇',
  '王江泾镇',
  '油车港镇',
  '新城街道',
  '高照街道',
  '嘉北街道',
  '塘汇街道',
  '秀清镇',
]

function allAreas(): SeedArea[] {
  const areas = new Map<string, SeedArea>()
  const kinds = ['county', 'town', 'village', 'grid', 'microGrid']
  for (let leaf = 0; leaf < leafAreas; leaf++) {
    const codes = leafOf(leaf).path.split('/')
    codes.forEach((code, at) => {
      const path = codes.slice(0, at + 1).join('/')
      if (areas.has(path)) return
      const [town, village] = [Math.floor(leaf / 500), Math.floor((leaf % 500) / 50)]
      const name = [
        '秀洲区',
        townNames[town]!,
        `${townNames[town]![0]}${'东南西北中和平建新华'[village]}村`,
        `第${codes[3]?.slice(3)}网格`,
        `${codes[4]?.slice(2)}号微网格`,
      ][at]!
      const number = at < 3 ? code : codes.slice(2, at + 1).join('')
      areas.set(path, {
        path,
        parent: codes.slice(0, at).join('/'),
        code,
        number,
        name,
        kind: kinds[at]!,
        depth: at,
        ...(at === 4 ? { leaf } : {}),
      })
    })
  }
  return [...areas.values()]
}

const areaId = (path: string): string => fixedUuid(`area ${path}`)

async function seedGround(client: pg.Client): Promise<void> {
  const areas = allAreas()
  await insert(
    client,
    'area',
    {
      county: 'text',
      id: 'uuid',
      version: 'int',
      code: 'text',
      number: 'text',
      name: 'text',
      kind: 'text',
      overlay: 'text',
      path: 'text',
      parent_path: 'text',
      depth: 'int',
      schematic: 'boolean',
      valid_from: 'timestamptz',
    },
    areas.map(({ parent, path, code, number, name, kind, depth }) => ({
      county,
      id: areaId(path),
      version: 1,
      code,
      number,
      name,
      kind,
      overlay: 'base',
      path,
      parent_path: parent,
      depth,
      schematic: true,
      valid_from: since,
    })),
  )
  await insert(
    client,
    'area_boundary',
    {
      county: 'text',
      id: 'uuid',
      area_id: 'uuid',
      shape: 'jsonb',
      schematic: 'boolean',
      source: 'text',
      west: 'float8',
      south: 'float8',
      east: 'float8',
      north: 'float8',
      valid_from: 'timestamptz',
    },
    areas
      .filter((area) => area.leaf !== undefined)
      .map(({ path, leaf }) => {
        const { longitude, latitude } = leafOf(leaf!)
        const [west, east, south, north] = [
          longitude - cellWidth / 2,
          longitude + cellWidth / 2,
          latitude - cellHeight / 2,
          latitude + cellHeight / 2,
        ]
        const shape = JSON.stringify({
          type: 'Polygon',
          coordinates: [
            [
              [west, south],
              [east, south],
              [east, north],
              [west, north],
              [west, south],
            ],
          ],
        })
        return {
          county,
          id: fixedUuid(`boundary ${path}`),
          area_id: areaId(path),
          shape,
          schematic: true,
          source: 'bench',
          west,
          south,
          east,
          north,
          valid_from: since,
        }
      }),
  )
  await client.query('insert into grid_version (county, ground, duty) values ($1, 1, 1) on conflict do nothing', [
    county,
  ])
}

interface SeedPerson {
  id: string
  kind: string
  login: string | null
  token: string | null
  phone: string | null
  post?: { area: string; role: string; place: number }
}

function allPeople(): SeedPerson[] {
  const people: SeedPerson[] = []
  for (let index = 0; index < clients; index++) {
    const area = leafOf((index % towns) * 500).town
    people.push({
      id: fixedUuid(`staff ${index}`),
      kind: 'staff',
      login: `bench${index}`,
      token: staffToken(index),
      phone: null,
      post: { area, role: 'townDispatcher', place: 1 + Math.floor(index / towns) },
    })
    people.push({
      id: fixedUuid(`resident ${index}`),
      kind: 'resident',
      login: null,
      token: residentToken(index),
      phone: `139${String(index).padStart(8, '0')}`,
    })
  }
  for (let leaf = 0; leaf < leafAreas; leaf++) {
    people.push({
      id: fixedUuid(`lead ${leaf}`),
      kind: 'staff',
      login: `lead${leaf}`,
      token: null,
      phone: null,
      post: { area: leafOf(leaf).path, role: 'microGridLead', place: 1 },
    })
  }
  return people
}

/** @param dataDir The folder of the house under measurement, whose master key seals names and phones. */
async function seedPeople(client: pg.Client, dataDir: string): Promise<void> {
  const vault = makeVault(secretOf(dataDir, 'master-key'))
  const people = allPeople()
  const sealed = (text: string | null): Buffer | null => (text === null ? null : vault.seal(county, text))
  await insert(
    client,
    'account',
    {
      county: 'text',
      id: 'uuid',
      kind: 'text',
      status: 'text',
      login_name: 'text',
      name_sealed: 'bytea',
      phone_sealed: 'bytea',
      phone_blind: 'bytea',
      locale: 'text',
      elder_mode: 'boolean',
      version: 'int',
      created_at: 'timestamptz',
    },
    people.map(({ id, kind, login, phone }) => ({
      county,
      id,
      kind,
      status: 'active',
      login_name: login,
      name_sealed: sealed('张三'),
      phone_sealed: sealed(phone),
      phone_blind: phone && vault.blind(county, 'phone', phone),
      locale: 'zh-CN',
      elder_mode: false,
      version: 1,
      created_at: since,
    })),
  )
  const posts = people.filter((person) => person.post)
  const postId = (person: SeedPerson): string => fixedUuid(`post ${person.id}`)
  await insert(
    client,
    'post',
    {
      county: 'text',
      id: 'uuid',
      area_id: 'uuid',
      role: 'text',
      unit: 'text',
      name: 'text',
      place: 'int',
      valid_from: 'timestamptz',
      version: 'int',
    },
    posts.map((person) => ({
      county,
      id: postId(person),
      area_id: areaId(person.post!.area),
      role: person.post!.role,
      name: person.post!.role === 'townDispatcher' ? '镇平台调度' : '微网格长',
      place: person.post!.place,
      valid_from: since,
      version: 1,
    })),
  )
  await insert(
    client,
    'holding',
    { county: 'text', id: 'uuid', post_id: 'uuid', account_id: 'uuid', slot: 'text', held_from: 'timestamptz' },
    posts.map((person) => ({
      county,
      id: fixedUuid(`holding ${person.id}`),
      post_id: postId(person),
      account_id: person.id,
      slot: 'A',
      held_from: since,
    })),
  )
  await insert(
    client,
    'session',
    {
      county: 'text',
      id: 'uuid',
      account_id: 'uuid',
      kind: 'text',
      method: 'text',
      token_hash: 'bytea',
      second_factor_at: 'timestamptz',
      created_at: 'timestamptz',
      last_seen_at: 'timestamptz',
      idle_seconds: 'int',
      expires_at: 'timestamptz',
    },
    people
      .filter((person) => person.token)
      .map(({ id, kind, token }) => ({
        county,
        id: fixedUuid(`session ${id}`),
        account_id: id,
        kind,
        method: 'password',
        token_hash: hash(token!),
        second_factor_at: new Date(),
        created_at: since,
        last_seen_at: new Date(),
        idle_seconds: 2_000_000_000,
        expires_at: later,
      })),
  )
}

/** A number below `most` from the row's number, alike on every machine; `salt` makes independent ones. */
const pick = (most: string | number, salt: number): string =>
  `((i::bigint * ${2_654_435_761 + salt * 40_503} + ${salt * 7919}) % 4294967291 % (${most}))::int`
const words = (list: string[], salt: number): string =>
  `(array[${list.map((word) => `'${word}'`).join(', ')}])[1 + ${pick(list.length, salt)}]`
const places = [
  '楼道里',
  '小区门口',
  '河边',
  '菜场旁',
  '学校对面',
  '村委会后面',
  '公交站台',
  '停车场',
  '健身点',
  '三岔路口',
  '桥下',
  '厂房外',
]
const troubles = [
  '堆放杂物堵住了通道',
  '井盖松动有响声',
  '路灯不亮已经三天',
  '污水冒出来味道很大',
  '电动车飞线充电',
  '垃圾没有及时清运',
  '树枝断了挂在电线上',
  '夜里施工太吵',
  '围墙开裂有危险',
  '有人乱倒建筑垃圾',
  '消火栓漏水',
  '两家为了宅基地吵起来',
]
const wishes = [
  '请尽快来看一下。',
  '老人孩子走路不安全，麻烦处理。',
  '上次反映过还没有解决。',
  '希望今天能处理好。',
  '谢谢！',
]
/** The category codes of the pack that ships. */
function shippedCategories(): string[] {
  const pack = JSON.parse(readFileSync(new URL('../packs/event/pack.json', import.meta.url), 'utf8')) as {
    lists: { name: string; items: { code: string }[] }[]
  }
  return pack.lists.find((list) => list.name === 'categories')?.items.map((item) => item.code) ?? []
}

/** State of row i, its tone, and how many steps it has behind it. */
const states: [most: number, state: string, tone: string, steps: number, role: string][] = [
  [22, 'reported', 'waiting', 1, 'microGridLead'],
  [28, 'accepted', 'running', 2, 'microGridLead'],
  [33, 'filed', 'waiting', 3, 'townDispatcher'],
  [40, 'handling', 'running', 3, 'townDispatcher'],
  [100, 'closed', 'done', 3, ''],
]
const byState = (part: (state: (typeof states)[number]) => string | number): string =>
  `case ${states.map((state) => `when share < ${state[0]} then ${typeof part(state) === 'number' ? part(state) : `'${part(state)}'`}`).join(' ')} end`

const idOf = `(lpad(to_hex(1704067200000 + i::bigint * 80000), 12, '0') || '7' || substr(md5('m' || i), 1, 3) || '8' || substr(md5('m' || i), 4, 15))::uuid`
const reportedAt = `to_timestamp(1704067200 + i::bigint * 80)`

/** Rows i of the range, made inside the database; a million in one round trip each. */
const matterRows = (from: number, to: number): string => `
  select i, ${idOf} as id, ${reportedAt} as reported_at, ${pick(100, 1)} as share, ${pick(leafAreas, 2)} as leaf
  from generate_series(${from}, ${to}) as i`

async function seedMatters(client: pg.Client, categoryCodes: string[], say: (line: string) => void): Promise<void> {
  await client.query(
    'create temporary table leaf (leaf int primary key, path text collate "C", town text collate "C", longitude float8, latitude float8)',
  )
  const leaves = Array.from({ length: leafAreas }, (_, leaf) => ({ leaf, ...leafOf(leaf) }))
  await insert(
    client,
    'leaf',
    { leaf: 'int', path: 'text', town: 'text', longitude: 'float8', latitude: 'float8' },
    leaves as unknown as Record<string, unknown>[],
  )
  const dropped = await client.query<{ indexname: string; indexdef: string }>(
    `select indexname, indexdef from pg_indexes where tablename in ('matter', 'matter_step') and indexname not like '%_pkey'`,
  )
  for (const { indexname } of dropped.rows) await client.query(`drop index ${indexname}`)
  const share = 100_000
  for (let from = 1; from <= matters; from += share) {
    const rows = matterRows(from, Math.min(from + share - 1, matters))
    await client.query(`
      insert into matter (county, id, number, kind, pack_version, category, urgent, text, form, address, longitude, latitude, accuracy_metres,
        position_source, area_path, area_chosen, channel, reporter_kind, reporter_id, state, tone, holder_role, holder_unit, holder_path,
        state_entered_at, due_at, due_provisional, clock, sweep_at, overdue_level, progress_hash, version, moved_version, reported_at, closed_at)
      select '${county}', id, '${county}-' || lpad((i / 1000)::text, 6, '0') || '-' || lpad((i % 1000)::text, 5, '0'), 'event', 1,
        ${words(categoryCodes, 3)}, ${pick(20, 4)} = 0, ${words(places, 5)} || ${words(troubles, 6)} || '，' || ${words(wishes, 7)}, '{}', '',
        longitude + ${pick(1000, 8)} * 0.0000024, latitude + ${pick(1000, 9)} * 0.000002, 8, 'gps', path, false, 'self', 'resident', null,
        ${byState((state) => state[1])}, ${byState((state) => state[2])}, ${byState((state) => state[4])}, '',
        case ${byState((state) => state[4])} when 'microGridLead' then path when 'townDispatcher' then town else '' end,
        reported_at, case when share < 40 then date_trunc('day', now()) + ${pick(10 * 24, 10)} * interval '1 hour' end, false,
        '{"from":null,"amount":0,"unit":"workday","pauses":[],"extensions":[]}', null, 0,
        sha256(convert_to('bench' || i, 'UTF8')), ${byState((state) => state[3])}, ${byState((state) => state[3])}, reported_at,
        case when share >= 40 then reported_at + interval '2 days' end
      from (${rows}) as made join leaf using (leaf)`)
    await client.query(`
      insert into matter_step (county, matter_id, version, entry_id, event, move, from_state, to_state, actor_id, actor_label, form, file_ids,
        holder_role, holder_unit, holder_path, salt, at)
      select '${county}', id, step, (substr(id::text, 1, 13) || '-7' || lpad(step::text, 3, '0') || substr(id::text, 19))::uuid,
        case step when 1 then 'matter.reported' else 'matter.moved' end,
        case when step = 1 then 'report' when step = 2 then 'accept' when share >= 40 then 'close' when share < 33 then 'file' else 'dispatch' end,
        case step when 1 then null when 2 then 'reported' else 'accepted' end,
        case when step = 1 then 'reported' when step = 2 then 'accepted' when share >= 40 then 'closed' when share < 33 then 'filed' else 'handling' end,
        null, '微网格长', '{}', '{}', 'microGridLead', '', path, substr(sha256(convert_to('salt' || i || step, 'UTF8')), 1, 16),
        reported_at + step * interval '1 hour'
      from (${rows}) as made join leaf using (leaf)
        cross join lateral generate_series(1, ${byState((state) => state[3])}) as step`)
    say(`${Math.min(from + share - 1, matters)} matters`)
  }
  await client.query(`set maintenance_work_mem = '512MB'`)
  for (const { indexdef } of dropped.rows) await client.query(indexdef)
}

/**
 * Fills an empty, migrated database with the county of the measurements: 5,000 micro-grids with boundaries, their heads, 16
 * dispatchers and 16 residents with open sessions, 1,000,000 matters and their steps. The same on each machine, but for
 * deadlines, which lie in the ten days after the seeding; no sweep looks at them.
 *
 * @param superuserUrl Of the database itself; row-level security and triggers are passed by.
 */
export async function seed(superuserUrl: string, dataDir: string, say: (line: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    await client.query(
      `set session_replication_role = replica; set synchronous_commit = off; set client_min_messages = warning`,
    )
    await client.query(
      'insert into county (code, name, demo, created_at) values ($1, $2, false, $3) on conflict do nothing',
      [county, '秀洲区', since],
    )
    await seedGround(client)
    await seedPeople(client, dataDir)
    await seedMatters(client, shippedCategories(), say)
    await client.query('reset session_replication_role')
    await client.query('create table bench_seed (version int primary key)')
    await client.query('insert into bench_seed values ($1)', [seedVersion])
    say('vacuum analyze')
    await client.query('vacuum (analyze)')
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}

/** Whether this database holds the county already, as this version makes it. */
export async function isSeeded(superuserUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    const found = await client.query<{ version: number }>(`select version from bench_seed`).catch(() => ({ rows: [] }))
    return found.rows.some((row) => row.version === seedVersion)
  } finally {
    await client.end()
  }
}
