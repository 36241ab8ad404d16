import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type FreshDatabase } from '../../test/support/database.ts'
import { readCatalogue } from './catalogue.ts'
import { withClient } from './postgres-logins.ts'
import { dumpDifferences, dumpSchema } from './schema-dump.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const dump = async (): Promise<string> => dumpSchema(await withClient(database.ownerUrl, readCatalogue))

describe('dumpSchema', () => {
  test('is SQL that makes the same schema again, grants and policies included', async () => {
    const first = await dump()
    expect(first.match(/^CREATE TABLE /gm)?.length).toBeGreaterThan(20)
    await withClient(database.superuserUrl, async (client) => {
      await client.query('drop schema public cascade')
      await client.query('create schema public authorization tongxin_owner')
    })
    await withClient(database.ownerUrl, (client) => client.query(first))
    expect(dumpDifferences(first, await dump())).toEqual([])
    expect(await dump()).toBe(first)
  })

  test.each([
    ['a right', 'grant delete on ledger_entry to tongxin_app', /unexpected: GRANT .*DELETE.* ON ledger_entry/],
    [
      'a trigger',
      'create function f() returns trigger language plpgsql as $$ begin return new; end $$; create trigger t before insert on county execute function f()',
      /unexpected: CREATE TRIGGER t/,
    ],
    ['a column', 'alter table county add column note text', /unexpected: {3}note text/],
    [
      'a lost check',
      'alter table county drop constraint county_code_format',
      /missing: {3}CONSTRAINT county_code_format/,
    ],
    [
      'a policy switched off',
      'alter table idempotency no force row level security',
      /missing: ALTER TABLE idempotency FORCE/,
    ],
  ])('shows %s that came behind our back', async (_, text, expected) => {
    const before = await dump()
    await withClient(database.superuserUrl, (client) => client.query(text))
    expect(dumpDifferences(before, await dump()).join('\n')).toMatch(expected)
  })
})
