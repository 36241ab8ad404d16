/**
 * A process for kill.test.ts to kill: books courts as fast as it can, with the engine at work, and says on its standard output
 * what was acknowledged (`entry ID`) and which heads were given out (`head JSON`).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Type } from 'typebox'
import type { App } from '../kernel/app.ts'
import { systemClock } from '../kernel/clock.ts'
import { runSystem } from '../kernel/command.ts'
import { readConfig } from '../kernel/config.ts'
import { makeVault } from '../kernel/crypto.ts'
import { openDatabase } from '../kernel/db.ts'
import { uuidv7 } from '../kernel/ids.ts'
import { silentLog } from '../kernel/log.ts'
import { makeMetrics } from '../kernel/metrics.ts'
import type { Ports } from '../kernel/ports.ts'
import { startEngine } from './engine.ts'
import { currentHead, keepHead, ledgerEvent, on, openLog, record } from './index.ts'

const [url = '', dataDir = '', county = ''] = process.argv.slice(2)
const CourtBooked = ledgerEvent('court.booked', Type.Object({ court: Type.Integer(), by: Type.String() }))
const CourtFreed = ledgerEvent('court.freed', Type.Object({ court: Type.Integer() }))
/** The effect that must happen once: version 2 of the same subject would be refused, another subject would not. */
const free = on(CourtBooked, 'tennis.free_court', async (cmd, entry) => {
  await record(cmd, CourtFreed, { id: uuidv7(), version: 1 }, { court: entry.body.court })
})

const app: App = {
  config: readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' }),
  db: openDatabase(url, { poolSize: 8, log: silentLog }),
  clock: systemClock,
  vault: makeVault('07'.repeat(32)),
  ports: { calendars: { calendarOf: async () => ({}) } } as unknown as Ports,
  log: silentLog,
  metrics: makeMetrics(),
  demo: true,
  rooms: [{ name: 'tennis', handlers: [free] }],
  requireWritable() {},
}

async function bookForever(court: number): Promise<never> {
  for (;;) {
    const subject = { id: uuidv7(), version: 1 }
    const body = { court, by: 'member' }
    const entry = await runSystem(app, county, (cmd) => record(cmd, CourtBooked, subject, body))
    process.stdout.write(`entry ${entry}\n`)
  }
}

async function giveOutHeads(): Promise<never> {
  for (;;) {
    await sleep(30)
    const head = await app.db.reading(county, (tx) => currentHead({ county, tx }))
    process.stdout.write(`head ${JSON.stringify(head)}\n`)
    await keepHead(app, county)
  }
}

await openLog(app, county)
startEngine(app)
await Promise.all([giveOutHeads(), ...[1, 2].map(bookForever)])
