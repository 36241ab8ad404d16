import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

/** A folder on disk that lives as long as the test, and that the database's own user may reach. */
export function dataFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'tongxin-long-'))
  chmodSync(path, 0o755)
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/**
 * The product as its users start it: `tongxin start` in a process of its own, on a folder that outlives it.
 */
export class RunningHouse {
  readonly dataDir: string
  readonly port: number
  readonly url: string
  /** What it printed, for a failing test to show. */
  output = ''
  readonly #settings: Record<string, string>
  #child: ChildProcess | undefined

  constructor(dataDir: string, port: number, settings: Record<string, string> = {}) {
    this.dataDir = dataDir
    this.port = port
    this.url = `http://127.0.0.1:${port}`
    this.#settings = settings
  }

  get pid(): number {
    if (!this.#child?.pid) throw new Error('not running')
    return this.#child.pid
  }

  /** The database server's process, as its pid file says. */
  get postgresPid(): number {
    return Number(readFileSync(join(this.dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  }

  /** Starts and waits until it is ready; answers with the milliseconds that took. */
  async start(waitSeconds = 120): Promise<number> {
    const startedAt = performance.now()
    const child = this.#spawn()
    while (!(await this.isReady())) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended: ${this.output.slice(-3000)}`)
      if (performance.now() - startedAt > waitSeconds * 1000)
        throw new Error(`not ready after ${waitSeconds} s: ${this.output.slice(-3000)}`)
      await sleep(20)
    }
    return performance.now() - startedAt
  }

  /** Starts where it cannot start; answers with what it says before it ends with an error. */
  async startAndFail(): Promise<string> {
    const child = this.#spawn()
    await once(child, 'close')
    if (child.exitCode !== 1) throw new Error(`it ended with ${child.exitCode}: ${this.output}`)
    return this.output
  }

  #spawn(): ChildProcess {
    const environment = {
      // A load files more than a person does.
      REPORTS_PER_HOUR: '0',
      ...process.env,
      ...this.#settings,
      DATA_DIR: this.dataDir,
      PORT: String(this.port),
      HOST: '127.0.0.1',
    }
    const child = spawn(process.execPath, [cli, 'start'], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk) => (this.output += String(chunk)))
    child.stderr.on('data', (chunk) => (this.output += String(chunk)))
    this.#child = child
    return child
  }

  async isReady(): Promise<boolean> {
    return fetch(`${this.url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    )
  }

  /** Answers with the exit code and the milliseconds it took. */
  async end(signal: NodeJS.Signals): Promise<{ code: number | null; milliseconds: number }> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null)
      return { code: child?.exitCode ?? null, milliseconds: 0 }
    const startedAt = performance.now()
    child.kill(signal)
    await once(child, 'exit')
    return { code: child.exitCode, milliseconds: performance.now() - startedAt }
  }
}

/** Signs in with one click as the demo person of a login name; answers with the cookie. */
export async function signInAs(url: string, loginName: string, county = '330411'): Promise<string> {
  const headers = { 'tongxin-county': county, 'content-type': 'application/json' }
  const people = (await (await fetch(`${url}/api/v1/demo/people`, { headers })).json()) as {
    items: { accountId: string; loginName: string | null; title: string | null }[]
  }
  // Residents have no login name: they go by their title.
  const person = people.items.find((item) => item.loginName === loginName || item.title === loginName)
  if (!person) throw new Error(`no demo person ${loginName}: ${people.items.map((item) => item.loginName).join(', ')}`)
  const answer = await fetch(`${url}/api/v1/demo/sign-in`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ accountId: person.accountId }),
  })
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`)
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

/** The same for a browser's context: its cookies. */
export async function cookiesOf(
  url: string,
  loginName: string,
  county = '330411',
): Promise<{ name: string; value: string; url: string }[]> {
  const signedIn = await signInAs(url, loginName, county)
  return signedIn.split('; ').map((cookie) => {
    const at = cookie.indexOf('=')
    return { name: cookie.slice(0, at), value: cookie.slice(at + 1), url }
  })
}
