import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type FreshDatabase } from '../../test/support/database.ts'
import { readConfig } from '../kernel/config.ts'
import { withClient } from '../kernel/postgres-logins.ts'
import { examine } from './doctor.ts'

let database: FreshDatabase
const config = readConfig({ DATA_DIR: '/tmp' })

beforeAll(async () => {
  database = await freshDatabase()
  await tamper(
    "insert into county (code, name, demo, created_at) values ('330411', '秀洲区', true, '2026-11-16T00:00:00Z')",
  )
})
afterAll(() => database.drop())

const tamper = (text: string): Promise<unknown> => withClient(database.superuserUrl, (client) => client.query(text))

async function wrong(): Promise<Record<string, string>> {
  const found = await examine(config, database)
  expect(found.map(({ what }) => what)).toEqual([
    'durability',
    'migrations',
    'schema',
    'append-only',
    'clock',
    'disk',
    'queue',
    'address',
  ])
  return Object.fromEntries(found.filter(({ well }) => !well).map(({ what, words }) => [what, words]))
}

describe('doctor', () => {
  test('finds a healthy house well, but for the durability that a test database gives up', async () => {
    expect(Object.keys(await wrong())).toEqual(['durability'])
  })

  test('asks for the own address where others than this machine are served', async () => {
    const open = { ...config, host: '0.0.0.0' }
    const address = async (asked: typeof config) =>
      (await examine(asked, database)).find(({ what }) => what === 'address')
    expect(await address(open)).toMatchObject({ well: false })
    expect(await address({ ...open, publicUrl: 'https://tongxin.example' })).toMatchObject({ well: true })
  })

  test('names the right that was given behind our back', async () => {
    await tamper('grant update on ledger_entry to tongxin_app')
    const found = await wrong()
    expect(found['append-only']).toBe('the application may: update ledger_entry set county = county')
    expect(found['schema']).toContain('GRANT INSERT, SELECT, UPDATE ON ledger_entry TO tongxin_app')
    await tamper('revoke update on ledger_entry from tongxin_app')
  })

  test('names what is missing from the live schema', async () => {
    await tamper('drop policy idempotency_county on idempotency')
    expect((await wrong())['schema']).toContain('missing: CREATE POLICY idempotency_county ON idempotency')
    await tamper("create policy idempotency_county on idempotency using (county = current_setting('app.county', true))")
  })

  test('sees an entry that nobody seals, a job that was given up and a clock that was set back', async () => {
    const entry = (id: string, at: string): string => `
      insert into ledger_entry (county, id, event, subject_id, subject_version, at, actor_kind, actor_label, purpose, bytes)
      values ('330411', '${id}', 'matter.moved', '${id}', 1, ${at}, 'system', 'system', 'handling', '\\x00')`
    const old = '01990000-0000-7000-8000-000000000001'
    const future = '01990000-0000-7000-8000-000000000002'
    await tamper(entry(old, "now() - interval '1 hour'"))
    await tamper(
      `insert into ledger_todo (county, subject_id, subject_version, entry, leaf_hash) values ('330411', '${old}', 1, '${old}', '\\x00')`,
    )
    await tamper(`insert into ledger_job (county, handler, subject_id, leaf_index, entry, due_at, failed_at)
      values ('330411', 'loop.count', '${old}', 0, '${old}', now(), now())`)
    await tamper(entry(future, "now() + interval '1 hour'"))
    await tamper(
      `insert into ledger_leaf (county, leaf_index, entry, leaf_hash) values ('330411', 0, '${future}', decode(repeat('00', 32), 'hex'))`,
    )
    const found = await wrong()
    expect(found['queue']).toMatch(/330411: an entry has waited 36\d\d s for the sealer; 330411: 1 jobs were given up/)
    expect(found['clock']).toContain('the clock was set back')
  })
})
