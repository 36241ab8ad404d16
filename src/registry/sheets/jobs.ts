import { hostname } from 'node:os'
import { countiesOf, type App } from '../../kernel/app.ts'
import { runCommand, runRead, runSystem, type Command, type CommandRequest } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { isWithin } from '../../kernel/grants.ts'
import { errorKind, type Sweep } from '../../kernel/jobs.ts'
import type { Bytes } from '../../kernel/sheet-bytes.ts'
import { baseAreas } from '../../grid/index.ts'
import { record } from '../../ledger/index.ts'
import { dayOf } from '../rules.ts'
import { AreaFinder } from './areas.ts'
import {
  KEPT_DAYS,
  noCounts,
  PROBLEM_ROWS_MAX,
  SheetTaken,
  type Counts,
  type ImportState,
  type KeptProblem,
  type LookedSheet,
} from './contract.ts'
import { planBatch, type BatchPlan, type SheetTerms } from './plan.ts'
import { ahead, batchesOf, lookAt, type Batch, type SheetToRead } from './reading.ts'
import { openSealed } from './sealed-file.ts'
import { SeenKeys } from './seen.ts'
import * as store from './store.ts'
import { takeOrganisations } from './organisations.ts'
import { writePlan } from './taking.ts'
import { listenForSheets } from './wake.ts'

/** A claim is renewed with every batch; whoever dies is followed this long after. */
const CLAIM_SECONDS = 60
const IDLE_MS = 5_000
const ATTEMPTS_MAX = 4

/** Somebody paused, cancelled or took the import over: what was under way is taken back, and that is all. */
class Stopped extends Error {}

interface Work {
  readonly app: App
  readonly county: string
  readonly row: store.ImportRow
  readonly by: string
  readonly stopped: () => boolean
  readonly batchRows: number | undefined
}

/** What a command of the import's owner needs: their grants as they are now, not as they were when it began. */
async function requestOf({ app, county, row }: Work): Promise<CommandRequest> {
  const grants = row.byAccount ? await app.ports.grants.grantsOf(county, row.byAccount, app.clock.now()) : []
  const actor = { kind: 'staff' as const, id: row.byAccount, sessionId: null, label: row.byLabel }
  return { county, actor, grants, purpose: 'handling', requestId: `import-${row.id}`, locale: 'zh-CN' }
}

const bytesOf = (cmd: Pick<App, 'vault' | 'ports'>, county: string, row: store.ImportRow): Bytes => {
  if (!row.objectKey || !row.keySealed) throw new Fault('registry.sheet_gone')
  return openSealed(cmd.ports.storage, row.objectKey, cmd.vault.open(county, row.keySealed), row.sizeBytes)
}

/** The sheet of an import as it is to be read. */
export function sheetOf(cmd: Pick<App, 'vault'>, county: string, row: store.ImportRow, today: string): SheetToRead {
  const looked = row.lookSealed ? (JSON.parse(cmd.vault.open(county, row.lookSealed)) as LookedSheet[]) : []
  const sheet = looked.find(({ name }) => name === row.settings?.sheet)
  if (!row.settings || !sheet) throw new Fault('registry.sheet_gone')
  return { kind: row.kind, settings: row.settings, headings: sheet.headings, today }
}

export const openImport = (app: Pick<App, 'vault' | 'ports'>, county: string, row: store.ImportRow): Bytes =>
  bytesOf(app, county, row)

async function advance(
  cmd: Command,
  work: Work,
  from: { state: ImportState; rowsDone: number },
  set: Parameters<typeof store.advanceImport>[2]['set'],
): Promise<void> {
  const ends = set.state !== undefined && set.state !== from.state
  const until = ends ? null : new Date(cmd.now.getTime() + CLAIM_SECONDS * 1000)
  const step = { id: work.row.id, by: work.by, from: from.state, expected: from.rowsDone, until, now: cmd.now, set }
  if (!(await store.advanceImport(cmd.tx, cmd.county, step))) throw new Stopped()
}

/** Reads the top of each sheet and says what the columns seem to hold. */
async function look(work: Work): Promise<void> {
  const { app, county, row } = work
  const sheets = await lookAt(bytesOf(app, county, row), row.kind, (fingerprint) =>
    app.db.reading(county, (tx) => store.findMapping(tx, county, row.kind, fingerprint)),
  )
  if (sheets.length === 0) throw new Fault('registry.sheet_empty')
  const lookSealed = app.vault.seal(county, JSON.stringify(sheets))
  await runCommand(app, await requestOf(work), (cmd) =>
    advance(cmd, work, { state: 'reading', rowsDone: 0 }, { state: 'mapping', lookSealed }),
  )
}

/** What holds for all rows: the county's areas, the owner's scope, the day of the sheet. */
async function termsOf(cmd: Command, row: store.ImportRow): Promise<SheetTerms> {
  const root = row.areaPath
  const finder = new AreaFinder(await baseAreas(cmd), root)
  const chosen = row.settings?.area ?? root
  const today = dayOf(cmd.now)
  const asOf = row.settings?.asOf ?? today
  return {
    finder,
    area: isWithin(chosen, root) && finder.isHome(chosen) ? chosen : null,
    inScope: (path) => isWithin(path, root),
    asOf,
    seenAt: asOf >= today ? cmd.now : new Date(`${asOf}T15:59:59Z`),
    made: new SeenKeys(),
  }
}

const sum = (one: Counts, other: Counts): Counts =>
  Object.fromEntries(Object.entries(one).map(([key, count]) => [key, count + other[key as keyof Counts]])) as Counts

const CELL_KEPT = 60

/** What is wrong, with what stands in the cell, as it is kept: sealed. */
function problemsOf(cmd: Command, work: Work, plan: Pick<BatchPlan, 'outcomes'>): store.ProblemRow[] {
  const columns = work.row.settings?.columns ?? {}
  return plan.outcomes.flatMap(({ row, outcome, problems }) => {
    if (outcome !== 'refused' && outcome !== 'conflict') return []
    const kept = problems.map((problem): KeptProblem => {
      const cell = problem.field === null ? '' : (row.cells[columns[problem.field] ?? -1] ?? '')
      return { ...problem, cell: cell.slice(0, CELL_KEPT) }
    })
    return [{ rowNumber: row.number, outcome, problemsSealed: cmd.vault.seal(cmd.county, JSON.stringify(kept)) }]
  })
}

/** Requires that the owner still may. @throws kernel.forbidden */
function requireStill(request: CommandRequest, path: string): void {
  const may = request.grants.some(({ action, path: root }) => action === 'registry.import' && isWithin(path, root))
  if (!may) throw new Fault('kernel.forbidden', { action: 'registry.import' })
}

/** Looks at every row against what the county knows, and writes down what would become of it. */
async function check(work: Work): Promise<void> {
  const { app, county, row } = work
  const request = await requestOf(work)
  requireStill(request, row.areaPath)
  const terms = await runRead(app, request, (cmd) => termsOf(cmd, row))
  const sheet = sheetOf(app, county, row, dayOf(app.clock.now()))
  let counts = noCounts()
  // A dry run that died begins anew: it wrote nothing but its notes.
  let done = row.rowsDone
  await runCommand(app, request, async (cmd) => {
    await store.saveProblems(cmd.tx, county, { importId: row.id, fromRow: 0, toRow: 2_147_483_647, problems: [] })
    await advance(cmd, work, { state: 'checking', rowsDone: done }, { rowsDone: 0, checked: counts })
  })
  done = 0
  for await (const batch of ahead(batchesOf(bytesOf(app, county, row), sheet, { done: 0, most: work.batchRows }))) {
    if (work.stopped()) throw new Stopped()
    await runCommand(app, await requestOf(work), async (cmd) => {
      const plan =
        row.kind === 'people'
          ? await planBatch(cmd, terms, batch.rows)
          : await takeOrganisations(cmd, terms, batch.rows, null)
      const next = sum(counts, plan.counts)
      if (next.refused + next.conflict > PROBLEM_ROWS_MAX)
        throw new Fault('registry.too_many_problem_rows', { most: PROBLEM_ROWS_MAX })
      const part = { importId: row.id, fromRow: batch.rows[0]!.number, toRow: batch.rows.at(-1)!.number }
      await store.saveProblems(cmd.tx, county, { ...part, problems: problemsOf(cmd, work, plan) })
      await advance(
        cmd,
        work,
        { state: 'checking', rowsDone: done },
        { rowsDone: done + batch.rows.length, checked: next },
      )
      counts = next
    })
    done += batch.rows.length
  }
  if (done === 0) throw new Fault('registry.sheet_empty')
  await runCommand(app, await requestOf(work), (cmd) =>
    advance(cmd, work, { state: 'checking', rowsDone: done }, { state: 'checked', rowsTotal: done, checked: counts }),
  )
}

/** Another writer was quicker with one of the addresses or people: the batch is planned anew. */
const isRace = (error: unknown): boolean =>
  error instanceof Fault && ['registry.address_taken', 'kernel.stale', 'kernel.conflict'].includes(error.code)

/** Takes a batch in: rows, history, what they are found by, entry and the import's place in one transaction. */
async function takeBatch(
  work: Work,
  terms: SheetTerms,
  at: { batch: Batch; done: number; number: number; counts: Counts },
): Promise<Counts> {
  const { app, county, row } = work
  const { batch, done, number } = at
  for (let attempt = 1; ; attempt++) {
    const request = await requestOf(work)
    requireStill(request, row.areaPath)
    try {
      return await runCommand(app, request, async (cmd) => {
        await store.lockCounty(cmd.tx, county)
        const why = { source: 'sheet' as const, reason: row.fileName.slice(0, 200), seenAt: terms.seenAt }
        const { plan, records } = await planAndWrite(cmd, terms, work, { rows: batch.rows, why })
        const counts = sum(at.counts, plan.counts)
        const [first, last] = [batch.rows[0]!.number, batch.rows.at(-1)!.number]
        const part = { importId: row.id, fromRow: first, toRow: last }
        await store.saveProblems(cmd.tx, county, { ...part, problems: problemsOf(cmd, work, plan) })
        const rows = batch.rows.length
        const batchRow = { importId: row.id, number, firstRow: first, lastRow: last, rows, records, at: cmd.now }
        await store.insertBatch(cmd.tx, county, batchRow)
        const set = { rowsDone: done + rows, batches: number, taken: counts }
        await advance(cmd, work, { state: 'running', rowsDone: done }, set)
        return counts
      })
    } catch (error) {
      if (!isRace(error) || attempt >= ATTEMPTS_MAX) throw error
    }
  }
}

async function planAndWrite(
  cmd: Command,
  terms: SheetTerms,
  work: Work,
  part: { rows: Batch['rows']; why: Parameters<typeof writePlan>[2] },
): Promise<{ plan: Pick<BatchPlan, 'outcomes' | 'counts'>; records: string[] }> {
  if (work.row.kind === 'organisations') {
    const plan = await takeOrganisations(cmd, terms, part.rows, part.why)
    return { plan, records: plan.records }
  }
  const plan = await planBatch(cmd, terms, part.rows)
  return { plan, records: await writePlan(cmd, plan, part.why) }
}

async function run(work: Work): Promise<void> {
  const { app, county, row } = work
  const terms = await runRead(app, await requestOf(work), (cmd) => termsOf(cmd, row))
  const sheet = sheetOf(app, county, row, dayOf(app.clock.now()))
  let [done, number, counts] = [row.rowsDone, row.batches, row.taken ?? noCounts()]
  for await (const batch of ahead(batchesOf(bytesOf(app, county, row), sheet, { done, most: work.batchRows }))) {
    if (work.stopped()) throw new Stopped()
    number++
    counts = await takeBatch(work, terms, { batch, done, number, counts })
    done += batch.rows.length
  }
  await runCommand(app, await requestOf(work), async (cmd) => {
    const set = { state: 'done' as const, rowsTotal: done, taken: counts, finishedAt: cmd.now }
    await advance(cmd, work, { state: 'running', rowsDone: done }, set)
    await record(cmd, SheetTaken, { id: row.id, version: number + 1_000_000 }, bodyOf(row, 'done', counts))
  })
}

export const bodyOf = (row: Pick<store.ImportRow, 'kind' | 'areaPath' | 'sha256'>, act: string, counts: Counts) => ({
  kind: row.kind,
  areaPath: row.areaPath,
  sha256: row.sha256,
  act,
  counts,
})

const steps: Partial<Record<ImportState, (work: Work) => Promise<void>>> = {
  reading: look,
  checking: check,
  running: run,
}

/** Ends an import that cannot go on; what it has taken in stays, and it says why. */
async function fail(work: Work, error: unknown): Promise<void> {
  const { app, county, row } = work
  const trouble = error instanceof Fault ? JSON.stringify({ code: error.code, detail: error.detail }) : errorKind(error)
  if (!(error instanceof Fault)) app.log.error({ err: error, import: row.id }, 'import failed')
  await runSystem(app, county, async (cmd) => {
    const now = await store.findImport(cmd.tx, county, row.id)
    if (!now || now.state !== row.state) return
    const set = { state: 'failed' as const, trouble, finishedAt: cmd.now }
    await advance(cmd, work, { state: row.state, rowsDone: now.rowsDone }, set).catch(() => {})
  })
}

const nameOfProcess = `${hostname()}-${process.pid}`
let claims = 0

/**
 * Works off what waits in a county: looks, dry runs, runs.
 *
 * @param options.stopped Asked between batches: true leaves the rest to whoever comes next.
 * @param options.batchRows Rows of one transaction and one entry; 5,000 where not said.
 * @returns how many steps were done.
 */
export async function workOffImports(
  app: App,
  county: string,
  { stopped = () => false, batchRows }: { stopped?: () => boolean; batchRows?: number } = {},
): Promise<number> {
  let done = 0
  while (!stopped()) {
    const now = app.clock.now()
    const by = `${nameOfProcess}-${++claims}`
    const row = await app.db.transaction(county, (tx) =>
      store.claimImport(tx, county, { by, now, until: new Date(now.getTime() + CLAIM_SECONDS * 1000) }),
    )
    if (!row) return done
    const work: Work = { app, county, row, by, stopped, batchRows }
    try {
      await steps[row.state]?.(work)
    } catch (error) {
      if (!(error instanceof Stopped)) await fail(work, error)
      else if (stopped()) await app.db.transaction(county, (tx) => store.releaseImport(tx, county, row.id, by))
    }
    done++
  }
  return done
}

/** Keeps imports going beside requests; a hint wakes it, and it looks now and then by itself. */
export function startImports(app: App): () => Promise<void> {
  let stopped = false
  let rouse = (): void => {}
  let hinted = false
  const deaf = listenForSheets(() => {
    hinted = true
    rouse()
  })
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      if (stopped || hinted) return resolve()
      const timer = setTimeout(resolve, IDLE_MS)
      rouse = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const running = (async () => {
    while (!stopped) {
      hinted = false
      try {
        for (const { code } of await countiesOf(app))
          if (!stopped) await workOffImports(app, code, { stopped: () => stopped })
      } catch (error) {
        app.log.warn({ kind: errorKind(error) }, 'imports could not be looked after')
      }
      await pause()
    }
  })()
  return async () => {
    stopped = true
    deaf()
    rouse()
    await running
  }
}

/** Deletes sheets whose time is over, with what was wrong in them. */
async function forgetSheets(app: App): Promise<void> {
  for (const { code } of await countiesOf(app)) {
    const before = new Date(app.clock.now().getTime() - KEPT_DAYS * 86_400_000)
    const old = await app.db.reading(code, (tx) => store.listOutlived(tx, code, before))
    for (const { id, objectKey } of old) {
      await app.ports.storage.delete(objectKey)
      await app.db.transaction(code, (tx) => store.forgetSheet(tx, code, id, app.clock.now()))
    }
  }
}

export const sheetSweeps: readonly Sweep[] = [{ name: 'registry.forget_sheets', everySeconds: 3600, run: forgetSheets }]
