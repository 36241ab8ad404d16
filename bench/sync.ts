import { createHash, randomBytes } from 'node:crypto'
import pg from 'pg'
import sharp from 'sharp'
import { uuidv7 } from '../src/kernel/ids.ts'
import type { BenchDatabase } from './database.ts'
import { databaseSeconds, houseOn, startSystem } from './systems.ts'
import { county, fixedUuid, leafAreas, leafOf, seeded } from './world.ts'

/** What each phone brings home: ten reports, every second one with a small photo, and a move on each of them. */
const reportsPerPhone = 10
const photosPerPhone = reportsPerPhone / 2
/** Of a hundred answers so many get lost on the way: the phone sends the same again. */
const lostPercent = 5
/** All phones are to be done within a minute of coming back. */
const aimSeconds = 60
const reports = ['楼道堆物', '井盖松动', '路灯不亮', '污水外溢', '垃圾未清']

interface Phone {
  account: string
  token: string
  leaf: number
}

interface Request {
  method: string
  path: string
  token: string
  type: string
  body: Buffer | string
  key?: string
}

interface Tally {
  items: number
  sends: number
  replays: number
  bad: Record<string, number>
  wholeSeconds: number[]
}

/** One micro-grid head a phone, each with a session of their own on a phone. */
async function phonesOf(client: pg.Client, count: number): Promise<Phone[]> {
  const phones = Array.from({ length: count }, (_, at) => {
    // Spread over the towns, each the head of another micro-grid.
    const leaf = (at * 7919) % leafAreas
    return { account: fixedUuid(`lead ${leaf}`), leaf, token: `${county}.s_benchphone${String(at).padStart(20, '0')}` }
  })
  await client.query(`delete from session where county = $1 and id = any($2)`, [county, phones.map(sessionIdOf)])
  await client.query(
    `insert into session (county, id, account_id, kind, method, token_hash, created_at, last_seen_at, idle_seconds, expires_at)
     select $1, id, account, 'staff', 'password', hash, now(), now(), 86400, now() + interval '1 day'
     from unnest($2::uuid[], $3::uuid[], $4::bytea[]) as one (id, account, hash)`,
    [
      county,
      phones.map(sessionIdOf),
      phones.map(({ account }) => account),
      phones.map(({ token }) => createHash('sha256').update(token).digest()),
    ],
  )
  return phones
}

const sessionIdOf = ({ token }: Phone): string => fixedUuid(`session ${token}`)

const countRows = async (client: pg.Client): Promise<number[]> => {
  const tables = ['matter', 'matter_step', 'file', 'file_link', 'idempotency']
  const sums = tables.map((table) => `(select count(*) from ${table} where county = $1)`).join(" || ',' || ")
  const { rows } = await client.query<{ counts: string }>(`select ${sums} as counts`, [county])
  return rows[0]!.counts.split(',').map(Number)
}

/** A phone's radio: one request at a time, and some answers never arrive. */
async function deliver(port: number, request: Request, lost: () => boolean, tally: Tally): Promise<unknown> {
  for (;;) {
    tally.sends++
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1${request.path}`, {
      method: request.method,
      headers: {
        authorization: `Bearer ${request.token}`,
        'tongxin-county': county,
        'content-type': request.type,
        ...(request.key ? { 'idempotency-key': request.key } : {}),
      },
      body: request.body as BodyInit,
    })
    const text = await answer.text()
    if (lost()) {
      tally.replays++
      continue
    }
    if (!answer.ok) {
      const words = `${answer.status} ${/"code":"([^"]+)"/.exec(text)?.[1] ?? ''}`
      tally.bad[words] = (tally.bad[words] ?? 0) + 1
    }
    return answer.ok ? JSON.parse(text) : null
  }
}

/** Twenty items, in the order in which they were done. */
async function syncPhone(port: number, phone: Phone, photo: Buffer, tally: Tally): Promise<void> {
  const random = seeded(phone.leaf + 1)
  const lost = () => random(100) < lostPercent
  const json = (path: string, body: object): Request => {
    const key = randomBytes(12).toString('hex')
    return { method: 'POST', path, token: phone.token, type: 'application/json', body: JSON.stringify(body), key }
  }
  const begun = performance.now()
  for (let n = 0; n < reportsPerPhone; n++) {
    const id = uuidv7()
    const fileIds = n % 2 === 0 ? [uuidv7()] : []
    for (const file of fileIds) {
      const path = `/files?id=${file}&name=${n}.jpg&role=before`
      // No two photos are alike.
      const body = Buffer.concat([photo, randomBytes(16)])
      await deliver(
        port,
        { method: 'POST', path, token: phone.token, type: 'application/octet-stream', body },
        lost,
        tally,
      )
    }
    const report = { id, kind: 'event', category: '0101', text: reports[random(reports.length)], fileIds }
    if (await deliver(port, json('/matters', { ...report, areaPath: leafOf(phone.leaf).path }), lost, tally))
      tally.items++
    const move = { id: uuidv7(), move: 'accept', version: 1 }
    if (await deliver(port, json(`/matters/${id}/moves`, move), lost, tally)) tally.items++
  }
  tally.wholeSeconds.push((performance.now() - begun) / 1000)
}

/**
 * Phones that come back from where there is no network, all at once. Void where an item is lost or made twice.
 *
 * @throws Error naming what differs.
 */
export async function measureSync(
  database: BenchDatabase,
  phoneCount: number,
  say: (line: string) => void,
): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: database.superuserUrl })
  await client.connect()
  const running = await startSystem('ours', '/readyz', houseOn(database))
  try {
    const phones = await phonesOf(client, phoneCount)
    const photo = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#556' } })
      .jpeg({ quality: 60 })
      .toBuffer()
    const before = await countRows(client)
    const used = (): number[] => [running.processorSeconds(), databaseSeconds(database.pid)]
    const [serverBefore, databaseBefore] = used() as [number, number]
    const tally: Tally = { items: 0, sends: 0, replays: 0, bad: {}, wholeSeconds: [] }
    const begun = performance.now()
    await Promise.all(phones.map((phone) => syncPhone(running.port, phone, photo, tally)))
    const seconds = (performance.now() - begun) / 1000
    const [serverAfter, databaseAfter] = used() as [number, number]
    const gained = (await countRows(client)).map((count, at) => count - before[at]!)
    const made = phones.length * reportsPerPhone
    const photos = phones.length * photosPerPhone
    const expected = [made, made * 2, photos, photos, made * 2]
    say(`${tally.items} items of ${phones.length} phones in ${seconds.toFixed(1)} s, ${tally.replays} sent again`)
    if (Object.keys(tally.bad).length > 0) throw new Error(`void: refused ${JSON.stringify(tally.bad)}`)
    if (gained.join() !== expected.join())
      throw new Error(`void: gained ${gained.join()} instead of ${expected.join()}`)
    const sorted = tally.wholeSeconds.toSorted((a, b) => a - b)
    const p95 = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? 0
    const cpu = (after: number, from: number): number => Number((((after - from) * 1000) / tally.items).toFixed(3))
    const ours = Math.round(tally.items / seconds)
    const limit = Math.round((phones.length * reportsPerPhone * 2) / aimSeconds)
    return {
      ours,
      limit,
      ratio: Number((ours / limit).toFixed(3)),
      unit: 'items/s',
      phones: phones.length,
      items: tally.items,
      photos,
      sentAgain: tally.replays,
      lost: 0,
      twice: 0,
      p95WholeSyncSeconds: Number(p95.toFixed(2)),
      serverCpuMsPerItem: cpu(serverAfter, serverBefore),
      databaseCpuMsPerItem: cpu(databaseAfter, databaseBefore),
    }
  } finally {
    await running.stop()
    await client.end()
  }
}
