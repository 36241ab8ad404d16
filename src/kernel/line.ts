import {
  CamelCasePlugin,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
} from 'kysely'
import type pg from 'pg'
import { runPrepared } from './prepared.ts'
import type { DB } from './tables.ts'

/** The one connection and, where it needs one, the one transaction of a command. */
export type Tx = Kysely<DB>

/** A command's way to the database: its connection is taken with the first statement, its transaction begun when one is needed. */
export interface Line {
  readonly county: string
  readonly take: () => Promise<pg.PoolClient>
  /** What begins the transaction; null where nothing can be written. */
  readonly opening: string | null
  /** Whether the county comes with the transaction, so that no statement goes without. */
  readonly always: boolean
  /** Loads for many askers at once, on a line of its own; undefined where the asker's transaction must see to it. */
  readonly aside: (<T>(work: (tx: Tx) => Promise<T>) => Promise<T>) | undefined
  taking: Promise<pg.PoolClient> | undefined
  client: pg.PoolClient | undefined
  begun: Promise<unknown> | undefined
  /** Its whole write is made, or it has ended: nothing may follow. */
  over: boolean
}

const lines = new WeakMap<Tx, Line>()
const camelCase = new CamelCasePlugin()
const nothing = async (): Promise<void> => {}

/** @throws Error for a Tx that no command made. */
function lineOf(tx: Tx): Line {
  const line = lines.get(tx)
  if (!line) throw new Error('not the tx of a command')
  return line
}

async function clientOn(line: Line): Promise<pg.PoolClient> {
  if (line.over) throw new Error('the command is over: no statement may follow')
  if (line.client) return line.client
  line.taking ??= line.take()
  line.client = await line.taking
  if (line.over) throw new Error('the command is over: no statement may follow')
  return line.client
}

/** Begins the transaction if it has not begun; the opening leaves together with the statement that follows. */
function begin(line: Line, client: pg.PoolClient): void {
  if (line.begun || line.opening === null) return
  line.begun = client.query(line.opening)
  line.begun.catch(() => {})
}

function connectionOf(line: Line): DatabaseConnection {
  return {
    async executeQuery<R>(query: CompiledQuery) {
      const client = await clientOn(line)
      begin(line, client)
      const result = await client.query({ text: query.sql, values: query.parameters as unknown[] })
      const affected = result.command === 'SELECT' ? undefined : BigInt(result.rowCount ?? 0)
      return { rows: result.rows as R[], numAffectedRows: affected }
    },
    // eslint-disable-next-line require-yield
    async *streamQuery() {
      throw new Error('streaming is not used: page with a cursor')
    },
  }
}

/** The Kysely of one command; making it costs a microsecond, and none outlives its command. */
export function txOn(line: Line): Tx {
  const connection = connectionOf(line)
  const driver: Driver = {
    init: nothing,
    acquireConnection: async () => connection,
    beginTransaction: async () => {
      throw new Error('a command has exactly one transaction')
    },
    commitTransaction: nothing,
    rollbackTransaction: nothing,
    releaseConnection: nothing,
    destroy: nothing,
  }
  const tx = new Kysely<DB>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    plugins: [camelCase],
  })
  lines.set(tx, line)
  return tx
}

/**
 * Runs one named prepared statement on the command's own connection: for hot paths, where building SQL costs more than running it.
 *
 * Columns come back as the statement names them (`area_path as "areaPath"`).
 * @param name Names the statement's text for ever; another text needs another name. Empty for one that is planned anew each time.
 */
export async function hot<Row>(tx: Tx, name: string, text: string, values: unknown[]): Promise<Row[]> {
  const line = lineOf(tx)
  const client = await clientOn(line)
  begin(line, client)
  return (await runPrepared(client, { name, text, values })) as Row[]
}

/**
 * The same for a read that needs no transaction around it, because it locks nothing and what is written by it is checked again
 * by the write (`where version = …`). It begins none.
 */
export async function hotRead<Row>(tx: Tx, name: string, text: string, values: unknown[]): Promise<Row[]> {
  const line = lineOf(tx)
  const client = await clientOn(line)
  if (line.always) begin(line, client)
  return (await runPrepared(client, { name, text, values })) as Row[]
}

/**
 * The same for the one statement that is all that a command writes: where no transaction has begun it needs none, and saves
 * BEGIN and COMMIT. No statement may follow it.
 */
export async function hotWhole<Row>(tx: Tx, name: string, text: string, values: unknown[]): Promise<Row[]> {
  const line = lineOf(tx)
  if (line.begun || line.always) return hot(tx, name, text, values)
  const client = await clientOn(line)
  line.over = true
  return (await runPrepared(client, { name, text, values })) as Row[]
}

type Load<Found> = (tx: Tx, keys: readonly string[]) => Promise<ReadonlyMap<string, Found>>

interface Asker {
  key: string
  done(found: unknown): void
  failed(error: unknown): void
}

/** Askers of one turn of the event loop, by county and what they ask for. */
const waiting = new Map<string, Asker[]>()
const KEYS_MAX = 64

/**
 * One row by its key, read together with what other readers ask for in the same turn of the event loop: one statement for all
 * of them. Where only one asks, it costs what it would alone. A command that writes reads for itself.
 *
 * @param name Names what is loaded; the same name always comes with the same `load`.
 * @returns undefined when there is no such row.
 */
export async function gathered<Found>(
  tx: Tx,
  name: string,
  key: string,
  load: Load<Found>,
): Promise<Found | undefined> {
  const { county, aside, taking } = lineOf(tx)
  // Who holds a connection already must not wait for another: all might.
  if (!aside || taking) return (await load(tx, [key])).get(key)
  const place = `${county} ${name}`
  const askers = waiting.get(place)
  return new Promise((done, failed) => {
    const asker: Asker = { key, done: done as Asker['done'], failed }
    if (askers && askers.length < KEYS_MAX) {
      askers.push(asker)
      return
    }
    const fresh = [asker]
    waiting.set(place, fresh)
    setImmediate(() => {
      if (waiting.get(place) === fresh) waiting.delete(place)
      void answer(fresh, (keys) => aside((own) => load(own, keys)))
    })
  })
}

/** One asker's failure is not the others': what fails together is asked for one by one. */
async function answer(
  askers: readonly Asker[],
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, unknown>>,
): Promise<void> {
  const keys = [...new Set(askers.map(({ key }) => key))]
  try {
    const found = await load(keys)
    for (const { key, done } of askers) done(found.get(key))
  } catch (error) {
    if (keys.length === 1) for (const { failed } of askers) failed(error)
    else await Promise.all(askers.map((asker) => answer([asker], load)))
  }
}
