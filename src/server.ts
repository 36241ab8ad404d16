import type { FastifyInstance } from 'fastify'
import type { App, Room } from './kernel/app.ts'
import type { Clock } from './kernel/clock.ts'
import { systemClock } from './kernel/clock.ts'
import { secretOf, type Config } from './kernel/config.ts'
import { makeVault } from './kernel/crypto.ts'
import type { Database } from './kernel/db.ts'
import { buildHttp } from './kernel/http.ts'
import { startSweeps } from './kernel/jobs.ts'
import { silentLog, type Log } from './kernel/log.ts'
import { makeMetrics } from './kernel/metrics.ts'
import type { Ports } from './kernel/ports.ts'
import { duty, makeDutyPorts } from './duty/index.ts'
import { makeFilePorts, files } from './files/index.ts'
import { makeGridPorts, grid } from './grid/index.ts'
import { makeIdentityPorts, identity } from './identity/index.ts'
import { ledger } from './ledger/index.ts'
import { loop, makeLoopPorts } from './loop/index.ts'
import { callUnits, makeNotifyPorts, notify } from './notify/index.ts'
import { packs, questionForms } from './packs/index.ts'
import { insight } from './insight/index.ts'
import { makeRegistryPorts, registry } from './registry/index.ts'
import { makeSigningPorts, signing } from './signing/index.ts'
import { pagesPlugin } from './pages.ts'

/** Every room, lowest first; the arrows of docs/architecture.md. */
export const rooms: readonly Room[] = [
  ledger,
  identity,
  files,
  grid,
  registry,
  packs,
  loop,
  duty,
  signing,
  notify,
  insight,
]

export interface HouseOptions {
  config: Config
  db: Database
  clock?: Clock
  log?: Log
  /** A folder made as demo, on an embedded database. */
  demo?: boolean
  /** @throws kernel.storage_full or kernel.unavailable while nothing may be written. */
  requireWritable?: () => void
  /** Replaces single ports, for tests against stand-ins. */
  ports?: Partial<Ports>
}

export interface House {
  readonly app: App
  readonly http: FastifyInstance
  /** Starts what runs beside requests: sealer, relay, senders, sweeps. */
  startWorkers(): Promise<void>
  /** Stops workers, then answers what is under way (at most 20 s), then the pool. */
  close(): Promise<void>
}

function withPorts(base: Omit<App, 'ports'>): App {
  const ports = {} as Ports
  const app: App = { ...base, ports }
  Object.assign(ports, { timeStamper: null, rehome: [], postWork: [], effects: [callUnits], fileGates: [] })
  Object.assign(ports, { questions: questionForms })
  Object.assign(ports, makeIdentityPorts(app), makeGridPorts(app), makeFilePorts(app), makeNotifyPorts(app))
  makeRegistryPorts(app)
  makeLoopPorts(app)
  makeDutyPorts(app)
  makeSigningPorts(app)
  return app
}

/**
 * The same house with memories of its own, for what is told of the past: whoever asks today must not be answered from the
 * county as it was then.
 */
export const besideHouse = (app: App): App => withPorts(app)

const DRAIN_MS_MAX = 20_000

/** Composes rooms into one house; nothing listens yet. */
export async function composeHouse(options: HouseOptions): Promise<House> {
  const { config, db } = options
  const base = {
    config,
    db,
    clock: options.clock ?? systemClock,
    log: options.log ?? silentLog,
    vault: makeVault(secretOf(config.dataDir, 'master-key')),
    metrics: makeMetrics(),
    demo: options.demo ?? false,
    rooms,
    requireWritable: options.requireWritable ?? (() => {}),
  }
  const app = withPorts(base)
  Object.assign(app.ports, options.ports)
  const http = await buildHttp(app)
  await http.register(pagesPlugin)
  await http.ready()
  const stops: (() => Promise<void>)[] = []
  return {
    app,
    http,
    async startWorkers() {
      for (const room of rooms) {
        const stop = await room.start?.(app)
        if (stop) stops.push(stop)
      }
      stops.push(startSweeps(app))
    },
    async close() {
      const closing = http.close()
      let timer: NodeJS.Timeout | undefined
      const limit = new Promise((done) => (timer = setTimeout(done, DRAIN_MS_MAX)))
      await Promise.race([closing, limit])
      clearTimeout(timer)
      for (const stop of stops.reverse()) await stop()
      await db.close()
    },
  }
}
