import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { lives } from './folder-lock.ts'
import { giveTo, reachableBy, sharedPlace, type Binaries, type ServerUser } from './postgres-binaries.ts'

/**
 * The database's real folder below DATA_DIR/postgres.
 *
 * When the server's own user cannot reach DATA_DIR (it lies below /root), the folder lies in /var/lib/tongxin and
 * DATA_DIR/postgres is a link to it.
 */
export function placeOf(dataDir: string, user: ServerUser | undefined): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 })
  const place = join(dataDir, 'postgres')
  if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink()) return readlinkSync(place)
  if (existsSync(place) || !user || reachableBy(user, place)) return join(realpathSync(dataDir), 'postgres')
  const elsewhere = sharedPlace(`postgres-${randomBytes(8).toString('hex')}`)
  symlinkSync(elsewhere, place)
  return elsewhere
}

/** Processes whose program is a PostgreSQL server and whose working folder is ours; none where /proc is missing. */
export function serversIn(place: string): number[] {
  if (!existsSync('/proc/self/cwd')) return []
  const found: number[] = []
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const program = readlinkSync(`/proc/${entry}/exe`).replace(/ \(deleted\)$/, '')
      const folder = readlinkSync(`/proc/${entry}/cwd`).replace(/ \(deleted\)$/, '')
      if (program.endsWith('/postgres') && folder === place) found.push(Number(entry))
    } catch {
      // Ended meanwhile, or belongs to somebody else.
    }
  }
  return found
}

const signal = (pids: number[], name: NodeJS.Signals): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch {
      // Ended meanwhile.
    }
  }
}

async function gone(place: string, waitSeconds: number): Promise<boolean> {
  const until = Date.now() + waitSeconds * 1000
  while (serversIn(place).length > 0) {
    if (Date.now() > until) return false
    await sleep(50)
  }
  return true
}

/**
 * Ends what an earlier start left running on this folder, and removes the pid file once nothing is left.
 *
 * The server gets SIGINT and 20 s, then every process SIGQUIT; never SIGKILL, which could tear a page.
 * @throws Error naming the processes that do not end.
 */
export async function endLeftovers(place: string, tell: (message: string) => void): Promise<void> {
  const pidFile = join(place, 'postmaster.pid')
  const leftovers = serversIn(place)
  if (leftovers.length > 0) {
    tell(`an earlier database server still runs (${leftovers.join(', ')}): it is being stopped`)
    const named = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : 0
    const server = leftovers.filter((pid) => pid === named)
    signal(leftovers, 'SIGCONT')
    signal(server.length > 0 ? server : leftovers, server.length > 0 ? 'SIGINT' : 'SIGTERM')
    if (!(await gone(place, server.length > 0 ? 20 : 5))) {
      signal(serversIn(place), 'SIGQUIT')
      signal(serversIn(place), 'SIGCONT')
    }
    if (!(await gone(place, 20))) {
      throw new Error(`an earlier database server does not end: processes ${serversIn(place).join(', ')} hold ${place}`)
    }
  }
  if (existsSync('/proc/self/cwd')) return rmSync(pidFile, { force: true })
  const text = existsSync(pidFile) ? readFileSync(pidFile, 'utf8') : ''
  if (text.trim() === '' || !lives(Number(text.split('\n')[0]))) rmSync(pidFile, { force: true })
}

/**
 * Makes a new database folder: builtin C.UTF-8, data checksums, SCRAM for everybody.
 *
 * It is made beside its place and moved there when it is whole, so a broken first start leaves nothing half done.
 */
export async function initialise(
  place: string,
  binaries: Binaries,
  user: ServerUser | undefined,
  password: string,
  durable: boolean,
): Promise<void> {
  const half = `${place}.new`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { recursive: true, mode: 0o700 })
  giveTo(user, half)
  const folder = mkdtempSync(join(tmpdir(), 'tongxin-init-'))
  giveTo(user, folder)
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  giveTo(user, passwordFile)
  const options = [
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--data-checksums',
  ]
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  try {
    await run(binaries.initdb, ['-D', half, ...options, ...locale, ...(durable ? [] : ['--no-sync'])], user)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  chmodSync(half, 0o700)
  renameSync(half, place)
}

function run(program: string, parameters: string[], user: ServerUser | undefined): Promise<void> {
  const asUser = user ? { uid: user.uid, gid: user.gid } : {}
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { LC_ALL: 'C', TZ: 'UTC' },
    cwd: dirname(program),
    ...asUser,
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += String(chunk)))
  child.stderr.on('data', (chunk) => (said += String(chunk)))
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (code) =>
      code === 0 ? done() : fail(new Error(`${program} ended with ${code}:\n${said.slice(-2000)}`)),
    )
  })
}

/** The major version that wrote the folder, or undefined when there is no database yet. */
export function versionOf(place: string): string | undefined {
  const path = join(place, 'PG_VERSION')
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
}
