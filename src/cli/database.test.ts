import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type FreshDatabase } from '../../test/support/database.ts'
import { readConfig } from '../kernel/config.ts'
import { silentLog } from '../kernel/log.ts'
import { withClient } from '../kernel/postgres-logins.ts'
import { openHouseDatabase, prepareHouseDatabase, requireOrdinaryLogin } from './database.ts'

let database: FreshDatabase
let dataDir: string

beforeAll(async () => {
  database = await freshDatabase()
  dataDir = mkdtempSync(join(tmpdir(), 'tongxin-cli-'))
})
afterAll(async () => {
  await database.drop()
  rmSync(dataDir, { recursive: true })
})

const open = (settings: Record<string, string>) =>
  openHouseDatabase(readConfig({ DATA_DIR: dataDir, DATABASE_URL: database.ownerUrl, ...settings }), silentLog)

describe('a database of one’s own', () => {
  test('is signed in to as tongxin_app and nobody else', async () => {
    await expect(open({ DATABASE_APP_URL: database.ownerUrl })).rejects.toThrow('must sign in as tongxin_app')
    expect((await open({ DATABASE_APP_URL: database.appUrl })).appUrl).toBe(database.appUrl)
    expect(new URL((await open({})).appUrl).username).toBe('tongxin_app')
  })

  test('is refused when it could lose a commit', async () => {
    const settings = { DATA_DIR: dataDir, DATABASE_URL: database.ownerUrl, DATABASE_APP_URL: database.appUrl }
    const config = readConfig(settings)
    const house = await openHouseDatabase(config, silentLog)
    await expect(prepareHouseDatabase(config, house)).rejects.toThrow(
      'This database could lose confirmed reports: fsync is off',
    )
  })

  test('is refused in words when the login has another password', async () => {
    const config = readConfig({ DATA_DIR: dataDir, DATABASE_URL: database.ownerUrl })
    const house = await openHouseDatabase(config, silentLog)
    await expect(prepareHouseDatabase(config, house)).rejects.toThrow('give it in DATABASE_APP_URL')
  })

  test('is refused when the login owns a table or is a superuser', async () => {
    await requireOrdinaryLogin(database.appUrl)
    await expect(requireOrdinaryLogin(database.superuserUrl)).rejects.toThrow('bypass row-level security')
    await withClient(database.superuserUrl, (client) =>
      client.query('create table mine (id int); alter table mine owner to tongxin_app'),
    )
    await expect(requireOrdinaryLogin(database.appUrl)).rejects.toThrow('owns tables')
  })
})
