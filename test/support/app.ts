import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { App, Room } from '../../src/kernel/app.ts'
import { FixedClock } from '../../src/kernel/clock.ts'
import { readConfig } from '../../src/kernel/config.ts'
import { makeVault } from '../../src/kernel/crypto.ts'
import { openDatabase, type Database } from '../../src/kernel/db.ts'
import { buildHttp } from '../../src/kernel/http.ts'
import { silentLog, type Log } from '../../src/kernel/log.ts'
import { makeMetrics } from '../../src/kernel/metrics.ts'
import type { Ports } from '../../src/kernel/ports.ts'
import { freshDatabase, type FreshDatabase } from './database.ts'
import { TestPeople, type Asker, type TestPerson } from './people.ts'

/** The county of the tests: 秀洲区. */
export const county = '330411'
/** A Monday in office hours: 09:30 in Beijing. */
export const monday = '2026-11-16T01:30:00Z'

export interface TestAppOptions {
  /** Where the clock stands; it moves only by `clock.advance` and `clock.set`. */
  now?: string
  /** Only these rooms, with the ports given: for a room whose neighbours do not matter. The whole house otherwise. */
  rooms?: readonly Room[]
  /** Replaces single ports: stand-ins of outside systems. */
  ports?: Partial<Ports>
  /** Settings as the environment would give them. */
  settings?: Record<string, string>
  log?: Log
  /** The caller's own database, for two houses on one; `close` leaves it standing. */
  database?: FreshDatabase
  requireWritable?: () => void
}

export interface TestApp {
  readonly app: App
  readonly http: FastifyInstance
  readonly db: Database
  readonly database: FreshDatabase
  readonly clock: FixedClock
  /** Asks without a session. */
  readonly nobody: Asker
  /** A signed-in person of this county, or another one, holding the grants given beside those of the account's posts. */
  as(person?: TestPerson): Asker & { readonly id: string; readonly token: string }
  /** Starts what runs beside requests; only the whole house has it. */
  startWorkers(): Promise<void>
  close(): Promise<void>
}

/** A house on a database of its own, with a clock that stands still. Close it in `afterAll`. */
export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await freshDatabase())
  const dataDir = mkdtempSync(join(tmpdir(), 'tongxin-app-'))
  const config = readConfig({ LOG_LEVEL: 'silent', DATA_DIR: dataDir, ...options.settings })
  const clock = new FixedClock(options.now ?? monday)
  const log = options.log ?? silentLog
  const db = openDatabase(database.appUrl, { poolSize: 8, log })
  await db.reference(
    'insert into county (code, name, demo, created_at) values ($1, $2, true, $3) on conflict do nothing',
    [county, '秀洲区', clock.now()],
  )
  const people = new TestPeople()
  const parts = { config, db, clock, log, demo: true, requireWritable: options.requireWritable ?? (() => {}) }
  const house = options.rooms
    ? await someRooms(parts, options.rooms, options.ports ?? {})
    : await wholeHouse(parts, options)
  people.enter(house.app.ports)
  return {
    ...house,
    db,
    database,
    clock,
    nobody: people.nobody(house.http),
    as: (person = {}) => people.signIn(house.http, { county, ...person }),
    async close() {
      await house.close()
      rmSync(dataDir, { recursive: true, force: true })
      if (!options.database) await database.drop()
    },
  }
}

type Parts = Pick<App, 'config' | 'db' | 'clock' | 'log' | 'demo' | 'requireWritable'>

async function wholeHouse(
  parts: Parts,
  options: TestAppOptions,
): Promise<Pick<TestApp, 'app' | 'http' | 'startWorkers' | 'close'>> {
  const { composeHouse } = await import('../../src/server.ts')
  return composeHouse({ ...parts, ...(options.ports ? { ports: options.ports } : {}) })
}

async function someRooms(
  parts: Parts,
  rooms: readonly Room[],
  ports: Partial<Ports>,
): Promise<Pick<TestApp, 'app' | 'http' | 'startWorkers' | 'close'>> {
  const plain = {
    sessions: { resolve: async () => null },
    grants: { grantsOf: async () => [] },
    duty: { holdsPost: async () => false, postsOf: async () => new Map<string, string[]>() },
    calendars: { calendarOf: () => Promise.reject(new Error('give this test a calendar')) },
    timeStamper: null,
    rehome: [],
    postWork: [],
    pageSources: () => '',
    effects: [],
    fileGates: [],
  }
  const app: App = {
    ...parts,
    rooms,
    vault: makeVault('07'.repeat(32)),
    metrics: makeMetrics(),
    ports: { ...plain, ...ports } as Ports,
  }
  const http = await buildHttp(app)
  await http.ready()
  return {
    app,
    http,
    startWorkers: () => Promise.reject(new Error('only the whole house has workers')),
    async close() {
      await http.close()
      await parts.db.close()
    },
  }
}

export type { Asker, TestPerson } from './people.ts'
