import { fork, spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchDatabase } from './database.ts'
import type { LoadOrder, LoadResult } from './load.ts'

export type SystemName = 'ours' | 'thin'

/** A server under measurement, in a process of its own. */
export interface Running {
  readonly name: SystemName
  readonly port: number
  readonly pid: number
  /** Seconds from spawning to the first good answer. */
  readonly startSeconds: number
  residentMiB(): number
  /** Processor seconds used so far: unlike time, they do not depend on what else the machine does. */
  processorSeconds(): number
  stop(): Promise<void>
}

const TICKS_PER_SECOND = 100

/** utime, stime, cutime and cstime of a process, in seconds; 0 for one that is gone. */
function processorSeconds(pid: number): { own: number; ended: number; parent: number } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
      .map(Number)
    const seconds = (at: number): number => fields[at]! / TICKS_PER_SECOND
    return { own: seconds(11) + seconds(12), ended: seconds(13) + seconds(14), parent: fields[1]! }
  } catch {
    return { own: 0, ended: 0, parent: 0 }
  }
}

/** Processor seconds that the database server and all its processes, ended ones too, have used so far. */
export function databaseSeconds(postmaster: number): number {
  const server = processorSeconds(postmaster)
  const others = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => processorSeconds(Number(name)))
  return others
    .filter(({ parent }) => parent === postmaster)
    .reduce((sum, { own }) => sum + own, server.own + server.ended)
}

const root = new URL('..', import.meta.url)
const START_SECONDS_MAX = 90

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

/** The words after `node` of `npm start`: ours is measured as it ships, flags included. */
function startWords(): string[] {
  const shipped = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { scripts: { start: string } }
  return shipped.scripts.start.split(' ').slice(1)
}

function spawnSystem(name: SystemName, environment: Record<string, string>): ChildProcess {
  const profile = process.env['BENCH_PROFILE']
    ? ['--cpu-prof', `--cpu-prof-dir=${process.env['BENCH_PROFILE']}`, `--cpu-prof-name=${name}.cpuprofile`]
    : []
  const script = name === 'ours' ? startWords() : ['bench/yardstick.ts']
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    NODE_ENV: 'production',
    ...environment,
  }
  return spawn(process.execPath, [...profile, ...script], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Starts a system and waits for its first good answer at `path`. */
export async function startSystem(
  name: SystemName,
  path: string,
  environment: Record<string, string>,
): Promise<Running> {
  const port = await freePort()
  const begun = performance.now()
  const child = spawnSystem(name, { ...environment, PORT: String(port), HOST: '127.0.0.1' })
  let ended = false
  child.once('exit', () => (ended = true))
  const gone = new Promise<void>((done) => child.once('exit', () => done()))
  for (;;) {
    if (ended) throw new Error(`${name} ended while starting`)
    if (performance.now() - begun > START_SECONDS_MAX * 1000)
      throw new Error(`${name} did not answer within ${START_SECONDS_MAX} s`)
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null)
    await answer?.arrayBuffer()
    if (answer?.ok) break
    await sleep(10)
  }
  const startSeconds = (performance.now() - begun) / 1000
  return {
    name,
    port,
    pid: child.pid!,
    startSeconds,
    residentMiB: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024,
    processorSeconds: () => processorSeconds(child.pid!).own,
    async stop() {
      child.kill(name === 'thin' ? 'SIGINT' : 'SIGTERM')
      await gone
    },
  }
}

/** Settings under which the house runs on the measured database, everything switched on. */
export const houseOn = (database: BenchDatabase): Record<string, string> => ({
  DATABASE_URL: database.ownerUrl,
  DATABASE_APP_URL: database.appUrl,
  DATABASE_POOL: process.env['DATABASE_POOL'] ?? '16',
  DATA_DIR: database.dataDir,
  TRUST_PROXY: '127.0.0.1',
  REPORTS_PER_HOUR: '0',
  LOG_LEVEL: 'warn',
})

/** The load generator, in a process of its own. */
export function load(order: LoadOrder): Promise<LoadResult> {
  const child = fork(new URL('./load.ts', import.meta.url))
  return new Promise((done, failed) => {
    child.once('message', (result) => done(result as LoadResult))
    child.once('exit', (code) => failed(new Error(`the load generator ended with ${code}`)))
    child.send(order)
  })
}
