import type { Socket } from 'node:net'
import pg from 'pg'
import { Fault } from './faults.ts'
import { txOn, type Line, type Tx } from './line.ts'
import type { Log } from './log.ts'

export { gathered, hot, hotRead, hotWhole, type Tx } from './line.ts'

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

/** Connections on which a spread transaction was said to have failed, though COMMIT was answered. */
const failedCommits = new WeakSet<pg.PoolClient>()

/** @throws kernel.unavailable when the database took the transaction back instead. */
async function commit(client: pg.PoolClient, begun: Promise<unknown>): Promise<void> {
  await begun
  const { command } = await client.query('COMMIT')
  const failed = failedCommits.delete(client)
  if (command !== 'COMMIT' || failed) throw new Fault('kernel.unavailable', {}, { retryAfterSeconds: 1 })
}

/** Runs the work on its line and gives the connection back, its transaction committed or rolled back. */
async function onLine<T>(line: Line, work: (tx: Tx) => Promise<T>): Promise<T> {
  let broken: Error | undefined
  try {
    const value = await work(txOn(line))
    line.over = true
    if (line.begun) await commit(line.client!, line.begun)
    return value
  } catch (error) {
    line.over = true
    const outage = asOutage(error)
    if (outage !== error) broken = error as Error
    if (line.begun && !broken) {
      await line.client!.query('ROLLBACK').catch((failure: Error) => {
        broken = failure
      })
    }
    throw outage
  } finally {
    line.taking?.then(
      (client) => client.release(broken),
      () => {},
    )
  }
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
      if (/failed to commit transaction/i.test(notice.message ?? '')) failedCommits.add(client)
    })
  })
  return pool
}

const fresh = { taking: undefined, client: undefined, begun: undefined, over: false }

const connectTo = (pool: pg.Pool): Promise<pg.PoolClient> =>
  pool.connect().catch((error: unknown) => {
    throw asOutage(error)
  })

/**
 * Opens the pools as the application's role: one that writes, one that can only read.
 *
 * A connection keeps its county, and is set anew when it turns to another; were that to fail, row-level security would show
 * its statements no row. Connections are pipelined: BEGIN goes out together with the first statement that needs it.
 */
export function openDatabase(url: string, options: DatabaseOptions): Database {
  const pool = openPool(url, options.poolSize ?? 10, options)
  const readers = openPool(url, options.poolSize ?? 10, { ...options, readOnly: true })
  const countyOf = new WeakMap<pg.PoolClient, string>()
  let cluster: boolean | undefined
  let apart: pg.Pool | undefined

  /** A connection that is set to the county, remembered from turn to turn. @throws kernel.unavailable */
  async function connectFor(county: string, from: pg.Pool): Promise<pg.PoolClient> {
    const client = await connectTo(from)
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

  /** Where connections keep their county, a read needs no transaction and a write begins its own when it must. */
  const pinned = (county: string, from: pg.Pool): Line => {
    if (!isCounty(county)) throw new Fault('kernel.unknown_county')
    return {
      ...fresh,
      county,
      take: () => connectFor(county, from),
      opening: from === readers ? null : 'BEGIN',
      always: false,
      aside: from === readers ? (work) => onLine(pinned(county, readers), work) : undefined,
    }
  }

  /** A transaction that brings its county with it: for connections that must not remember one. */
  function carried(county: string, opening: 'BEGIN' | 'BEGIN READ ONLY', from: pg.Pool): Line {
    if (!isCounty(county)) throw new Fault('kernel.unknown_county')
    const whole = `${opening}; SET LOCAL app.county = '${county}'`
    return { ...fresh, county, take: () => connectTo(from), opening: whole, always: true, aside: undefined }
  }

  return {
    pool,
    async transaction(county, work) {
      cluster ??= await runsOnCluster(pool)
      return onLine(cluster ? carried(county, 'BEGIN', pool) : pinned(county, pool), work)
    },
    async reading(county, work) {
      cluster ??= await runsOnCluster(pool)
      return onLine(cluster ? carried(county, 'BEGIN READ ONLY', pool) : pinned(county, readers), work)
    },
    async aside(county, work) {
      apart ??= openPool(url, 1, options)
      return onLine(carried(county, 'BEGIN', apart), work)
    },
    async reference<Row extends object>(text: string, values: unknown[] = []) {
      const client = await connectTo(pool)
      let broken: Error | undefined
      try {
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
