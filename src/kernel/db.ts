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
import type { Socket } from 'node:net'
import pg from 'pg'
import { Fault } from './faults.ts'
import type { Log } from './log.ts'
import { runPrepared } from './prepared.ts'
import type { DB } from './tables.ts'

/** The one connection and transaction of a command. */
export type Tx = Kysely<DB>

const INT8 = 20
const DATE = 1082
pg.types.setTypeParser(INT8, (text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new Error(`bigint ${text} does not fit a number`)
  return value
})
pg.types.setTypeParser(DATE, (text) => text)

const countyPattern = /^[0-9]{6}$/

/** Whether the text may stand in SET LOCAL app.county: a GB/T 2260 county code. */
export const isCounty = (text: string): boolean => countyPattern.test(text)

const clients = new WeakMap<object, pg.PoolClient>()
const camelCase = new CamelCasePlugin()

const nothing = async (): Promise<void> => {}

/** A command's turn on a connection that stays with its county: its transaction begins when a statement needs one. */
interface Turn {
  begun: Promise<unknown> | undefined
  /** Its whole write is made, or it has ended: nothing may follow. */
  over: boolean
}
const turns = new WeakMap<pg.PoolClient, Turn>()

/** Begins the command's transaction, if it has none yet; BEGIN leaves together with the statement that follows. */
function begin(client: pg.PoolClient): void {
  const turn = turns.get(client)
  if (!turn) return
  if (turn.over) throw new Error('the command is over: no statement may follow')
  if (turn.begun) return
  turn.begun = client.query('BEGIN')
  turn.begun.catch(() => {})
}

function connectionOf(client: pg.PoolClient): DatabaseConnection {
  return {
    async executeQuery<R>(query: CompiledQuery) {
      begin(client)
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

const bound = new WeakMap<pg.PoolClient, Tx>()

/** The Kysely bound to one client, whose transactions somebody else begins and ends; made once for each connection. */
function boundTo(client: pg.PoolClient): Tx {
  const held = bound.get(client)
  if (held) return held
  const tx = bindTo(client)
  bound.set(client, tx)
  return tx
}

function bindTo(client: pg.PoolClient): Tx {
  const connection = connectionOf(client)
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
  clients.set(tx, client)
  return tx
}

/** @throws Error for a Tx that no command made. */
function clientOf(tx: Tx): pg.PoolClient {
  const client = clients.get(tx)
  if (!client) throw new Error('not a command transaction')
  return client
}

/**
 * Runs one named prepared statement on the command's own connection: for hot paths, where building SQL costs more than running it.
 *
 * Columns come back as the statement names them (`area_path as "areaPath"`).
 * @param name Names the statement's text for ever; another text needs another name. Empty for one that is planned anew each time.
 */
export async function hot<Row>(tx: Tx, name: string, text: string, values: unknown[]): Promise<Row[]> {
  const client = clientOf(tx)
  begin(client)
  return (await runPrepared(client, { name, text, values })) as Row[]
}

/**
 * The same for a read that needs no transaction around it, because it locks nothing and what is written by it is checked again
 * by the write (`where version = …`). It begins none.
 */
export async function hotRead<Row>(tx: Tx, name: string, text: string, values: unknown[]): Promise<Row[]> {
  const client = clientOf(tx)
  if (turns.get(client)?.over) begin(client)
  return (await runPrepared(client, { name, text, values })) as Row[]
}

/**
 * The same for the one statement that is all that a command writes: where no transaction has begun it needs none, and saves
 * BEGIN and COMMIT. No statement may follow it.
 */
export async function hotWhole<Row>(tx: Tx, name: string, text: string, values: unknown[]): Promise<Row[]> {
  const client = clientOf(tx)
  const turn = turns.get(client)
  if (!turn || turn.begun || turn.over) return hot(tx, name, text, values)
  turn.over = true
  return (await runPrepared(client, { name, text, values })) as Row[]
}

interface PgError {
  code?: string
  constraint?: string
}

/** The violated constraint's name, a cluster's shard suffix stripped; undefined when the error is another one. */
export function constraintOf(error: unknown): string | undefined {
  const { code, constraint } = error as PgError
  if (!code?.startsWith('23') || !constraint) return undefined
  return constraint.replace(/_\d{5,}$/, '')
}

/** Whether the whole transaction may simply be run again: serialization failure or deadlock. */
export const isRetriable = (error: unknown): boolean => ['40001', '40P01'].includes((error as PgError).code ?? '')

const lostCodes = new Set([
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08003',
  '08001',
  '53300',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
])

/** Turns an outage of the database into a refusal that says so; other errors pass unchanged. */
export function asOutage(error: unknown): unknown {
  if (error instanceof Fault) return error
  const code = (error as PgError).code ?? ''
  const message = (error as Error).message ?? ''
  if (code === '53100') return new Fault('kernel.storage_full', {}, { cause: error })
  const lost =
    lostCodes.has(code) ||
    /Connection terminated|connection error|timeout exceeded when trying to connect/i.test(message)
  return lost ? new Fault('kernel.unavailable', {}, { cause: error, retryAfterSeconds: 2 }) : error
}

/**
 * Statements issued in one turn of the event loop leave in one write: BEGIN with its SET LOCAL and the first statements.
 * Measured: 12–14 % of the CPU of a short command went into separate writes.
 */
function writeTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  const query = client.query.bind(client) as (...sent: unknown[]) => unknown
  const corked = (...sent: unknown[]): unknown => {
    stream.cork()
    process.nextTick(() => stream.uncork())
    return query(...sent)
  }
  client.query = corked as typeof client.query
}

/** @throws kernel.unavailable when the database took the transaction back instead. */
async function commit(client: pg.PoolClient, begun: Promise<unknown>): Promise<void> {
  await begun
  const { command } = await client.query('COMMIT')
  if (command !== 'COMMIT') throw new Fault('kernel.unavailable', {}, { retryAfterSeconds: 1 })
}

export interface Database {
  readonly pool: pg.Pool
  /** Runs `work` in one transaction of the county and commits; rolls back when it throws. */
  transaction<T>(county: string, work: (tx: Tx) => Promise<T>): Promise<T>
  /**
   * Runs `work` where nothing can be written. Each statement sees what is committed when it begins, as within a
   * transaction of the usual level.
   */
  reading<T>(county: string, work: (tx: Tx) => Promise<T>): Promise<T>
  /**
   * The same on a connection apart from the pool, for the rare write that a command waits for while it holds a connection
   * itself: from the pool, as many commands as connections would wait for each other for ever.
   */
  aside<T>(county: string, work: (tx: Tx) => Promise<T>): Promise<T>
  /** One statement outside any county, on reference tables only. */
  reference<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

export interface DatabaseOptions {
  poolSize?: number
  log: Log
  applicationName?: string
  readOnly?: boolean
}

/** Whether the tables are spread over workers: there only a SET LOCAL inside a transaction reaches them. */
async function runsOnCluster(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query("select from pg_extension where extname = 'citus'").catch((error: unknown) => {
    throw asOutage(error)
  })
  return rows.length > 0
}

function openPool(url: string, max: number, options: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 10_000,
    application_name: options.applicationName ?? 'tongxin',
    // A prepared list with its limit as a parameter would be planned for parallel workers, whose start costs more than the list.
    options: `-c max_parallel_workers_per_gather=0${options.readOnly ? ' -c default_transaction_read_only=on' : ''}`,
    pipeline: true,
    keepAlive: true,
  } as pg.PoolConfig)
  pool.on('error', (error) => {
    // `end` does not wait for the connections' last words, so the server may be the one who ends them.
    if (!pool.ending) options.log.warn({ code: (error as PgError).code }, 'idle database connection lost')
  })
  pool.on('connect', (client) => {
    client.on('error', () => {})
    writeTogether(client)
    client.on('notice', (notice) => {
      if (/failed to commit transaction/i.test(notice.message ?? '')) client.emit('commit-failed')
    })
  })
  return pool
}

/**
 * Opens the pool as the application's role.
 *
 * Connections are pipelined: BEGIN with its literal SET LOCAL goes out together with the first statement, so a
 * transaction costs no extra round trip. Were BEGIN to fail, row-level security would still show the statement no row.
 */
export function openDatabase(url: string, options: DatabaseOptions): Database {
  const pool = openPool(url, options.poolSize ?? 10, options)
  const readers = openPool(url, options.poolSize ?? 10, { ...options, readOnly: true })
  const countyOf = new WeakMap<pg.PoolClient, string>()
  let cluster: boolean | undefined
  let apart: pg.Pool | undefined

  /** A transaction that brings its county with it: for connections that must not remember one. */
  async function inTransaction<T>(
    county: string,
    how: { opening: string; wait: boolean; from: pg.Pool },
    work: (tx: Tx) => Promise<T>,
  ): Promise<T> {
    if (!isCounty(county)) throw new Fault('kernel.unknown_county')
    const client = await how.from.connect().catch((error: unknown) => {
      throw asOutage(error)
    })
    let commitFailed = false
    const onFailed = (): void => {
      commitFailed = true
    }
    client.once('commit-failed' as 'error', onFailed)
    let broken: Error | undefined
    const release = (): void => {
      client.removeListener('commit-failed' as 'error', onFailed)
      client.release(broken)
    }
    const begun = client.query(`${how.opening}; SET LOCAL app.county = '${county}'`)
    begun.catch(() => {})
    let value: T
    try {
      value = await work(boundTo(client))
      await begun
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => {
        broken = failure
      })
      release()
      throw asOutage(error)
    }
    if (!how.wait) {
      client.query('COMMIT').then(release, (failure: Error) => {
        broken = failure
        release()
      })
      return value
    }
    try {
      const committed = await client.query('COMMIT')
      if (committed.command !== 'COMMIT' || commitFailed)
        throw new Fault('kernel.unavailable', {}, { retryAfterSeconds: 1 })
      return value
    } catch (error) {
      if (!(error instanceof Fault)) broken = error as Error
      throw asOutage(error)
    } finally {
      release()
    }
  }

  /** A connection that is set to the county, remembered from turn to turn. @throws kernel.unavailable */
  async function connectFor(county: string, from: pg.Pool): Promise<pg.PoolClient> {
    if (!isCounty(county)) throw new Fault('kernel.unknown_county')
    const client = await from.connect().catch((error: unknown) => {
      throw asOutage(error)
    })
    if (countyOf.get(client) === county) return client
    countyOf.delete(client)
    try {
      await client.query(`SET app.county = '${county}'`)
    } catch (error) {
      client.release(error as Error)
      throw asOutage(error)
    }
    countyOf.set(client, county)
    return client
  }

  /** A read on a connection that can only read: no BEGIN, no COMMIT, one round trip. */
  async function pinned<T>(county: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await connectFor(county, readers)
    let broken: Error | undefined
    try {
      return await work(boundTo(client))
    } catch (error) {
      const outage = asOutage(error)
      if (outage !== error) broken = error as Error
      throw outage
    } finally {
      client.release(broken)
    }
  }

  /** A write: its transaction begins with the first statement that needs one, and most of what is hot needs none. */
  async function writing<T>(county: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await connectFor(county, pool)
    const turn: Turn = { begun: undefined, over: false }
    turns.set(client, turn)
    let broken: Error | undefined
    try {
      const value = await work(boundTo(client))
      turn.over = true
      if (turn.begun) await commit(client, turn.begun)
      return value
    } catch (error) {
      turn.over = true
      const outage = asOutage(error)
      if (outage !== error) broken = error as Error
      if (turn.begun && !broken) {
        await client.query('ROLLBACK').catch((failure: Error) => {
          broken = failure
        })
      }
      throw outage
    } finally {
      client.release(broken)
    }
  }

  return {
    pool,
    async transaction(county, work) {
      cluster ??= await runsOnCluster(pool)
      return cluster ? inTransaction(county, { opening: 'BEGIN', wait: true, from: pool }, work) : writing(county, work)
    },
    async reading(county, work) {
      cluster ??= await runsOnCluster(pool)
      if (cluster) return inTransaction(county, { opening: 'BEGIN READ ONLY', wait: false, from: pool }, work)
      return pinned(county, work)
    },
    aside(county, work) {
      apart ??= openPool(url, 1, options)
      return inTransaction(county, { opening: 'BEGIN', wait: true, from: apart }, work)
    },
    async reference<Row extends object>(text: string, values: unknown[] = []) {
      const client = await pool.connect().catch((error: unknown) => {
        throw asOutage(error)
      })
      let broken: Error | undefined
      try {
        turns.delete(client)
        if (countyOf.delete(client)) void client.query('RESET app.county').catch(() => {})
        return (await client.query<Row>(text, values)).rows
      } catch (error) {
        const outage = asOutage(error)
        if (outage !== error) broken = error as Error
        throw outage
      } finally {
        client.release(broken)
      }
    },
    async close() {
      await Promise.all([pool.end(), readers.end(), apart?.end()])
    },
  }
}
