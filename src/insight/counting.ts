import type { App } from '../kernel/app.ts'
import type { Tx } from '../kernel/db.ts'
import { AreaClosed, AreaMerged, AreaMoved, AreaRehomed, AreaSplit } from '../grid/index.ts'
import { followSubjects } from '../ledger/index.ts'
import { MatterMoved, MatterOverdue, MatterRated, MatterReminded, MatterReported } from '../loop/index.ts'
import { addHistograms, type DayChange, countsAlike, Tally, type Counted } from './rules.ts'
import * as store from './store.ts'

/** Leaves of one transaction: enough that a busy second is one batch, few enough that it takes some hundredths of one. */
const LEAVES = 1_000
/** Matters of one transaction of the first count. */
const BUILD = 5_000
/** After a long stop the clock is caught up with in steps, so that no batch holds half a county. */
const CLOCK_STEP_MS = 3_600_000
const REHOMED = 5_000

/** All that counting needs of the house. */
type House = Pick<App, 'db' | 'clock'>

const aboutMatters = new Set(
  [MatterReported, MatterMoved, MatterRated, MatterReminded, MatterOverdue].map((event) => event.name),
)

/** Their entries say what lay where. */
const aboutAreas = [AreaMoved, AreaClosed, AreaSplit, AreaMerged, AreaRehomed].map((event) => event.name)

/**
 * Counts one batch of a county: the first count of a house that has none, else what the ledger has gained and what the
 * clock has made due. Place in the ledger and counts are saved together, so a batch happens once or not at all.
 *
 * A matter is counted as its row is now, measured against how it was counted last: however late an entry is sealed, and
 * however far the row is ahead of it, the counts end where the rows are.
 * @returns whether this process counted, and whether there is more; not counted means that another process is at it.
 */
export async function countBatch(app: House, county: string): Promise<{ counted: boolean; more: boolean }> {
  return app.db.transaction(county, async (tx) => {
    await store.commitLazily(tx)
    const now = app.clock.now()
    const state = await store.lockState(tx, county, now)
    if (!state) return { counted: false, more: false }
    return {
      counted: true,
      more: state.builtAt ? await goOn(tx, county, state, now) : await build(tx, county, state, now),
    }
  })
}

/** Every matter once, by id; entries that come meanwhile are followed afterwards and change nothing twice. */
async function build(tx: Tx, county: string, state: store.CountState, now: Date): Promise<boolean> {
  const rows = await store.listMattersAfter(tx, county, state.buildAfter, BUILD)
  await apply(tx, county, rows, state.dueUntil)
  const done = rows.length < BUILD
  const buildAfter = rows.at(-1)?.id ?? state.buildAfter
  await store.saveState(tx, county, { ...state, buildAfter, builtAt: done ? now : null })
  return true
}

async function goOn(tx: Tx, county: string, state: store.CountState, now: Date): Promise<boolean> {
  const entries = await followSubjects({ county, tx }, state.nextIndex, { limit: LEAVES, whole: aboutAreas })
  const ids = new Set<string>()
  const moved = new Set<string>()
  for (const { event, subjectId, body } of entries) {
    if (aboutMatters.has(event)) ids.add(subjectId)
    else if (event === AreaMoved.name) moved.add((body as { from: string }).from)
    else if (event === AreaClosed.name || event === AreaSplit.name) moved.add((body as { path: string }).path)
    else if (event === AreaMerged.name || event === AreaRehomed.name)
      for (const path of (body as { from: string[] }).from) moved.add(path)
  }
  for (const path of moved) for (const id of await store.listRehomed(tx, county, path, REHOMED)) ids.add(id)
  if (ids.size > 0) await apply(tx, county, await store.readMatters(tx, county, [...ids]), state.dueUntil)
  const dueUntil = await passTime(tx, county, state.dueUntil, now)
  const more = entries.length === LEAVES || dueUntil < now
  const nextIndex = (entries.at(-1)?.leafIndex ?? state.nextIndex - 1) + 1
  await store.saveState(tx, county, { ...state, nextIndex, dueUntil, standsAt: more ? state.standsAt : now })
  return more
}

/** Deadlines that were counted anew leave no entry; they are looked for now and then. */
export async function countRecounted(app: House, county: string): Promise<number> {
  return app.db.transaction(county, async (tx) => {
    await store.commitLazily(tx)
    const state = await store.lockState(tx, county, app.clock.now())
    if (!state?.builtAt) return 0
    const ids = await store.listRecounted(tx, county, BUILD)
    if (ids.length > 0) await apply(tx, county, await store.readMatters(tx, county, ids), state.dueUntil)
    return ids.length
  })
}

async function passTime(tx: Tx, county: string, from: Date, now: Date): Promise<Date> {
  const to = new Date(Math.min(now.getTime(), from.getTime() + CLOCK_STEP_MS))
  // A clock that was set back waits until it is where it was.
  if (to <= from) return from
  const tally = new Tally()
  for (const { dueAt, areaPath, count } of await store.listPassed(tx, county, from, to))
    for (let at = 0; at < count; at++) tally.pass(dueAt, areaPath, from, to)
  await save(tx, county, tally)
  return to
}

async function apply(tx: Tx, county: string, rows: readonly Counted[], dueUntil: Date): Promise<void> {
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  const before = new Map((await store.readCounted(tx, county, ids)).map((row) => [row.id, row]))
  const changed = rows.filter((row) => {
    const known = before.get(row.id)
    return !known || !countsAlike(known, row)
  })
  if (changed.length === 0) return
  const tally = new Tally()
  for (const row of changed) tally.change(before.get(row.id), row, dueUntil)
  await store.saveCounted(tx, county, changed)
  await save(tx, county, tally)
}

/** In the order of their keys. */
const sorted = <Row>(rows: ReadonlyMap<string, Row>, matters: (row: Row) => boolean): Row[] =>
  [...rows].toSorted(([one], [other]) => (one < other ? -1 : 1)).flatMap(([, row]) => (matters(row) ? [row] : []))

/** Most moves change nothing of the days on which a matter was reported or closed. */
const hasChanged = ({ areaPath: _areaPath, day: _day, histogram, ...counts }: DayChange): boolean =>
  Object.values(counts).some((count) => count !== 0) || histogram.some((count) => count !== 0)

async function save(tx: Tx, county: string, tally: Tally): Promise<void> {
  const areas = sorted(tally.areas, ({ open, overdue, dueSoon }) => open !== 0 || overdue !== 0 || dueSoon !== 0)
  const opens = sorted(tally.opens, ({ open }) => open !== 0)
  const days = sorted(tally.days, hasChanged)
  if (areas.length > 0) await store.addToAreas(tx, county, areas)
  if (opens.length > 0) await store.addToOpen(tx, county, opens)
  if (days.length === 0) return
  const known = new Map(
    (await store.readHistograms(tx, county, days)).map((row) => [`${row.areaPath}|${row.day}`, row.histogram]),
  )
  const whole = days.map((row) => {
    const before = known.get(`${row.areaPath}|${row.day}`)
    return before ? { ...row, histogram: addHistograms(row.histogram, before) } : row
  })
  await store.addToDays(tx, county, whole)
}

/** Counts until nothing is left: for tests, seeds and the command line. */
export async function settleCounts(app: House, county: string): Promise<void> {
  for (;;) {
    const { counted, more } = await countBatch(app, county)
    if (!counted || !more) return
  }
}

/** Counts a county anew from its matters. */
export async function recount(app: House, county: string): Promise<void> {
  await app.db.transaction(county, (tx) => store.forgetCounts(tx, county))
  await settleCounts(app, county)
}
