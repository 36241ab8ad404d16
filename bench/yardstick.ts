/**
 * The thin yardstick: what the same business and ledger rows cost on bare Fastify and `pg`, without session, permission,
 * row-level security or any validation beyond the JSON schema. Kept as fast as we can; never part of the product.
 */
import { createHash, randomBytes } from 'node:crypto'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import pg from 'pg'
import { uuidv7 } from '../src/kernel/ids.ts'

const county = '330411'
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 16 })
const query = async (name: string, sql: string, values: unknown[]) =>
  (await pool.query({ name, text: sql, values })).rows
const sha256 = (...parts: (Buffer | string)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

type Cell = { path: string; name: string; west: number; south: number; east: number; north: number }
const cells = new Map<string, Cell[]>()
const CELLS = `select a.path, a.name, b.west, b.south, b.east, b.north from area_boundary b join area a on a.county = b.county
  and a.id = b.area_id where b.county = $1 and b.valid_until is null and a.kind = 'microGrid'`
for (const cell of (await query('cells', CELLS, [county])) as Cell[]) {
  for (let x = Math.floor(cell.west * 200); x <= Math.floor(cell.east * 200); x++) {
    for (let y = Math.floor(cell.south * 200); y <= Math.floor(cell.north * 200); y++) {
      cells.set(`${x}/${y}`, [...(cells.get(`${x}/${y}`) ?? []), cell])
    }
  }
}
const cellAt = (x: number, y: number) =>
  cells
    .get(`${Math.floor(x * 200)}/${Math.floor(y * 200)}`)
    ?.find((cell) => x >= cell.west && x < cell.east && y >= cell.south && y < cell.north)

const POSTS = `select p.role || '|' || a.path as key from post p join area a on a.county = p.county and a.id = p.area_id
  where p.county = $1 and p.valid_until is null`
const posts = new Set((await query('posts', POSTS, [county])).map((post) => post.key as string))

const NUMBERS = `insert into matter_number_block (county, day, next) values ($1, $2, 501) on conflict on constraint
  matter_number_block_pkey do update set next = matter_number_block.next + 500 returning next`
const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
let block: Promise<void> | undefined
let [running, runningEnd] = [0, 0]
async function nextNumber(): Promise<string> {
  while (running >= runningEnd) {
    block ??= query('numbers', NUMBERS, [county, day]).then(([row]) => {
      ;[running, runningEnd, block] = [row.next - 500, row.next, undefined]
    })
    await block
  }
  return `${county}-${day.slice(2).replaceAll('-', '')}-${String(running++).padStart(5, '0')}`
}

const KEPT = 'insert into idempotency (county, owner, key, route, request_hash, answer, at)'
const STEP = `insert into matter_step (county, matter_id, version, entry_id, event, move, from_state, to_state, actor_label, form,
  file_ids, holder_role, holder_unit, holder_path, salt, at)`
const ENTRY = `insert into ledger_entry (county, id, event, subject_id, subject_version, at, actor_kind, actor_label, purpose, bytes)`
const TODO = 'insert into ledger_todo (county, subject_id, subject_version, entry, leaf_hash)'
const REPORT = `with added as (insert into matter (county, id, number, kind, pack_version, category, urgent, text, form, address,
    longitude, latitude, accuracy_metres, position_source, area_path, area_chosen, channel, reporter_kind, contact_sealed,
    contact_blind, state, tone, holder_role, holder_unit, holder_path, state_entered_at, due_at, due_provisional, clock, sweep_at,
    overdue_level, progress_hash, version, moved_version, reported_at)
  values ($1, $2, $3, 'event', 1, $4, false, $5, '{}', '', $6, $7, $8, 'gps', $9, false, 'resident', 'resident', $10, $11, 'reported',
    'waiting', 'microGridLead', '', $9, $12, $13, false, $14, $13, 0, $15, 1, 1, $12)),
  step as (${STEP} values ($1, $2, 1, $16, 'matter.reported', 'report', null, 'reported', 'thin', '{}', '{}', 'microGridLead', '', $9,
    $17, $12)),
  entry as (${ENTRY} values ($1, $16, 'matter.reported', $2, 1, $12, 'resident', 'thin', 'own', $18)),
  todo as (${TODO} values ($1, $2, 1, $16, $19))
  ${KEPT} values ($1, 'thin', $20, 'POST /matters', $21, $22, $12)`
const MOVE = `with moved as (update matter set state = 'filed', tone = 'waiting', holder_role = 'townDispatcher', holder_path = $9,
    state_entered_at = $4, due_at = $5, clock = $6, sweep_at = $5, overdue_level = 0, version = version + 1,
    moved_version = version + 1
    where county = $1 and id = $2 and moved_version = $3 and state = 'reported' returning area_path, version, holder_path),
  step as (${STEP} select $1, $2, version, $7, 'matter.moved', 'takeUp', 'reported', 'filed', 'thin', '{}', '{}', 'townDispatcher', '',
    holder_path, $8, $4 from moved),
  leaf as (select version, convert_to($10 || area_path || $11, 'UTF8') as bytes from moved),
  entry as (${ENTRY} select $1, $7, 'matter.moved', $2, version, $4, 'staff', 'thin', 'handling', bytes from leaf),
  todo as (${TODO} select $1, $2, version, $7, sha256('\\x00'::bytea || bytes) from leaf),
  kept as (${KEPT} select $1, 'thin', $12, 'POST /moves', $13, $14::bytea, $4 from moved)
  select version from moved`
const BRIEF = `id, number, kind, category, substr(text, 1, 42) as summary, state, tone, urgent, area_path as "areaPath",
  holder_role as holder, due_at as "dueAt", reported_at as "reportedAt", closed_at as "closedAt", version`
const LIST = `select ${BRIEF} from matter where county = $1 and state = $2 and area_path >= $3 and area_path < $4
  order by id desc limit $5`
const MATTER = `select ${BRIEF}, text, address, longitude, latitude, pack_version as "packVersion",
  (select json_agg(json_build_object('entryId', entry_id, 'version', version, 'at', at, 'event', event, 'move', move, 'by', actor_label,
    'from', from_state, 'to', to_state, 'fileIds', file_ids) order by version)
    from matter_step s where s.county = m.county and s.matter_id = m.id) as timeline
  from matter m where county = $1 and id = $2`

type Schema = Record<string, unknown>
const types: Record<string, Schema> = { string: { type: 'string' }, maybe: { type: ['string', 'null'] } }
const typeOf = (name: string): Schema => types[name] ?? { type: name }
/** `id version:integer` as an object's schema. */
const shape = (spec: string, more: Record<string, Schema> = {}, required: string[] = []): Schema => {
  const parts = spec.split(' ').map((part) => part.split(':') as [string, string?])
  const properties = { ...Object.fromEntries(parts.map(([name, type]) => [name, typeOf(type ?? 'string')])), ...more }
  return { type: 'object', properties, required }
}
const list = (items: Schema): Schema => ({ type: 'array', items })
const brief =
  `id number kind category summary state tone urgent:boolean areaPath holder dueAt:maybe reportedAt closedAt:maybe
  version:integer`.replace(/\s+/g, ' ')
const step = shape('entryId at event move by to version:integer from:maybe', { fileIds: list(typeOf('string')) })
const page = shape(`${brief} text address longitude:number latitude:number packVersion:integer`, {
  timeline: list(step),
})
const position = shape('longitude:number latitude:number accuracyMetres:number', {}, ['longitude', 'latitude'])
const words = { type: 'string', minLength: 1, maxLength: 2000 }
const report = shape('id kind category', { position, text: words }, ['id', 'category', 'position', 'text'])

interface Ask {
  params: { id: string }
  query: { area: string; state: string; limit: number; lng: number; lat: number }
  body: {
    id: string
    category: string
    text: string
    version: number
    position: Record<'longitude' | 'latitude' | 'accuracyMetres', number>
  }
  headers: FastifyRequest['headers']
}
const app = fastify({ logger: false })
type Handler = (req: Ask, reply: FastifyReply) => Promise<unknown>
const route = (address: string, schema: { body?: Schema; querystring?: Schema }, answer: Schema, handler: Handler) => {
  const [method = '', url] = address.split(' ')
  const whole = { ...schema, response: { '2xx': answer } }
  app.route({
    method,
    url: `/api/v1${url}`,
    schema: whole,
    handler: (req, reply) => handler(req as unknown as Ask, reply),
  })
}

const fourHours = (now: Date) => new Date(now.getTime() + 4 * 3_600_000)
const clock = (now: Date) => `{"from":"${now.toISOString()}","amount":4,"unit":"workHour","pauses":[],"extensions":[]}`
const [sealed, blind] = [randomBytes(60), randomBytes(16)]

const receipt = shape('id number progressCode state areaPath areaName due')
route('POST /matters', { body: report }, receipt, async ({ body, headers }, reply) => {
  const { id, category, text, position } = body
  const { longitude, latitude, accuracyMetres } = position
  const cell = cellAt(longitude, latitude)
  if (!cell || !posts.has(`microGridLead|${cell.path}`)) return reply.code(422).send({})
  const [now, salt, code, areaPath] = [new Date(), randomBytes(16), randomBytes(9).toString('base64url'), cell.path]
  const [due, entry, number] = [fourHours(now), uuidv7(now), await nextNumber()]
  const written = JSON.stringify({ address: '', form: {}, latitude, longitude, text })
  const commitment = sha256(salt, written).toString('hex')
  const bytes = Buffer.from(
    `{"actor":{"id":null,"kind":"resident","label":"thin"},"at":"${now.toISOString()}","body":{"areaPath":"${areaPath}","category":"${category}","channel":"resident","commitment":"${commitment}","dueAt":"${due.toISOString()}","holderPath":"${areaPath}","holderRole":"microGridLead","holderUnit":"","kind":"event","number":"${number}","packVersion":1,"state":"reported"},"county":"${county}","entry":"${entry}","event":"matter.reported","purpose":"own","subject":{"id":"${id}","version":1},"v":1}`,
  )
  const place = { areaPath, areaName: cell.name }
  const answer = { id, number, progressCode: `${county}.${code}`, state: 'reported', ...place, due: due.toISOString() }
  const where = [longitude, latitude, accuracyMetres, areaPath, sealed, blind]
  const proof = [sha256(code), entry, salt, bytes, sha256('\0', bytes)]
  const kept = [headers['idempotency-key'], sha256(JSON.stringify(body)), Buffer.from(JSON.stringify(answer))]
  const values = [county, id, number, category, text, ...where, now, due, clock(now), ...proof, ...kept]
  await query('report', REPORT, values)
  return reply.code(201).send(answer)
})

const move = shape('move version:integer', {}, ['move', 'version'])
const moved = shape('id version:integer state due')
route('POST /matters/:id/moves', { body: move }, moved, async ({ params: { id }, body, headers }, reply) => {
  const [now, salt, town] = [new Date(), randomBytes(16), 101 + (Number(headers.authorization!.slice(-2)) % 10)]
  const [due, entry, path] = [fourHours(now), uuidv7(now), `${county}/${county}${town}`]
  const before = `{"actor":{"id":null,"kind":"staff","label":"thin"},"at":"${now.toISOString()}","body":{"areaPath":"`
  const after = `","closed":false,"commitment":"${sha256(salt, '{}').toString('hex')}","deputyFor":null,"dueAt":"${due.toISOString()}","from":"reported","holderPath":"${path}","holderRole":"townDispatcher","holderUnit":"","kind":"event","move":"takeUp","packVersion":1,"to":"filed"},"county":"${county}","entry":"${entry}","event":"matter.moved","purpose":"handling","subject":{"id":"${id}","version":2},"v":1}`
  const answer = { id, version: body.version + 1, state: 'filed', due: due.toISOString() }
  const kept = [headers['idempotency-key'], sha256(JSON.stringify(body)), Buffer.from(JSON.stringify(answer))]
  const changed = [now, due, clock(now), entry, salt, path, before, after]
  const rows = await query('move', MOVE, [county, id, body.version, ...changed, ...kept])
  return rows.length === 1 ? answer : reply.code(409).send({})
})

const asked = shape('area state limit:integer')
const matters = shape('next:maybe', { items: list(shape(brief)) })
route('GET /matters', { querystring: asked }, matters, async ({ query: { area, state, limit } }) => {
  const items = await query('list', LIST, [county, state, area, `${area}0`, limit + 1])
  return { items: items.slice(0, limit), next: items.length > limit ? items[limit - 1].id : null }
})

route('GET /matters/:id', {}, page, async ({ params }, reply) => {
  const [row] = await query('matter', MATTER, [county, params.id])
  return row ?? reply.code(404).send({})
})

const found = shape('certain:boolean', { area: shape('path name') })
route('GET /grid/locate', { querystring: shape('lng:number lat:number') }, found, async ({ query: { lng, lat } }) => {
  const area = cellAt(lng, lat)
  return { area, certain: area !== undefined }
})

await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' })
