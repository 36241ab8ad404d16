import { afterAll, beforeAll, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../test/support/app.ts'
import { holderId, layGround, paths } from '../../test/support/ground.ts'
import type { App } from '../kernel/app.ts'
import { runCommand } from '../kernel/command.ts'
import { settleLedger } from '../ledger/index.ts'
import { reportMatter, sweepCounty } from '../loop/index.ts'
import type { Receipt } from '../loop/contract.ts'
import type { Wall } from './contract.ts'
import { countBatch, recount, settleCounts } from './counting.ts'
import { dayOf, daysBefore } from './rules.ts'

let house: TestApp
beforeAll(async () => {
  house = await testApp()
  await layGround(house)
})
afterAll(() => house.close())

/** Numbers that come alike each time (mulberry32). */
function seeded(seed: number): (most: number) => number {
  let state = seed
  return (most) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most
  }
}

const holder = (role: string, path: string) => house.as({ id: holderId(role, path), label: role })
const leader = () => holder('countyLeader', paths.county)
const supervising = { 'tongxin-purpose': 'supervision' }

interface Filed {
  id: string
  resident: ReturnType<TestApp['as']>
  areaPath: string
  version: number
  walk: string[]
}

const ways: string[][] = [
  [],
  ['accept'],
  ['accept', 'solve'],
  ['accept', 'solve', 'verify', 'close'],
  ['accept', 'solve', 'verify', 'close', 'rate'],
  ['accept', 'solve', 'verify', 'close', 'reopen'],
  ['void'],
]
const forms: Record<string, Record<string, unknown>> = {
  accept: {},
  solve: { result: '已经处理好了', method: 'onSite' },
  verify: { seen: 'onSite' },
  close: {},
  void: { reason: 'test', note: '测试作废' },
}
const doers: Record<string, [role: string, path: string | null]> = {
  accept: ['microGridLead', null],
  solve: ['microGridLead', null],
  verify: ['gridChief', paths.grid],
  close: ['townDispatcher', paths.town],
  void: ['townDispatcher', paths.town],
}

async function file(areaPath: string, category: string, walk: string[]): Promise<Filed> {
  const resident = house.as({ kind: 'resident', label: '居民' })
  const answer = await resident.post<Receipt>('/api/v1/matters', {
    kind: 'event',
    category,
    text: '门前有积水',
    areaPath,
  })
  expect(answer.status, answer.text).toBe(201)
  return { id: answer.body.id, resident, areaPath, version: 1, walk: [...walk] }
}

async function step(filed: Filed): Promise<void> {
  const move = filed.walk.shift()
  if (move === undefined) return
  if (move === 'rate' || move === 'reopen') {
    const body =
      move === 'rate' ? { score: 'satisfied' } : { score: 'unsatisfied', comment: '还是有积水', reopen: true }
    const rated = await filed.resident.post(`/api/v1/my/matters/${filed.id}/rating`, body)
    expect(rated.status, rated.text).toBe(200)
    return
  }
  const [role, path] = doers[move]!
  const who = holder(role, path ?? filed.areaPath)
  const page = await who.get<{ version: number }>(`/api/v1/matters/${filed.id}`)
  const answer = await who.post<{ version: number }>(`/api/v1/matters/${filed.id}/moves`, {
    move,
    version: page.body.version,
    form: forms[move],
  })
  expect(answer.status, `${move}: ${answer.text}`).toBe(200)
}

const query = async <Row>(text: string, values: unknown[]): Promise<Row[]> =>
  house.db.reading(county, async (tx) => {
    const { hot } = await import('../kernel/db.ts')
    return hot<Row>(tx, `live_${text.length}`, text, values)
  })

/** The same figures from the matters themselves, by other statements. */
async function live(path: string) {
  const now = house.clock.now()
  const today = dayOf(now)
  const here = `county = $1 and (area_path = $2 or starts_with(area_path, $2 || '/'))`
  const [figures] = await query<Record<string, number>>(
    `select count(*) filter (where closed_at is null) as open, count(*) filter (where closed_at is null and due_at < $3) as overdue,
      count(*) filter (where closed_at is null and due_at >= $3 and due_at < $3::timestamptz + interval '1 day') as "dueSoon",
      count(*) filter (where to_char(reported_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') = $4) as "openedToday",
      count(*) filter (where tone <> 'void' and to_char(closed_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') = $4) as "closedToday"
     from matter where ${here}`,
    [county, path, now, today],
  )
  const [last30] = await query<Record<string, number | null>>(
    `select count(*) filter (where to_char(reported_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') >= $3) as opened,
      count(*) filter (where tone <> 'void' and to_char(closed_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') >= $3) as closed,
      count(*) filter (where rating_score is not null and to_char(rated_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') >= $3) as rated,
      percentile_cont(0.5) within group (order by extract(epoch from closed_at - reported_at) / 3600) filter (where tone <> 'void') as p50
     from matter where ${here}`,
    [county, path, daysBefore(today, 29)],
  )
  const phases = await query<{ state: string; open: number }>(
    `select state, count(*) as open from matter where ${here} and closed_at is null group by state order by state`,
    [county, path],
  )
  const categories = await query<{ category: string; open: number }>(
    `select category, count(*) as open from matter where ${here} and closed_at is null group by category order by category`,
    [county, path],
  )
  return { figures, last30: last30!, phases, categories }
}

const everywhere = [
  paths.county,
  paths.town,
  paths.village,
  paths.grid,
  paths.right,
  paths.beside,
  paths.otherTown,
  paths.wrong,
]

async function expectEqual(): Promise<void> {
  for (const path of everywhere) {
    const answer = await leader().get<Wall>(`/api/v1/wall?area=${encodeURIComponent(path)}`, supervising)
    expect(answer.status, answer.text).toBe(200)
    const wall = answer.body
    const { asOf, ...figures } = wall.figures
    expect(asOf).toBe(house.clock.now().toISOString())
    const counted = await live(path)
    expect(figures, path).toEqual(counted.figures)
    const { opened, closed, rated } = counted.last30
    expect(wall.last30, path).toMatchObject({ opened, closed, rated })
    const sorted = <Row>(rows: Row[], key: keyof Row) => rows.toSorted((one, other) => (one[key] < other[key] ? -1 : 1))
    expect(
      sorted(
        wall.phases.map(({ state, open }) => ({ state, open })),
        'state',
      ),
      path,
    ).toEqual(counted.phases)
    expect(
      sorted(
        wall.categories.map(({ category, open }) => ({ category, open })),
        'category',
      ),
      path,
    ).toEqual(counted.categories)
    expect(wall.trend.at(-1)).toMatchObject({
      open: figures.open,
      opened: figures.openedToday,
      closed: figures.closedToday,
    })
    if (counted.last30['p50'] === null) expect(wall.last30.p50Hours).toBeNull()
    for (const child of wall.children) {
      const below = await live(child.path)
      const { open, overdue, dueSoon, openedToday, closedToday } = child
      expect({ open, overdue, dueSoon, openedToday, closedToday }, child.path).toEqual(below.figures)
    }
  }
}

/** The same house, whose database takes back whatever it does. */
const killed = (app: App): App => ({
  ...app,
  db: {
    ...app.db,
    transaction: (code, work) =>
      app.db.transaction(code, async (tx) => {
        await work(tx)
        throw new Error('killed')
      }),
  },
})

test(
  'the counts are those of the matters at every level, whatever comes late, breaks off or begins anew',
  { timeout: 60_000 },
  async () => {
    const random = seeded(20261121)
    const places = [paths.right, paths.beside, paths.wrong, paths.right]
    const categories = ['9999', '9999', '0101']
    const all: Filed[] = []
    for (let turn = 0; turn < 60; turn++) {
      const areaPath = places[random(places.length)]!
      const walkable = areaPath === paths.wrong ? [] : ways[random(ways.length)]!
      if (random(3) > 0 || all.length === 0)
        all.push(await file(areaPath, walkable.length > 0 ? '9999' : categories[random(3)]!, walkable))
      else await step(all[random(all.length)]!)
      if (random(4) === 0) house.clock.advance(random(20 * 3_600_000))
      if (random(6) === 0) await sweepCounty(house.app, county)
      if (random(3) === 0) await settleLedger(house.app, county)
      if (random(5) === 0) await expect(countBatch(killed(house.app), county)).rejects.toThrow('killed')
      if (random(3) === 0) await countBatch(house.app, county)
      if (turn === 40) await recount(house.app, county)
    }
    for (const filed of all) while (filed.walk.length > 0) await step(filed)
    await settleLedger(house.app, county)
    await settleCounts(house.app, county)
    await expectEqual()
    house.clock.advance(30 * 3_600_000)
    // The clock alone has made matters due: what is read adds it to what was counted.
    await expectEqual()
    await settleCounts(house.app, county)
    await expectEqual()
    await recount(house.app, county)
    await expectEqual()
  },
)

test('a report that is committed after later ones were counted is counted when it comes', async () => {
  const before = await live(paths.county)
  const resident = house.as({ kind: 'resident', label: '居民' })
  let release = (): void => {}
  const gate = new Promise<void>((done) => (release = done))
  let entered = (): void => {}
  const inside = new Promise<void>((done) => (entered = done))
  const slow = runCommand(
    house.app,
    {
      county,
      actor: { kind: 'resident', id: resident.id, sessionId: null, label: '居民' },
      grants: [],
      purpose: 'own',
      requestId: 'slow',
      locale: 'zh-CN',
    },
    async (cmd) => {
      await reportMatter(cmd, { kind: 'event', category: '0101', text: '迟到的一件', areaPath: paths.right })
      entered()
      await gate
    },
  )
  await inside
  await file(paths.right, '0101', [])
  await settleLedger(house.app, county)
  await settleCounts(house.app, county)
  await expectEqual()
  release()
  await slow
  await settleLedger(house.app, county)
  await settleCounts(house.app, county)
  expect((await live(paths.county)).figures!['open']).toBe(before.figures!['open']! + 2)
  await expectEqual()
})

test('another process that counts is not disturbed, and what it counted is not counted again', async () => {
  const other = await testApp({ database: house.database, now: house.clock.now().toISOString() })
  await file(paths.beside, '0101', [])
  await settleLedger(house.app, county)
  let inner: { counted: boolean } | undefined
  const holding: App = {
    ...house.app,
    db: {
      ...house.app.db,
      transaction: (code, work) =>
        house.app.db.transaction(code, async (tx) => {
          const answer = await work(tx)
          inner = await countBatch(other.app, county)
          return answer
        }),
    },
  }
  expect(await countBatch(holding, county)).toMatchObject({ counted: true })
  expect(inner).toEqual({ counted: false, more: false })
  await settleCounts(other.app, county)
  await expectEqual()
  await other.close()
})
