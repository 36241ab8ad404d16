import type { FastifyPluginAsync } from 'fastify'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Vault } from './crypto.ts'
import type { Database } from './db.ts'
import type { Handler, Sweep } from './jobs.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Ports } from './ports.ts'

/** The composed house: what `server.ts` puts together and every room's start and jobs may reach. */
export interface App {
  readonly config: Config
  readonly clock: Clock
  readonly db: Database
  readonly vault: Vault
  readonly ports: Ports
  readonly log: Log
  readonly metrics: Metrics
  /** Whether this is a folder made as demo, on an embedded database. */
  readonly demo: boolean
  /** All rooms, lowest first. */
  readonly rooms: readonly Room[]
  /** @throws kernel.storage_full while the disk is nearly full, kernel.unavailable while the database is away. */
  requireWritable(): void
}

/** A room's front door as `server.ts` sees it. */
export interface Room {
  readonly name: string
  /** Mounted under /api/v1. */
  readonly routes?: FastifyPluginAsync
  /** What happens later, once per ledger entry. */
  readonly handlers?: readonly Handler[]
  /** What happens from time to time, in one process at once. */
  readonly sweeps?: readonly Sweep[]
  /** Starts the room's own workers; the answer stops them. */
  start?(app: App): Promise<() => Promise<void>>
}

/** The counties of this installation. */
export async function countiesOf(app: Pick<App, 'db'>): Promise<{ code: string; name: string; demo: boolean }[]> {
  return app.db.reference('select code, name, demo from county order by code')
}

/** The county that was made first; null where there is none. */
export async function oldestCounty(app: Pick<App, 'db'>): Promise<string | null> {
  const [oldest] = await app.db.reference<{ code: string }>('select code from county order by created_at, code limit 1')
  return oldest?.code ?? null
}
