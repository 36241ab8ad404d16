import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freshDatabase, type FreshDatabase } from '../../test/support/database.ts'
import { migrate, readMigrations } from './migrate.ts'
import { withClient } from './postgres-logins.ts'

let database: FreshDatabase
let folder: string

beforeAll(async () => {
  database = await freshDatabase()
  await withClient(database.superuserUrl, async (client) => {
    await client.query('drop schema public cascade')
    await client.query('create schema public authorization tongxin_owner')
  })
})
afterAll(() => database.drop())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongxin-migrations-'))
  return () => rmSync(folder, { recursive: true })
})

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
const count = (table: string): Promise<number> =>
  withClient(
    database.ownerUrl,
    async (client) => (await client.query(`select count(*)::int as n from ${table}`)).rows[0].n as number,
  )

describe('migrate', () => {
  test('runs each file once, in order, and records it', async () => {
    write('0002_fill_apple.sql', 'insert into apple values (1);')
    write('0001_create_apple.sql', 'create table apple (id int primary key);')
    expect(await migrate(database.ownerUrl, { folder })).toEqual(['0001_create_apple.sql', '0002_fill_apple.sql'])
    expect(await migrate(database.ownerUrl, { folder })).toEqual([])
    expect(await count('apple')).toBe(1)
  })

  test('two starts at once migrate once', async () => {
    write('0001_create_apple.sql', 'create table apple (id int primary key);')
    write('0002_fill_apple.sql', 'insert into apple values (1);')
    write('0003_create_pear.sql', 'create table pear (id int primary key); insert into pear values (1);')
    const [first, second] = await Promise.all([
      migrate(database.ownerUrl, { folder }),
      migrate(database.ownerUrl, { folder }),
    ])
    expect([...first, ...second]).toEqual(['0003_create_pear.sql'])
    expect(await count('pear')).toBe(1)
  })

  test('refuses an applied file that was changed', async () => {
    write('0001_create_apple.sql', 'create table apple (id bigint primary key);')
    write('0002_fill_apple.sql', 'insert into apple values (1);')
    write('0003_create_pear.sql', 'create table pear (id int primary key); insert into pear values (1);')
    await expect(migrate(database.ownerUrl, { folder })).rejects.toThrow(
      '0001_create_apple.sql was changed after it ran',
    )
  })

  test('refuses a database that is newer than the program', async () => {
    await expect(migrate(database.ownerUrl, { folder })).rejects.toThrow('the database is newer than this program')
  })

  test('leaves nothing behind of a file that fails, and names its line', async () => {
    write('0001_create_apple.sql', 'create table apple (id int primary key);')
    write('0002_fill_apple.sql', 'insert into apple values (1);')
    write('0003_create_pear.sql', 'create table pear (id int primary key); insert into pear values (1);')
    write('0004_create_plum.sql', 'create table plum (id int primary key);\n\nselect no_such_thing;')
    await expect(migrate(database.ownerUrl, { folder })).rejects.toThrow('0004_create_plum.sql line 3')
    await expect(count('plum')).rejects.toThrow('does not exist')
  })
})

describe('readMigrations', () => {
  test('refuses a number used twice and a name out of shape', () => {
    write('0001_create_apple.sql', '')
    write('0001_create_pear.sql', '')
    expect(() => readMigrations(folder)).toThrow('two migrations have the number 0001')
    rmSync(join(folder, '0001_create_pear.sql'))
    write('12_pear.sql', '')
    expect(() => readMigrations(folder)).toThrow('12_pear.sql is not named')
  })

  test('reads the files of this program', () => {
    expect(readMigrations().length).toBeGreaterThan(0)
  })
})
