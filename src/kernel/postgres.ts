import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dropBallast, keepBallast } from './disk.ts'
import type { Log } from './log.ts'
import { findBinaries, serverUser, type Binaries, type ServerUser } from './postgres-binaries.ts'
import { lockFolder, type FolderLock } from './folder-lock.ts'
import { endLeftovers, initialise, placeOf, versionOf } from './postgres-folder.ts'
import { prepareLogins, requireDurable } from './postgres-logins.ts'
import { serverSettings } from './postgres-settings.ts'
import { answers, port, socketFolderOf, urlsOf, type PostgresUrls } from './postgres-urls.ts'

export type PostgresState = 'starting' | 'ready' | 'restarting' | 'failed' | 'stopped'

export interface PostgresStatus {
  readonly state: PostgresState
  /** Process id of the server while there is one. */
  readonly pid: number | undefined
  /** Restarts since this process began. */
  readonly restarts: number
  /** Why it last ended or did not start, with the last lines of its log. */
  readonly trouble: string | undefined
}

export interface EmbeddedPostgres extends PostgresUrls {
  status(): PostgresStatus
  /** Tells of every change of state; the answer stops telling. */
  onChange(listener: (status: PostgresStatus) => void): () => void
  /** Ends the server: SIGINT, after 30 s SIGQUIT, never SIGKILL. */
  stop(): Promise<void>
}

export interface PostgresOptions {
  readonly dataDir: string
  readonly log: Log
  /** `test` gives up durability for speed: only for databases that are thrown away. */
  readonly mode: 'product' | 'test'
}

const restartsMost = 5
const restartWindowMilliseconds = 10 * 60_000
const startSeconds = 60
const stopSeconds = 30
const ballastSeconds = 60
const logBytesMost = 5 * 1024 * 1024

/** A server whose logins are known and whose folder is locked; nothing runs before `start`. */
export interface LaidPostgres extends EmbeddedPostgres {
  /**
   * Starts the server and keeps it running; after a failure everything is as it was before.
   *
   * Ready means an answered `select 1`. A server that ends is started again with back-off; after five times in ten
   * minutes it is left alone and the state is `failed`.
   * @throws Error with the last lines of the server's log when it does not come up within 60 s.
   */
  start(): Promise<void>
}

/**
 * Takes the database folder in DATA_DIR.
 *
 * @throws Error when another process has it.
 */
export function layPostgres(options: PostgresOptions): LaidPostgres {
  const user = serverUser()
  const place = placeOf(options.dataDir, user)
  const lock = lockFolder(place)
  try {
    return new Supervisor(options, place, user, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Takes the folder and starts the server on it; see LaidPostgres.start. */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const server = layPostgres(options)
  await server.start()
  return server
}

class Supervisor implements LaidPostgres {
  readonly ownerUrl: string
  readonly appUrl: string
  readonly superuserUrl: string
  readonly #options: PostgresOptions
  readonly #place: string
  readonly #user: ServerUser | undefined
  readonly #lock: FolderLock
  readonly #binaries: Binaries
  readonly #socketFolder: string
  readonly #listeners = new Set<(status: PostgresStatus) => void>()
  readonly #ends: number[] = []
  #state: PostgresState = 'starting'
  #child: ChildProcess | undefined
  #restarts = 0
  #trouble: string | undefined
  #stopping: Promise<void> | undefined
  #ballast: NodeJS.Timeout | undefined

  constructor(options: PostgresOptions, place: string, user: ServerUser | undefined, lock: FolderLock) {
    this.#options = options
    this.#place = place
    this.#user = user
    this.#lock = lock
    this.#binaries = findBinaries(user)
    this.#socketFolder = socketFolderOf(place, user)
    const urls = urlsOf(options.dataDir, this.#socketFolder)
    this.superuserUrl = urls.superuserUrl
    this.ownerUrl = urls.ownerUrl
    this.appUrl = urls.appUrl
  }

  status(): PostgresStatus {
    return { state: this.#state, pid: this.#child?.pid, restarts: this.#restarts, trouble: this.#trouble }
  }

  onChange(listener: (status: PostgresStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async start(): Promise<void> {
    try {
      await this.#start()
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  async #start(): Promise<void> {
    const durable = this.#options.mode === 'product'
    const written = versionOf(this.#place)
    if (!written) {
      await initialise(this.#place, this.#binaries, this.#user, new URL(this.superuserUrl).password, durable)
    } else if (written !== this.#binaries.version.split('.')[0]) {
      throw new Error(
        `${this.#place} was written by PostgreSQL ${written}; this is ${this.#binaries.version}. See docs/runbooks/database.md.`,
      )
    }
    if (durable) this.#keepBallast()
    await this.#launchUntilReady()
    await prepareLogins(this)
    if (durable) await requireDurable(this.appUrl)
    this.#become('ready')
  }

  stop(): Promise<void> {
    clearInterval(this.#ballast)
    this.#stopping ??= this.#end().finally(() => {
      if (this.#socketFolder !== this.#place) rmSync(this.#socketFolder, { recursive: true, force: true })
      this.#lock.release()
      this.#become('stopped')
    })
    return this.#stopping
  }

  /** Now, and again once there is room after it had to be given up. */
  #keepBallast(): void {
    keepBallast(this.#options.dataDir)
    this.#ballast = setInterval(() => keepBallast(this.#options.dataDir), ballastSeconds * 1000).unref()
  }

  #become(state: PostgresState): void {
    this.#state = state
    for (const listener of this.#listeners) listener(this.status())
  }

  /** Ends leftovers and spawns, again and again with growing pauses, for 60 s. */
  async #launchUntilReady(): Promise<void> {
    const until = Date.now() + startSeconds * 1000
    for (let pause = 100; ; pause = Math.min(pause * 2, 2000)) {
      try {
        await endLeftovers(this.#place, (message) => this.#options.log.warn(message))
        return await this.#launch()
      } catch (error) {
        if (dropBallast(this.#options.dataDir))
          this.#options.log.error('the disk is full: the ballast file was given up')
        if (this.#stopping || hopeless(error) || Date.now() + pause > until) throw error
        this.#options.log.warn({ trouble: (error as Error).message }, 'the database server did not start; trying again')
        await sleep(pause)
      }
    }
  }

  async #launch(): Promise<void> {
    const child = this.#spawn()
    let ended: Error | undefined
    const end = new Promise<void>((done) => {
      child.once('error', (error) => {
        ended = error
        done()
      })
      child.once('exit', (code, signal) => {
        ended ??= new Error(`the database server ended (${signal ?? code}); its last words:\n${this.#lastWords()}`)
        done()
      })
    })
    while (!ended && !this.#stopping) {
      if (await answers(this.superuserUrl)) {
        this.#child = child
        void end.then(() => this.#onEnd(child, ended))
        return
      }
      await Promise.race([end, sleep(20)])
    }
    if (!ended) child.kill('SIGINT')
    throw ended ?? new Error('stopped while starting')
  }

  #spawn(): ChildProcess {
    const settings = Object.entries(serverSettings(this.#socketFolder, port, this.#options.mode))
    const parameters = ['-D', this.#place, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
    const words = openSync(this.#logPath(), 'a', 0o600)
    const quiet = {
      stdio: ['ignore', words, words] as ['ignore', number, number],
      cwd: this.#place,
      env: { LC_ALL: 'C', TZ: 'UTC', PGTZ: 'UTC' },
      detached: true,
    }
    const { uid, gid } = this.#user ?? {}
    const child = setprivWorks()
      ? spawn(setpriv, [...setprivParameters(this.#user), this.#binaries.postgres, ...parameters], quiet)
      : spawn(this.#binaries.postgres, parameters, { ...quiet, ...(this.#user ? { uid, gid } : {}) })
    closeSync(words)
    return child
  }

  #onEnd(child: ChildProcess, reason: Error | undefined): void {
    if (this.#child !== child) return
    this.#child = undefined
    if (this.#stopping || this.#state === 'failed') return
    this.#trouble = reason?.message
    const now = Date.now()
    while (this.#ends[0] !== undefined && this.#ends[0] < now - restartWindowMilliseconds) this.#ends.shift()
    this.#ends.push(now)
    if (this.#ends.length > restartsMost) {
      this.#options.log.error(
        { trouble: this.#trouble },
        'the database server ended too often: it is left alone until the next start',
      )
      this.#become('failed')
      return
    }
    this.#options.log.error({ trouble: this.#trouble }, 'the database server ended; starting it again')
    this.#become('restarting')
    void this.#restart(Math.min(50 * 2 ** this.#ends.length, 5000))
  }

  async #restart(pauseMilliseconds: number): Promise<void> {
    await sleep(pauseMilliseconds)
    if (this.#stopping) return
    try {
      await this.#launchUntilReady()
    } catch (error) {
      if (this.#stopping) return
      this.#trouble = (error as Error).message
      this.#options.log.error({ trouble: this.#trouble }, 'the database server does not start')
      this.#become('failed')
      return
    }
    this.#restarts += 1
    this.#become('ready')
  }

  async #end(): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return endLeftovers(this.#place, () => {})
    const ended = new Promise<void>((done) => child.once('exit', () => done()))
    child.kill('SIGINT')
    const late = setTimeout(() => child.kill('SIGQUIT'), stopSeconds * 1000)
    await ended
    clearTimeout(late)
  }

  #logPath(): string {
    const folder = join(this.#options.dataDir, 'log')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, 'postgresql.log')
    if (existsSync(path) && statSync(path).size > logBytesMost) renameSync(path, `${path}.1`)
    return path
  }

  #lastWords(): string {
    const text = readFileSync(this.#logPath(), 'utf8').trimEnd()
    return text.split('\n').slice(-12).join('\n')
  }
}

const setpriv = 'setpriv'
let setprivFound: boolean | undefined

/** Whether util-linux's setpriv is there: it makes the kernel stop the server when this process dies. */
const setprivWorks = (): boolean =>
  (setprivFound ??= process.platform === 'linux' && spawnSync(setpriv, ['--pdeathsig', 'INT', 'true']).status === 0)

const setprivParameters = (user: ServerUser | undefined): string[] => [
  ...(user ? [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'] : []),
  '--pdeathsig=INT',
]

/** Whether trying again cannot help: the program cannot run, or does not accept its settings or its folder. */
const hopeless = (error: unknown): boolean =>
  ((error as { code?: string }).code ?? 'ENOSPC') !== 'ENOSPC' ||
  /ended \(12[67]\)|unrecognized configuration|invalid value for parameter|incompatible|has wrong ownership|error while loading shared/.test(
    (error as Error).message,
  )
