import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../src/kernel/config.ts'
import { silentLog } from '../src/kernel/log.ts'
import { migrate } from '../src/kernel/migrate.ts'
import { startPostgres, type EmbeddedPostgres } from '../src/kernel/postgres.ts'
import { withClient } from '../src/kernel/postgres-logins.ts'
import { isSeeded, seed } from './seed.ts'

export interface BenchDatabase {
  readonly ownerUrl: string
  readonly appUrl: string
  /** Passes row-level security by: what the yardstick connects as. */
  readonly superuserUrl: string
  /** The house's data folder: secrets and embedded database. */
  readonly dataDir: string
  /** Process id of the server. */
  readonly pid: number
  stop(): Promise<void>
}

const inside = (url: string, database: string): string => {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

/**
 * The measured database: embedded, durable, kept in DATA_DIR/bench so that it is not made anew for each run.
 *
 * @param say Tells how far the seeding is.
 */
export async function openBenchDatabase(say: (line: string) => void): Promise<BenchDatabase> {
  const dataDir = join(readConfig().dataDir, 'bench')
  mkdirSync(dataDir, { recursive: true, mode: 0o755 })
  let server = await startPostgres({ dataDir, log: silentLog, mode: 'product' })
  if (!(await isUsable(server))) {
    say('making the bench database')
    await withClient(server.superuserUrl, (client) => client.query('drop database if exists tongxin with (force)'))
    await server.stop()
    server = await startPostgres({ dataDir, log: silentLog, mode: 'product' })
    await migrate(server.ownerUrl)
    await seed(inside(server.superuserUrl, 'tongxin'), dataDir, say)
  }
  const { ownerUrl, appUrl } = server
  return {
    ownerUrl,
    appUrl,
    superuserUrl: inside(server.superuserUrl, 'tongxin'),
    dataDir,
    pid: server.status().pid!,
    stop: () => server.stop(),
  }
}

/** Seeded by this version, and migrated further without a complaint. */
async function isUsable(server: EmbeddedPostgres): Promise<boolean> {
  if (!(await isSeeded(inside(server.superuserUrl, 'tongxin')))) return false
  return migrate(server.ownerUrl).then(
    () => true,
    () => false,
  )
}
