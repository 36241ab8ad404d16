import { createHash } from 'node:crypto'
import pg from 'pg'
import { secretOf } from '../src/kernel/config.ts'
import { makeVault } from '../src/kernel/crypto.ts'
import { phoneTailOf } from '../src/registry/search/tokens.ts'
import { tokensOfBuilding, tokensOfOrganisation, tokensOfPerson } from '../src/registry/search/index.ts'
import {
  areaId,
  askers,
  buildings,
  cell,
  county,
  estatePool,
  homes,
  idSql,
  kinds,
  knownPhone,
  leadToken,
  microPath,
  microPathSql,
  micros,
  middleOf,
  namePool,
  officeToken,
  organisationPool,
  organisations,
  people,
  secretaryToken,
  sharedEvery,
  sharedName,
  townCode,
  villageOf,
  villagePath,
  villages,
} from './registry-world.ts'
import { fixedUuid } from './world.ts'

/** Raised when what is generated changes: an older database is then made anew. */
const seedVersion = 2
const since = new Date('2024-01-01T00:00:00Z')
const tables = ['search_token', 'residence', 'person', 'household', 'premises', 'building', 'organisation']

export async function isRegistrySeeded(superuserUrl: string): Promise<boolean> {
  const client = new pg.Client(superuserUrl)
  try {
    await client.connect()
    const { rows } = await client.query('select version, people from bench_registry')
    return rows[0]?.version === seedVersion && rows[0]?.people === people
  } catch {
    return false
  } finally {
    await client.end()
  }
}

async function fill(client: pg.Client, table: string, types: Record<string, string>, rows: object[]): Promise<void> {
  const columns = Object.keys(types)
  const arrays = columns.map((column, at) => `$${at + 1}::${types[column]}[]`).join(', ')
  for (let at = 0; at < rows.length; at += 5000) {
    const part = rows.slice(at, at + 5000) as Record<string, unknown>[]
    await client.query(
      `insert into ${table} (${columns.join(', ')}) select * from unnest(${arrays})`,
      columns.map((column) => part.map((row) => row[column] ?? null)),
    )
  }
}

interface Area {
  path: string
  parent: string
  code: string
  name: string
  kind: string
  depth: number
}
function allAreas(): Area[] {
  const areas = new Map<string, Area>()
  const levels = ['county', 'town', 'village', 'microGrid']
  for (let micro = 0; micro < micros; micro++) {
    const codes = microPath(micro).split('/')
    codes.forEach((code, depth) => {
      const path = codes.slice(0, depth + 1).join('/')
      const name = ['秀洲区', `第${code.slice(-2)}镇`, `第${code.slice(-3)}村`, `${code.slice(2)}号微网格`][depth]!
      if (!areas.has(path))
        areas.set(path, { path, parent: codes.slice(0, depth).join('/'), code, name, kind: levels[depth]!, depth })
    })
  }
  return [...areas.values()]
}

async function seedAreas(client: pg.Client): Promise<void> {
  const types = { county: 'text', id: 'uuid', version: 'int', code: 'text', number: 'text', name: 'text', kind: 'text' }
  const more = {
    overlay: 'text',
    path: 'text',
    parent_path: 'text',
    depth: 'int',
    schematic: 'boolean',
    valid_from: 'timestamptz',
  }
  const areas = allAreas().map(({ parent, ...area }) => ({
    county,
    id: areaId(area.path),
    version: 1,
    number: area.path.replaceAll('/', ''),
    overlay: 'base',
    parent_path: parent,
    schematic: true,
    valid_from: since,
    ...area,
  }))
  await fill(client, 'area', { ...types, ...more }, areas)
  const bounds = { west: 'float8', south: 'float8', east: 'float8', north: 'float8' }
  const boundary = { county: 'text', id: 'uuid', area_id: 'uuid', shape: 'jsonb', schematic: 'boolean', source: 'text' }
  const drawn = Array.from({ length: micros }, (_one, micro) => {
    const { lng, lat } = middleOf(micro)
    const [west, east] = [lng - cell.width / 2, lng + cell.width / 2]
    const [south, north] = [lat - cell.height / 2, lat + cell.height / 2]
    const ring = [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ]
    const area_id = areaId(microPath(micro))
    const shape = JSON.stringify({ type: 'Polygon', coordinates: [ring] })
    const around = { west, south, east, north }
    return {
      county,
      id: fixedUuid(`boundary ${micro}`),
      area_id,
      shape,
      schematic: true,
      source: 'bench',
      ...around,
      valid_from: since,
    }
  })
  await fill(client, 'area_boundary', { ...boundary, ...bounds, valid_from: 'timestamptz' }, drawn)
  await client.query('insert into grid_version (county, ground, duty) values ($1, 1, 1) on conflict do nothing', [
    county,
  ])
}

async function seedStaff(client: pg.Client): Promise<void> {
  const staff = [
    ...Array.from({ length: askers }, (_one, at) => ({
      login: `secretary${at}`,
      token: secretaryToken(at),
      role: 'villageSecretary',
      path: villagePath(villageOf(at)),
    })),
    { login: 'office', token: officeToken, role: 'gridOffice', path: county },
    { login: 'lead', token: leadToken, role: 'microGridLead', path: microPath(villageOf(0) * 20) },
  ].map((one) => ({ ...one, id: fixedUuid(one.login), post: fixedUuid(`post ${one.login}`), county }))
  const hash = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest()
  const text = { county: 'text', id: 'uuid' }
  const account = {
    kind: 'text',
    status: 'text',
    login_name: 'text',
    locale: 'text',
    elder_mode: 'boolean',
    version: 'int',
    created_at: 'timestamptz',
  }
  const plain = { kind: 'staff', status: 'active', locale: 'zh-CN', elder_mode: false, version: 1, created_at: since }
  await fill(
    client,
    'account',
    { ...text, ...account },
    staff.map((one) => ({ ...one, ...plain, login_name: one.login })),
  )
  const post = {
    area_id: 'uuid',
    role: 'text',
    unit: 'text',
    name: 'text',
    place: 'int',
    valid_from: 'timestamptz',
    version: 'int',
  }
  const posts = staff.map(({ post: id, role, path }) => ({
    county,
    id,
    role,
    area_id: areaId(path),
    name: role,
    place: 1,
    valid_from: since,
    version: 1,
  }))
  await fill(client, 'post', { ...text, ...post }, posts)
  const holding = { post_id: 'uuid', account_id: 'uuid', slot: 'text', held_from: 'timestamptz' }
  const holdings = staff.map(({ id, post: post_id, login }) => ({
    county,
    id: fixedUuid(`holding ${login}`),
    post_id,
    account_id: id,
    slot: 'A',
    held_from: since,
  }))
  await fill(client, 'holding', { ...text, ...holding }, holdings)
  const session = {
    account_id: 'uuid',
    kind: 'text',
    method: 'text',
    token_hash: 'bytea',
    second_factor_at: 'timestamptz',
    created_at: 'timestamptz',
    last_seen_at: 'timestamptz',
    idle_seconds: 'int',
    expires_at: 'timestamptz',
  }
  const now = new Date()
  const times = {
    second_factor_at: now,
    created_at: since,
    last_seen_at: now,
    idle_seconds: 2_000_000_000,
    expires_at: new Date('2040-01-01T00:00:00Z'),
  }
  await fill(
    client,
    'session',
    { ...text, ...session },
    staff.map(({ id, login, token }) => ({
      county,
      id: fixedUuid(`session ${login}`),
      account_id: id,
      kind: 'staff',
      method: 'password',
      token_hash: hash(token),
      ...times,
    })),
  )
}

/** What is computed here once and joined there: names with their tokens, sealed numbers, and the few that are asked for. */
async function seedPools(client: pg.Client, dataDir: string): Promise<number[]> {
  const vault = makeVault(secretOf(dataDir, 'master-key'))
  await client.query(`
    create unlogged table bench_name (n int primary key, name text, tokens text[]);
    create unlogged table bench_number (n int primary key, phone bytea, id_number bytea, tail text);
    create unlogged table bench_known (n int primary key, phone bytea, phone_blind bytea, id_blind bytea);
    create unlogged table bench_estate (n int primary key, name text, tokens text[]);
    create unlogged table bench_unit (n int primary key, name text, tokens text[])`)
  const pooled = async (table: string, names: readonly string[], tokensOf: (name: string) => string[]) => {
    const rows = names.map(
      (name, n) =>
        [
          n,
          name,
          `{${tokensOf(name)
            .map((token) => `"${token}"`)
            .join(',')}}`,
        ] as const,
    )
    for (let at = 0; at < rows.length; at += 5000) {
      const part = rows.slice(at, at + 5000)
      await client.query(
        `insert into ${table} select n, name, tokens::text[] from unnest($1::int[], $2::text[], $3::text[]) r (n, name, tokens)`,
        [part.map(([n]) => n), part.map(([, name]) => name), part.map(([, , tokens]) => tokens)],
      )
    }
  }
  const names = [sharedName, ...namePool()]
  const [estates, units] = [estatePool(), organisationPool()]
  await pooled('bench_name', names, (name) => tokensOfPerson(vault, county, { name, phone: null }))
  await pooled('bench_estate', estates, (estate) => tokensOfBuilding({ estate, street: '', houseNumber: '', name: '' }))
  await pooled('bench_unit', units, (name) => tokensOfOrganisation({ name }))
  const numbers = Array.from({ length: 10_000 }, (_one, n) => {
    const phone = `139${String(12_340_000 + n).padStart(8, '0')}`
    const tail = `pt${phoneTailOf(vault, county, phone)}`
    return {
      n,
      phone: vault.seal(county, phone),
      id_number: vault.seal(county, `33041119500307${String(1000 + (n % 9000))}`),
      tail,
    }
  })
  await fill(client, 'bench_number', { n: 'int', phone: 'bytea', id_number: 'bytea', tail: 'text' }, numbers)
  const known = Array.from({ length: askers }, (_one, asker) => {
    const phone = knownPhone(asker)
    const n = villageOf(asker) * 2000 + 5
    return {
      n,
      phone: vault.seal(county, phone),
      phone_blind: vault.blind(county, 'phone', phone),
      id_blind: vault.blind(county, 'citizenId', citizenIdOf(asker)),
    }
  })
  await fill(client, 'bench_known', { n: 'int', phone: 'bytea', phone_blind: 'bytea', id_blind: 'bytea' }, known)
  return [names.length, estates.length, units.length]
}

/** A real ID number for each asker, its check digit computed. */
export function citizenIdOf(asker: number): string {
  const digits = `330411195003${String((asker % 28) + 1).padStart(2, '0')}${String(100 + asker).slice(-3)}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
  return `${digits}${'10X98765432'[sum % 11]}`
}

interface Shelf {
  drop: string[]
  make: string[]
}
/** Indexes and keys of the big tables: taken off while rows come in, put back after. */
async function shelve(client: pg.Client): Promise<Shelf> {
  const { rows: keys } = await client.query<{ table: string; name: string; definition: string; type: string }>(
    `select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition, k.contype as type
     from pg_constraint k join pg_class c on c.oid = k.conrelid
     where k.contype in ('p', 'f') and (c.relname = any($1) or k.confrelid::regclass::text = any($1))`,
    [tables],
  )
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `select i.indexname as name, i.indexdef as definition from pg_indexes i where i.tablename = any($1)
     and not exists (select from pg_constraint k where k.conname = i.indexname)`,
    [tables],
  )
  const foreign = keys.filter(({ type }) => type === 'f')
  const primary = keys.filter(({ type, table }) => type === 'p' && tables.includes(table))
  return {
    drop: [
      ...foreign.map(({ table, name }) => `alter table ${table} drop constraint ${name}`),
      ...primary.map(({ table, name }) => `alter table ${table} drop constraint ${name}`),
      ...indexes.map(({ name }) => `drop index ${name}`),
    ],
    make: [
      ...primary.map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`),
      ...indexes.map(({ definition }) => definition),
      ...foreign.map(
        ({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition} not valid`,
      ),
    ],
  }
}

const address = `e.name || (b.n % 10 + 1) || '幢'`
const door = `(i.n % 17 / 6 + 1) || '单元' || (i.n % 6 + 1) || '0' || (i.n % 3 + 1) || '室'`
const number = (n: string, salt: number, most: number): string =>
  `((${n}::bigint * ${2_654_435_761 + salt * 40_503} + ${salt * 7919}) % 4294967291 % ${most})::int`
const kept = `'visit', now(), now(), now()`

/** Rows by the million, made where they lie. */
function statements([names = 1, estates = 1, units = 1]: number[]): [what: string, text: string][] {
  const person = idSql(kinds.person, 'p.n')
  const living = 'p.n * 17 / 50'
  // Skewed: the first names of the pool are borne by thousands, the last by a few.
  const name = `case when p.n % ${sharedEvery} = 7 then 0 else 1 + (power(${number('p.n', 1, 1_000_000)} / 1e6, 2.2) * ${names - 1})::int % ${names - 1} end`
  const people_ = `generate_series(0, ${people - 1}) p (n) join bench_name w on w.n = ${name}
      join bench_number s on s.n = ${number('p.n', 2, 10_000)}`
  const buildings_ = `generate_series(0, ${buildings - 1}) b (n) join bench_estate e on e.n = b.n / 10 % ${estates}`
  const homes_ = `generate_series(0, ${homes - 1}) i (n) join lateral (select i.n / 17 as n) b on true join bench_estate e on e.n = b.n / 10 % ${estates}`
  const units_ = `generate_series(0, ${organisations - 1}) o (n) join bench_unit u on u.n = ${number('o.n', 5, units)}`
  const at = (micro: string): string => microPathSql(micro)
  return [
    [
      'buildings',
      `insert into building (county, id, version, area_path, kind, estate, street, house_number, name, address, address_key, sort_key, created_at, updated_at)
      select '${county}', ${idSql(kinds.building, 'b.n')}, 1, ${at('(b.n / 2)')}, 'estateBlock', e.name, '', '', (b.n % 10 + 1) || '幢', ${address}, b.n || ${address}, b.n || ${address}, now(), now() from ${buildings_}`,
    ],
    [
      'premises',
      `insert into premises (county, id, version, building_id, area_path, unit, floor, room, address, address_key, sort_key, use, source, checked_at, created_at, updated_at)
      select '${county}', ${idSql(kinds.premises, 'i.n')}, 1, ${idSql(kinds.building, 'b.n')}, ${at('(i.n / 34)')}, (i.n % 17 / 6 + 1) || '单元', i.n % 6 + 1, (i.n % 6 + 1) || '0' || (i.n % 3 + 1) || '室',
      ${address} || ${door}, i.n::text || ${door}, i.n::text || ${door}, 'ownerOccupied', ${kept} from ${homes_}`,
    ],
    [
      'households',
      `insert into household (county, id, version, premises_id, area_path, kind, head_id, members, source, checked_at, created_at, updated_at)
      select '${county}', ${idSql(kinds.household, 'i.n')}, 1, ${idSql(kinds.premises, 'i.n')}, ${at('(i.n / 34)')}, 'registered', ${idSql(kinds.person, 'i.n * 50 / 17')}, 3, ${kept} from generate_series(0, ${homes - 1}) i (n)`,
    ],
    [
      'people',
      `insert into person (county, id, version, name, sex, born_on, citizen_id_sealed, citizen_id_blind, phone_sealed, phone_blind, registration, area_path, premises_id, household_id, head_relation, state, source, checked_at, created_at, updated_at)
      select '${county}', ${person}, 1, w.name, case when p.n % 2 = 0 then 'male' else 'female' end, date '1940-01-01' + ${number('p.n', 3, 29_000)}, s.id_number, coalesce(k.id_blind, decode(md5('i' || p.n), 'hex')),
      coalesce(k.phone, s.phone), coalesce(k.phone_blind, decode(md5('p' || p.n), 'hex')), 'registered', ${at(`((${living}) / 34)`)}, ${idSql(kinds.premises, living)}, ${idSql(kinds.household, living)}, 'family', 'present', ${kept}
      from ${people_} left join bench_known k on k.n = p.n`,
    ],
    [
      'residences',
      `insert into residence (county, id, person_id, premises_id, household_id, area_path, relation, lives_here, from_on, source, at)
      select '${county}', ${idSql(kinds.residence, 'p.n')}, ${person}, ${idSql(kinds.premises, living)}, ${idSql(kinds.household, living)}, ${at(`((${living}) / 34)`)}, 'owner', true, '2020-01-01', 'visit', now() from generate_series(0, ${people - 1}) p (n)`,
    ],
    [
      'organisations',
      `insert into organisation (county, id, version, kind, name, trade, area_path, address, source, checked_at, created_at, updated_at)
      select '${county}', ${idSql(kinds.organisation, 'o.n')}, 1, 'enterprise', u.name, '', ${at(`(o.n % ${micros})`)}, '', ${kept} from ${units_}`,
    ],
    [
      'tokens of people',
      `insert into search_token select '${county}', t.token, ${at(`((${living}) / 34)`)}, ${person} from ${people_} cross join lateral unnest(w.tokens || s.tail) t (token)`,
    ],
    [
      'tokens of doors',
      `insert into search_token select '${county}', 'an' || t.said, ${at('(i.n / 34)')}, ${idSql(kinds.premises, 'i.n')} from ${homes_}
      cross join lateral (select i.n / 17 % 10 + 1 as block, i.n % 17 / 6 + 1 as unit, (i.n % 6 + 1) || '0' || (i.n % 3 + 1) as room) d
      cross join lateral (select distinct said from unnest(array[d.block || '-' || d.unit || '-' || d.room, d.block || '-' || d.room, d.unit || '-' || d.room, d.room]) said) t`,
    ],
    [
      'tokens of buildings',
      `insert into search_token select '${county}', t.token, ${at('(b.n / 2)')}, ${idSql(kinds.building, 'b.n')} from ${buildings_} cross join lateral unnest(e.tokens || ('bk' || (b.n % 10 + 1))) t (token)`,
    ],
    [
      'tokens of organisations',
      `insert into search_token select '${county}', t.token, ${at(`(o.n % ${micros})`)}, ${idSql(kinds.organisation, 'o.n')} from ${units_} cross join lateral unnest(u.tokens) t (token)`,
    ],
  ]
}

/** Fills an empty, migrated database; some minutes for five million people. */
export async function seedRegistry(superuserUrl: string, dataDir: string, say: (line: string) => void): Promise<void> {
  const client = new pg.Client(superuserUrl)
  await client.connect()
  const began = performance.now()
  const told = async (what: string, text: string): Promise<void> => {
    const from = performance.now()
    await client.query(text)
    say(`${what}: ${((performance.now() - from) / 1000).toFixed(1)} s`)
  }
  try {
    await client.query(`set synchronous_commit = off; set maintenance_work_mem = '2GB'; set max_parallel_maintenance_workers = 2;
      set work_mem = '256MB'; set session_replication_role = replica`)
    await client.query(
      'insert into county (code, name, demo, created_at) values ($1, $2, true, now()) on conflict do nothing',
      [county, '秀洲区'],
    )
    await seedAreas(client)
    await seedStaff(client)
    const pools = await seedPools(client, dataDir)
    say(`${villages} villages, ${micros} micro-grids from ${townCode(0)} on`)
    const shelf = await shelve(client)
    for (const text of shelf.drop) await client.query(text)
    for (const [what, text] of statements(pools)) await told(what, text)
    for (const text of shelf.make) await told(text.slice(0, 90), text)
    await client.query('set session_replication_role = default')
    await told('vacuum analyze', `vacuum (analyze) ${tables.join(', ')}, area, area_boundary`)
    await client.query('drop table bench_name, bench_number, bench_known, bench_estate, bench_unit')
    await client.query(
      'create table bench_registry as select $1::int as version, $2::int as people, $3::float8 as seconds',
      [seedVersion, people, (performance.now() - began) / 1000],
    )
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}
