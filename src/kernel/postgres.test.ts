import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { silentLog } from './log.ts'
import { serversIn } from './postgres-folder.ts'
import { requireDurable, withClient } from './postgres-logins.ts'
import { startPostgres, type EmbeddedPostgres, type PostgresState } from './postgres.ts'

const holder = fileURLToPath(new URL('../../test/support/hold-postgres.ts', import.meta.url))
let dataDir: string
let place: string

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'tongxin-postgres-'))
  chmodSync(dataDir, 0o755)
  place = join(dataDir, 'postgres')
  await (await start()).stop()
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

const started: EmbeddedPostgres[] = []
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop()
})

async function start(mode: 'product' | 'test' = 'test'): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ dataDir, log: silentLog, mode })
  started.push(server)
  return server
}

const one = async (url: string, text: string): Promise<unknown> =>
  withClient(url, async (client) => Object.values((await client.query<Record<string, unknown>>(text)).rows[0] ?? {})[0])

const until = (server: EmbeddedPostgres, state: PostgresState): Promise<void> =>
  new Promise((done) => {
    const quiet = server.onChange((status) => {
      if (status.state !== state) return
      quiet()
      done()
    })
  })

/** A start in a process of its own, which the test then kills. */
async function held(): Promise<{ kill(): Promise<void>; pid: number; superuserUrl: string }> {
  const child = spawn(process.execPath, [holder, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { pid, superuserUrl } = JSON.parse(String(line)) as { pid: number; superuserUrl: string }
  return {
    pid,
    superuserUrl,
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

describe('startPostgres', () => {
  test('a later start answers soon, and stop leaves nothing running', async () => {
    const before = performance.now()
    const server = await start()
    expect(performance.now() - before).toBeLessThan(1500)
    expect(await one(server.appUrl, 'select current_user::text')).toBe('tongxin_app')
    expect(server.status().state).toBe('ready')
    await server.stop()
    expect(serversIn(place)).toEqual([])
    expect(server.status()).toMatchObject({ state: 'stopped', pid: undefined })
    expect(existsSync(join(place, 'postmaster.pid'))).toBe(false)
  })

  test('the application owns nothing and bypasses nothing, and its password is nobody else’s to read', async () => {
    const server = await start()
    const role =
      "select row_to_json(r) from (select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = 'tongxin_app') r"
    expect(await one(server.ownerUrl, role)).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
    })
    expect(await one(server.appUrl, 'show statement_timeout')).toBe('30s')
    expect(await one(server.ownerUrl, "select datlocale from pg_database where datname = 'tongxin'")).toBe('C.UTF-8')
    expect(statSync(join(dataDir, 'secrets', 'postgres-tongxin_app')).mode & 0o077).toBe(0)
    expect(statSync(place).mode & 0o077).toBe(0)
    const wrong = new URL(server.appUrl)
    wrong.password = 'wrong'
    await expect(one(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
    await server.stop()
  })

  test('a server that is killed comes back with what was committed, and says so', async () => {
    const server = await start('product')
    await withClient(server.superuserUrl, (client) => client.query('create table kept as select 7 as value'))
    const states: PostgresState[] = []
    server.onChange((status) => states.push(status.state))
    const back = until(server, 'ready')
    process.kill(server.status().pid!, 'SIGKILL')
    await back
    expect(states).toEqual(['restarting', 'ready'])
    expect(server.status()).toMatchObject({ restarts: 1, trouble: expect.stringContaining('SIGKILL') })
    expect(await one(server.superuserUrl, 'select value from kept')).toBe(7)
    await server.stop()
  })

  test('a second start on the same folder is refused and names the first', async () => {
    const server = await start()
    await expect(start()).rejects.toThrow(`already runs on ${place} (process ${process.pid})`)
    expect(server.status().state).toBe('ready')
    await server.stop()
  })

  test('what a killed process left running is ended before the next start', async () => {
    const first = await held()
    process.kill(first.pid, 'SIGSTOP')
    await first.kill()
    expect(serversIn(place)).toContain(first.pid)
    const server = await start()
    expect(server.status().pid).not.toBe(first.pid)
    expect(serversIn(place)).not.toContain(first.pid)
    await server.stop()
  })

  test('a killed process takes its server along where the system can', async () => {
    const first = await held()
    await first.kill()
    const server = await start()
    expect(await one(server.appUrl, 'select 1')).toBe(1)
    await server.stop()
  })

  test.each([
    ['empty', ''],
    ['of a process that is gone', '4194301\n'],
    ['of a process that is another program', `${process.pid}\n`],
  ])('a pid file that is %s is no hindrance', async (_, text) => {
    writeFileSync(join(place, 'postmaster.pid'), text)
    const server = await start()
    expect(await one(server.appUrl, 'select 1')).toBe(1)
    await server.stop()
  })

  test('a folder of another PostgreSQL is refused in words', async () => {
    const path = join(place, 'PG_VERSION')
    const version = readFileSync(path, 'utf8')
    writeFileSync(path, '12\n')
    await expect(start()).rejects.toThrow('was written by PostgreSQL 12')
    writeFileSync(path, version)
    await (await start()).stop()
  })
})

describe('requireDurable', () => {
  test('refuses a server that could lose a commit, naming every setting', async () => {
    const server = await start()
    await expect(requireDurable(server.appUrl)).rejects.toThrow(/fsync is off.*synchronous_commit is off/)
    await server.stop()
  })
})
