import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SetupState } from '../../src/grid/setup/contract.ts'
import { createStaffAccount, seatAdministrator } from '../../src/identity/index.ts'
import { makeTenant, seedCounty, seedDivisions } from '../../src/grid/index.ts'
import { runSystem } from '../../src/kernel/command.ts'
import { publishShipped } from '../../src/packs/index.ts'
import { testApp, type Asker, type TestApp } from './app.ts'
import type { Answer } from './people.ts'

export interface SetupHouse {
  readonly app: TestApp
  readonly dataDir: string
  readonly system: Asker
  readonly nobody: Asker
  readonly adminPhone: string
  sendFile<Body>(path: string, file: Buffer, method?: 'POST' | 'PUT'): Promise<Answer<Body>>
  /** The bytes that an address answers with, after sending a file where one is given. */
  fileFrom(path: string, file?: Buffer): Promise<Buffer>
  bytes(url: string): Promise<Buffer>
  page(): Promise<{ headers: Record<string, unknown> }>
  state(): Promise<SetupState>
  /** 红联村网格长 A 李秀英, by slot. */
  holders(path: string): Promise<string[]>
  accountAt(path: string, slot: 'A' | 'B'): Promise<string>
  /** Bodies of the entries of an event, oldest first. */
  entries(event: string): Promise<Record<string, unknown>[]>
  inGb18030(text: string): Promise<Buffer>
  close(): Promise<void>
}

interface Held {
  items: { name: string; holders: { accountId: string; name: string; slot: string }[] }[]
}

/** A county as `tongxin init` leaves it, with its system administrator signed in. */
export async function countyOf(county: string): Promise<SetupHouse> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tongxin-setup-'))
  const house = await testApp({ settings: { DATA_DIR: dataDir } })
  const adminPhone = '13911112222'
  await seedDivisions(house.app)
  await makeTenant(house.app, { code: county, demo: false })
  const admin = await runSystem(house.app, county, async (cmd) => {
    await seedCounty(cmd, '秀洲区')
    await publishShipped(cmd)
    const account = await createStaffAccount(cmd, {
      loginName: 'system',
      name: '系统管理员',
      phone: adminPhone,
      active: true,
    })
    await seatAdministrator(cmd, { accountId: account.id, seat: 'system' })
    return account.id
  })
  const actions = ['grid.manage', 'grid.read', 'identity.manage_accounts', 'identity.read_accounts', 'notify.read']
  const grants = actions.map((action) => ({ action, path: county, purpose: 'administration' as const }))
  const system = house.as({ id: admin, grants })
  const raw = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: Buffer) =>
    house.http.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${system.token}`,
        ...(payload ? { 'content-type': 'application/octet-stream' } : {}),
      },
      ...(payload ? { payload } : {}),
    })
  const held = async (path: string): Promise<Held['items']> =>
    (
      await system.get<Held>(`/api/v1/grid/posts?path=${encodeURIComponent(path)}`, {
        'tongxin-purpose': 'administration',
      })
    ).body.items
  return {
    app: house,
    dataDir,
    system,
    nobody: house.nobody,
    adminPhone,
    async sendFile<Body>(path: string, file: Buffer, method: 'POST' | 'PUT' = 'POST') {
      const answer = await raw(method, `/api/v1${path}`, file)
      return { status: answer.statusCode, body: answer.json<Body>(), text: answer.body, headers: answer.headers }
    },
    fileFrom: async (path, file) => (await raw(file ? 'POST' : 'GET', `/api/v1${path}`, file)).rawPayload,
    bytes: async (url) => (await house.http.inject({ method: 'GET', url })).rawPayload,
    page: () => house.http.inject({ method: 'GET', url: '/console' }),
    state: async () => (await system.get<SetupState>('/api/v1/grid/setup')).body,
    holders: async (path) =>
      (await held(path)).flatMap(({ name, holders }) =>
        holders.map((holder) => `${name} ${holder.slot} ${holder.name}`),
      ),
    async accountAt(path, slot) {
      const found = (await held(path)).flatMap(({ holders }) => holders).find((holder) => holder.slot === slot)
      if (!found) throw new Error(`nobody holds ${slot} at ${path}`)
      return found.accountId
    },
    entries: (event) =>
      house.db.reading(county, async (tx) => {
        const rows = await tx
          .selectFrom('ledgerEntry')
          .select('bytes')
          .where('county', '=', county)
          .where('event', '=', event)
          .orderBy('id')
          .execute()
        return rows.map(({ bytes }) => (JSON.parse(bytes.toString('utf8')) as { body: Record<string, unknown> }).body)
      }),
    async inGb18030(text) {
      const decoder = new TextDecoder('gb18030')
      const known = new Map<string, Buffer>()
      for (let high = 0x81; high <= 0xfe; high++)
        for (let low = 0x40; low <= 0xfe; low++) {
          const pair = Buffer.from([high, low])
          if (low !== 0x7f) known.set(decoder.decode(pair), pair)
        }
      return Buffer.concat([...text].map((letter) => (letter < '\u0080' ? Buffer.from(letter) : known.get(letter)!)))
    },
    async close() {
      await house.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
