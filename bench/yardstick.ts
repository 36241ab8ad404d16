/**
 * The thin yardstick: what the same business and ledger rows cost on bare Fastify and `pg`, without session, permission,
 * row-level security or any validation beyond the JSON schema. Kept as fast as we can; never part of the product.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import fastify from 'fastify'
import pg from 'pg'
import { uuidv7 } from '../src/kernel/ids.ts'

const county = '330411'
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 16 })
const query = async (name: string, text: string, values: unknown[]) => (await pool.query({ name, text, values })).rows

interface Cell {
  path: string
  name: string
  west: number
  south: number
  east: number
  north: number
}
const cells = new Map<string, Cell[]>()
const bucket = (longitude: number, latitude: number) => `${Math.floor(longitude * 200)}/${Math.floor(latitude * 200)}`
const leads = new Set<string>()
let running = 0
let runningEnd = 0

async function load(): Promise<void> {
  const boundaries = await query(
    'cells',
    `select a.path, a.name, b.west, b.south, b.east, b.north from area_boundary b
    join area a on a.county = b.county and a.id = b.area_id where b.county = $1 and b.valid_until is null and a.kind = 'microGrid'`,
    [county],
  )
  for (const cell of boundaries as Cell[]) {
    for (let x = Math.floor(cell.west * 200); x <= Math.floor(cell.east * 200); x++) {
      for (let y = Math.floor(cell.south * 200); y <= Math.floor(cell.north * 200); y++) {
        const key = `${x}/${y}`
        const there = cells.get(key)
        if (there) there.push(cell)
        else cells.set(key, [cell])
      }
    }
  }
  const posts = await query(
    'posts',
    `select p.role || '|' || a.path as key from post p join area a on a.county = p.county and a.id = p.area_id
    where p.county = $1 and p.valid_until is null`,
    [county],
  )
  for (const post of posts as { key: string }[]) leads.add(post.key)
}

const cellAt = (longitude: number, latitude: number): Cell | undefined =>
  cells
    .get(bucket(longitude, latitude))
    ?.find((cell) => longitude >= cell.west && longitude < cell.east && latitude >= cell.south && latitude < cell.north)

const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
async function nextNumber(): Promise<string> {
  if (running >= runningEnd) {
    const [row] = await query(
      'numbers',
      `insert into matter_number_block (county, day, next) values ($1, $2, 501)
      on conflict on constraint matter_number_block_pkey do update set next = matter_number_block.next + 500 returning next`,
      [county, day],
    )
    runningEnd = row.next as number
    running = runningEnd - 500
  }
  return `${county}-${day.slice(2).replaceAll('-', '')}-${String(running++).padStart(5, '0')}`
}

const clock = (from: Date) =>
  `{"from":"${from.toISOString()}","amount":4,"unit":"workHour","pauses":[],"extensions":[]}`
const sealed = randomBytes(60)
const blind = randomBytes(16)
const sha256 = (...parts: (Buffer | string)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const KEPT = `insert into idempotency (county, owner, key, route, request_hash, answer, at)`

const REPORT = `with added as (insert into matter (county, id, number, kind, pack_version, category, urgent, text, form, address, longitude, latitude,
    accuracy_metres, position_source, area_path, area_chosen, channel, reporter_kind, contact_sealed, contact_blind, state, tone, holder_role,
    holder_unit, holder_path, state_entered_at, due_at, due_provisional, clock, sweep_at, overdue_level, progress_hash, version, moved_version, reported_at)
  values ($1, $2, $3, 'event', 1, $4, false, $5, '{}', '', $6, $7, $8, 'gps', $9, false, 'resident', 'resident', $10, $11, 'reported', 'waiting',
    'microGridLead', '', $9, $12, $13, false, $14, $13, 0, $15, 1, 1, $12)),
  step as (insert into matter_step (county, matter_id, version, entry_id, event, move, to_state, actor_label, form, file_ids, holder_role, holder_unit,
    holder_path, salt, at) values ($1, $2, 1, $16, 'matter.reported', 'report', 'reported', 'thin', '{}', '{}', 'microGridLead', '', $9, $17, $12)),
  entry as (insert into ledger_entry (county, id, event, subject_id, subject_version, at, actor_kind, actor_label, purpose, bytes)
    values ($1, $16, 'matter.reported', $2, 1, $12, 'resident', 'thin', 'own', $18)),
  todo as (insert into ledger_todo (county, subject_id, subject_version, entry, leaf_hash) values ($1, $2, 1, $16, $19))
  ${KEPT} values ($1, 'thin', $20, 'POST /matters', $21, $22, $12)`

const MOVE = `with moved as (update matter set state = 'filed', tone = 'waiting', holder_role = 'townDispatcher', holder_path = $9,
    state_entered_at = $4, due_at = $5, clock = $6, sweep_at = $5, overdue_level = 0, version = version + 1, moved_version = version + 1
    where county = $1 and id = $2 and moved_version = $3 and state = 'reported' returning area_path, version, holder_path),
  step as (insert into matter_step (county, matter_id, version, entry_id, event, move, from_state, to_state, actor_label, form, file_ids, holder_role,
    holder_unit, holder_path, salt, at) select $1, $2, version, $7, 'matter.moved', 'takeUp', 'reported', 'filed', 'thin', '{}', '{}', 'townDispatcher',
    '', holder_path, $8, $4 from moved),
  leaf as (select version, convert_to($10 || area_path || $11, 'UTF8') as bytes from moved),
  entry as (insert into ledger_entry (county, id, event, subject_id, subject_version, at, actor_kind, actor_label, purpose, bytes)
    select $1, $7, 'matter.moved', $2, version, $4, 'staff', 'thin', 'handling', bytes from leaf),
  todo as (insert into ledger_todo (county, subject_id, subject_version, entry, leaf_hash) select $1, $2, version, $7, sha256('\\x00'::bytea || bytes) from leaf),
  kept as (${KEPT} select $1, 'thin', $12, 'POST /moves', $13, $14::jsonb, $4 from moved)
  select version from moved`

const BRIEF = `id, number, kind, category, substr(text, 1, 42) as summary, state, tone, urgent, area_path as "areaPath", holder_role as holder,
  due_at as "dueAt", reported_at as "reportedAt", closed_at as "closedAt", version`
const LIST = `select ${BRIEF} from matter where county = $1 and state = $2 and area_path >= $3 and area_path < $4 order by id desc limit $5`
const MATTER = `select ${BRIEF}, text, address, longitude, latitude, pack_version as "packVersion", rating_score as "ratingScore",
  (select json_agg(json_build_object('entryId', entry_id, 'version', version, 'at', at, 'event', event, 'move', move, 'by', actor_label, 'from', from_state,
    'to', to_state, 'form', form, 'fileIds', file_ids) order by version) from matter_step s where s.county = m.county and s.matter_id = m.id) as timeline
  from matter m where county = $1 and id = $2`

const text = { type: 'string' } as const
const maybe = { type: ['string', 'null'] } as const
const brief = {
  id: text,
  number: text,
  kind: text,
  category: text,
  summary: text,
  state: text,
  tone: text,
  urgent: { type: 'boolean' },
  areaPath: text,
  holder: text,
  dueAt: maybe,
  reportedAt: text,
  closedAt: maybe,
  version: { type: 'integer' },
} as const
const step = {
  type: 'object',
  properties: {
    entryId: text,
    version: { type: 'integer' },
    at: text,
    event: text,
    move: text,
    by: text,
    from: maybe,
    to: text,
    fileIds: { type: 'array', items: text },
  },
} as const
const reply = (properties: object) => ({ 200: { type: 'object', properties }, 201: { type: 'object', properties } })

const app = fastify({ logger: false })
const body = {
  type: 'object',
  required: ['id', 'category', 'text', 'position'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    kind: text,
    category: text,
    text: { type: 'string', minLength: 1, maxLength: 2000 },
    position: {
      type: 'object',
      required: ['longitude', 'latitude'],
      properties: { longitude: { type: 'number' }, latitude: { type: 'number' }, accuracyMetres: { type: 'number' } },
    },
  },
}

interface Report {
  id: string
  category: string
  text: string
  position: { longitude: number; latitude: number; accuracyMetres: number }
}
app.post<{ Body: Report }>(
  '/api/v1/matters',
  {
    schema: {
      body,
      response: reply({
        id: text,
        number: text,
        progressCode: text,
        state: text,
        areaPath: text,
        areaName: text,
        due: text,
      }),
    },
  },
  async (req, res) => {
    const { id, category, position } = req.body
    const cell = cellAt(position.longitude, position.latitude)
    if (!cell || !leads.has(`microGridLead|${cell.path}`)) return res.code(422).send({})
    const now = new Date()
    const due = new Date(now.getTime() + 4 * 3_600_000)
    const number = await nextNumber()
    const entry = uuidv7(now)
    const salt = randomBytes(16)
    const code = `${county}.${randomUUID().slice(0, 14)}`
    const commitment = sha256(
      salt,
      JSON.stringify({ text: req.body.text, form: {}, address: '', ...position }),
    ).toString('hex')
    const bytes = Buffer.from(
      `{"actor":{"id":null,"kind":"resident","label":"thin"},"at":"${now.toISOString()}","body":{"areaPath":"${cell.path}","category":"${category}","channel":"resident","commitment":"${commitment}","dueAt":"${due.toISOString()}","holderPath":"${cell.path}","holderRole":"microGridLead","holderUnit":"","kind":"event","number":"${number}","packVersion":1,"state":"reported"},"county":"${county}","entry":"${entry}","event":"matter.reported","purpose":"own","subject":{"id":"${id}","version":1},"v":1}`,
    )
    const answer = {
      id,
      number,
      progressCode: code,
      state: 'reported',
      areaPath: cell.path,
      areaName: cell.name,
      due: due.toISOString(),
    }
    await query('report', REPORT, [
      county,
      id,
      number,
      category,
      req.body.text,
      position.longitude,
      position.latitude,
      position.accuracyMetres,
      cell.path,
      sealed,
      blind,
      now,
      due,
      clock(now),
      sha256(code),
      entry,
      salt,
      bytes,
      sha256('\0', bytes),
      req.headers['idempotency-key'],
      sha256(JSON.stringify(req.body)),
      JSON.stringify(answer),
    ])
    return res.code(201).send(answer)
  },
)

app.post<{ Params: { id: string }; Body: { move: string; version: number } }>(
  '/api/v1/matters/:id/moves',
  {
    schema: {
      body: { type: 'object', required: ['move', 'version'], properties: { move: text, version: { type: 'integer' } } },
      response: reply({ id: text, version: { type: 'integer' }, state: text, due: text }),
    },
  },
  async (req, res) => {
    const { id } = req.params
    const now = new Date()
    const due = new Date(now.getTime() + 4 * 3_600_000)
    const entry = uuidv7(now)
    const salt = randomBytes(16)
    const town = req.headers.authorization!.slice(-2)
    const path = `${county}/${county}${101 + (Number(town) % 10)}`
    const before = `{"actor":{"id":null,"kind":"staff","label":"thin"},"at":"${now.toISOString()}","body":{"areaPath":"`
    const after = `","closed":false,"commitment":"${sha256(salt, '{}').toString('hex')}","deputyFor":null,"dueAt":"${due.toISOString()}","from":"reported","holderPath":"${path}","holderRole":"townDispatcher","holderUnit":"","kind":"event","move":"takeUp","packVersion":1,"to":"filed"},"county":"${county}","entry":"${entry}","event":"matter.moved","purpose":"handling","subject":{"id":"${id}","version":2},"v":1}`
    const answer = { id, version: req.body.version + 1, state: 'filed', due: due.toISOString() }
    const rows = await query('move', MOVE, [
      county,
      id,
      req.body.version,
      now,
      due,
      clock(now),
      entry,
      salt,
      path,
      before,
      after,
      req.headers['idempotency-key'],
      sha256(JSON.stringify(req.body)),
      JSON.stringify(answer),
    ])
    return rows.length === 1 ? answer : res.code(409).send({})
  },
)

app.get<{ Querystring: { area: string; state: string; limit: number } }>(
  '/api/v1/matters',
  {
    schema: {
      querystring: { type: 'object', properties: { area: text, state: text, limit: { type: 'integer' } } },
      response: reply({ items: { type: 'array', items: { type: 'object', properties: brief } }, next: maybe }),
    },
  },
  async (req) => {
    const { area, state, limit } = req.query
    const items = await query('list', LIST, [county, state, area, `${area}0`, limit + 1])
    return { items: items.slice(0, limit), next: items.length > limit ? items[limit - 1].id : null }
  },
)

app.get<{ Params: { id: string } }>(
  '/api/v1/matters/:id',
  {
    schema: {
      response: reply({
        ...brief,
        text,
        address: text,
        longitude: { type: 'number' },
        latitude: { type: 'number' },
        packVersion: { type: 'integer' },
        timeline: { type: 'array', items: step },
      }),
    },
  },
  async (req, res) => {
    const [row] = await query('matter', MATTER, [county, req.params.id])
    return row ?? res.code(404).send({})
  },
)

app.get<{ Querystring: { longitude: number; latitude: number } }>(
  '/api/v1/grid/locate',
  {
    schema: {
      querystring: { type: 'object', properties: { longitude: { type: 'number' }, latitude: { type: 'number' } } },
      response: reply({
        area: { type: 'object', properties: { path: text, name: text } },
        certain: { type: 'boolean' },
      }),
    },
  },
  async (req) => {
    const cell = cellAt(req.query.longitude, req.query.latitude)
    return { area: cell, certain: cell !== undefined }
  },
)

await load()
await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' })
