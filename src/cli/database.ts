import { secretOf, type Config } from '../kernel/config.ts'
import { watchDisk } from '../kernel/disk.ts'
import { Fault } from '../kernel/faults.ts'
import type { Log } from '../kernel/log.ts'
import { migrate } from '../kernel/migrate.ts'
import { requireDurable, withClient } from '../kernel/postgres-logins.ts'
import { findRunning } from '../kernel/postgres-urls.ts'
import { layPostgres, type EmbeddedPostgres } from '../kernel/postgres.ts'

/** The database that a command works on, wherever it runs. */
export interface HouseDatabase {
  readonly ownerUrl: string
  readonly appUrl: string
  /** The embedded server, where this process keeps it. */
  readonly server: EmbeddedPostgres | undefined
  /** @throws kernel.unavailable while the server is away, kernel.storage_full while the disk is nearly full. */
  requireWritable(): void
  stop(): Promise<void>
}

/**
 * Starts the embedded server, or takes the one that DATABASE_URL names.
 *
 * @param beside Also accepts an embedded server that another process keeps: for commands run beside a working house.
 */
export async function openHouseDatabase(config: Config, log: Log, beside = false): Promise<HouseDatabase> {
  const running = beside && config.databaseUrl === '' ? await findRunning(config.dataDir) : undefined
  if (running) return { ...running, server: undefined, requireWritable: () => {}, stop: async () => {} }
  const database = layHouseDatabase(config, log)
  await database.open()
  return database
}

/** The same, not yet started: its logins are known, so a house can be composed while the server comes up. */
export function layHouseDatabase(config: Config, log: Log): HouseDatabase & { open(): Promise<void> } {
  if (config.databaseUrl !== '') return { ...ownDatabase(config), open: async () => {} }
  const server = layPostgres({ dataDir: config.dataDir, log, mode: 'product' })
  const disk = watchDisk(config.dataDir)
  return {
    ownerUrl: server.ownerUrl,
    appUrl: server.appUrl,
    server,
    requireWritable() {
      if (server.status().state !== 'ready') throw new Fault('kernel.unavailable', {}, { retryAfterSeconds: 2 })
      if (disk().nearlyFull) throw new Fault('kernel.storage_full')
    },
    open: () => server.start(),
    stop: () => server.stop(),
  }
}

function ownDatabase(config: Config): HouseDatabase {
  let appUrl = config.databaseAppUrl
  if (appUrl === '') {
    const derived = new URL(config.databaseUrl)
    derived.username = 'tongxin_app'
    derived.password = secretOf(config.dataDir, 'postgres-tongxin_app')
    appUrl = derived.href
  } else if (new URL(appUrl).username !== 'tongxin_app') {
    throw new Error('DATABASE_APP_URL must sign in as tongxin_app: the rights in db/migrations are given to that role')
  }
  const disk = watchDisk(config.dataDir)
  return {
    ownerUrl: config.databaseUrl,
    appUrl,
    server: undefined,
    requireWritable() {
      if (disk().nearlyFull) throw new Fault('kernel.storage_full')
    },
    stop: async () => {},
  }
}

/**
 * Brings the schema up to date and proves that the application may come in and can lose nothing.
 *
 * @returns the names of the migrations that ran now.
 */
export async function prepareHouseDatabase(config: Config, database: HouseDatabase): Promise<string[]> {
  const makesLogin = config.databaseUrl !== '' && config.databaseAppUrl === ''
  const applied = await migrate(
    database.ownerUrl,
    makesLogin ? { appPassword: secretOf(config.dataDir, 'postgres-tongxin_app') } : {},
  )
  if (database.server) return applied
  try {
    await requireDurable(database.appUrl)
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') throw error
    throw new Error('login tongxin_app exists with another password: give it in DATABASE_APP_URL', { cause: error })
  }
  await requireOrdinaryLogin(database.appUrl)
  return applied
}

/** Row-level security binds neither a superuser nor the owner of a table: such a login is refused. */
export async function requireOrdinaryLogin(appUrl: string): Promise<void> {
  const { rows } = await withClient(appUrl, (client) =>
    client.query(
      `select from pg_roles r where r.rolname = current_user and (r.rolsuper or r.rolbypassrls
         or exists (select from pg_class c where c.relowner = r.oid))`,
    ),
  )
  if (rows.length > 0)
    throw new Error('login tongxin_app may bypass row-level security or owns tables: take these rights away')
}
