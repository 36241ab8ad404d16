import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCatalogue, type Catalogue, type TableFacts } from '../src/kernel/catalogue.ts'
import { readMigrations } from '../src/kernel/migrate.ts'
import { withClient } from '../src/kernel/postgres-logins.ts'
import { freshDatabase, type FreshDatabase } from './support/database.ts'

/**
 * The data rules, checked on the live catalogue: what holds on one PostgreSQL must hold on a cluster distributed by county.
 */

/** Tables that no county owns, each with the reason; every other table is a county's. */
const shared: Record<string, string> = {
  county: 'the list of the tenants themselves',
  division: 'divisions of the state, the same for everybody',
  migration: 'which files ran in this database',
  phone_claim: 'which counties a phone belongs to: a global claim is keyed by its hash',
  sweep: 'which process runs what now and then',
}

const isShared = (table: string | null): boolean => table !== null && table in shared

let database: FreshDatabase
let catalogue: Catalogue
let tenants: TableFacts[]

beforeAll(async () => {
  database = await freshDatabase()
  catalogue = await withClient(database.ownerUrl, readCatalogue)
  tenants = catalogue.tables.filter(({ name }) => !(name in shared))
})
afterAll(() => database.drop())

/** Names what breaks a rule; a rule that looked at nothing has proved nothing. */
function breaches<T>(things: readonly T[], breaks: (thing: T) => boolean, nameOf: (thing: T) => string): string[] {
  expect(things.length).toBeGreaterThan(0)
  return things.filter(breaks).map(nameOf)
}
const ofTables = (things: readonly TableFacts[], breaks: (table: TableFacts) => boolean): string[] =>
  breaches(things, breaks, ({ name }) => name)
const each = <K extends 'columns' | 'constraints' | 'indexes'>(tables: readonly TableFacts[], kind: K) =>
  tables.flatMap((table) => table[kind].map((item) => ({ table: table.name, item: item as TableFacts[K][number] })))
const full = ({ table, item }: { table: string; item: { name: string } }): string => `${table}.${item.name}`

describe('every table', () => {
  test('of the shared ones is there, so that this list does not outlive them', () => {
    expect(Object.keys(shared).filter((name) => !catalogue.tables.some((table) => table.name === name))).toEqual([])
  })

  test('has a name in singular snake_case, a comment and a primary key', () => {
    expect(ofTables(catalogue.tables, ({ name }) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))).toEqual([])
    expect(ofTables(catalogue.tables, ({ comment }) => (comment ?? '').length < 20)).toEqual([])
    expect(ofTables(catalogue.tables, ({ constraints }) => !constraints.some(({ kind }) => kind === 'p'))).toEqual([])
  })

  test('has no trigger, and no column counts by itself or fills itself from the server’s clock', () => {
    expect(ofTables(catalogue.tables, ({ triggers }) => triggers.length > 0)).toEqual([])
    expect(breaches(each(catalogue.tables, 'columns'), ({ item }) => item.counts, full)).toEqual([])
    const filled = /now\(\)|CURRENT_|clock_timestamp|gen_random_uuid|random\(/
    expect(breaches(each(catalogue.tables, 'columns'), ({ item }) => filled.test(item.expression ?? ''), full)).toEqual(
      [],
    )
  })

  test('knows instants with their zone, and no type that row-level security cannot search', () => {
    const forbidden = /timestamp without time zone|^time |ltree|tsvector|^serial|^money$|character/
    expect(breaches(each(catalogue.tables, 'columns'), ({ item }) => forbidden.test(item.type), full)).toEqual([])
    const trigram = /gin_trgm|gist_trgm|USING gin/
    expect(breaches(each(catalogue.tables, 'indexes'), ({ item }) => trigram.test(item.text), full)).toEqual([])
  })

  test('compares paths byte by byte', () => {
    const paths = each(catalogue.tables, 'columns').filter(({ item }) => /(^|_)path$/.test(item.name))
    expect(breaches(paths, ({ item }) => item.type === 'text' && item.collation !== 'C', full)).toEqual([])
  })

  test('defers no constraint and sets nothing to null', () => {
    expect(
      breaches(
        each(catalogue.tables, 'constraints'),
        ({ item }) => item.deferrable || /SET (NULL|DEFAULT)/.test(item.text),
        full,
      ),
    ).toEqual([])
  })
})

describe('a county’s table', () => {
  const first = (columns: readonly string[]): string | undefined => columns[0]

  test('begins with the county, in every key and every index', () => {
    const keys = each(tenants, 'constraints').filter(({ item }) => item.kind !== 'c')
    const wrong = ({ item }: (typeof keys)[number]): boolean =>
      first(item.columns) !== 'county' ||
      (item.kind === 'f' && !isShared(item.foreignTable) && first(item.foreignColumns) !== 'county')
    expect(breaches(keys, wrong, full)).toEqual([])
    expect(breaches(each(tenants, 'indexes'), ({ item }) => first(item.columns) !== 'county', full)).toEqual([])
  })

  test('is never pointed at from a shared one', () => {
    const pointing = each(
      catalogue.tables.filter(({ name }) => name in shared),
      'constraints',
    )
    expect(breaches(pointing, ({ item }) => item.kind === 'f' && !isShared(item.foreignTable), full)).toEqual([])
  })

  test('has the one policy of the county, and no way round it', () => {
    expect(ofTables(tenants, ({ rowSecurity, rowSecurityForced }) => !rowSecurity || !rowSecurityForced)).toEqual([])
    const only = {
      command: '*',
      permissive: true,
      roles: ['PUBLIC'],
      using: "(county = current_setting('app.county'::text, true))",
      check: null,
    }
    for (const { name, policies } of tenants) expect(policies, name).toEqual([{ name: `${name}_county`, ...only }])
  })

  test('has a county that is text and never missing', () => {
    expect(
      ofTables(tenants, ({ columns }) => {
        const county = columns.find(({ name }) => name === 'county')
        return county?.type !== 'text' || !county.notNull
      }),
    ).toEqual([])
  })
})

describe('the application', () => {
  const asApp = async (text: string): Promise<string | undefined> =>
    withClient(database.appUrl, async (client) => {
      await client.query("begin; set local app.county = '330411'")
      try {
        await client.query(text)
        return undefined
      } catch (error) {
        return (error as { code?: string }).code
      } finally {
        await client.query('rollback')
      }
    })
  const REFUSED = '42501'
  const may = (table: TableFacts, right: string): boolean =>
    table.grants.some((grant) => grant.to === 'tongxin_app' && grant.right.split(' ')[0] === right)

  test('is really refused on what is append-only', async () => {
    const appendOnly = tenants.filter((table) => may(table, 'INSERT') && !may(table, 'UPDATE') && !may(table, 'DELETE'))
    expect(appendOnly.map(({ name }) => name)).toEqual(expect.arrayContaining(['ledger_entry', 'ledger_leaf']))
    for (const { name } of appendOnly) {
      expect(await asApp(`update ${name} set county = county`), name).toBe(REFUSED)
      expect(await asApp(`delete from ${name}`), name).toBe(REFUSED)
    }
  })

  test('empties no table, owns nothing and changes no schema', async () => {
    for (const { name } of catalogue.tables) expect(await asApp(`truncate ${name}`), name).toBe(REFUSED)
    expect(await asApp('create table public.mine (id int)')).toBe(REFUSED)
    expect(await asApp('alter table ledger_entry disable row level security')).toBe(REFUSED)
    expect(await asApp('drop policy ledger_entry_county on ledger_entry')).toBe(REFUSED)
    expect(await asApp('grant update on ledger_entry to tongxin_app; update ledger_entry set county = county')).toBe(
      REFUSED,
    )
    expect(await asApp('set role tongxin_owner')).toBe(REFUSED)
    const owned = await withClient(database.superuserUrl, async (client) => {
      const { rows } = await client.query("select relname from pg_class where relowner = 'tongxin_app'::regrole")
      return rows
    })
    expect(owned).toEqual([])
  })

  test('sees and writes rows of its county only', async () => {
    const row = (county: string): string =>
      `insert into idempotency (county, owner, key, route, request_hash, answer, at)
       values ('${county}', 'a', 'k', 'r', '\\x00', '{}', '2026-11-16T00:00:00Z')`
    expect(await asApp(row('330402'))).toBe(REFUSED)
    await withClient(database.superuserUrl, (client) => client.query(row('330402')))
    const count = await withClient(database.appUrl, async (client) => {
      const counts: number[] = []
      for (const county of ['', '330411', '330402']) {
        await client.query(`begin; set local app.county = '${county}'`)
        const { rows } = await client.query('select count(*)::int as n from idempotency')
        counts.push(rows[0].n as number)
        await client.query('rollback')
      }
      return counts
    })
    expect(count).toEqual([0, 0, 1])
  })
})

describe('migrations', () => {
  test('take nothing that a cluster refuses', () => {
    const files = readMigrations()
    const forbidden =
      /\b(serial|bigserial|merge into|deferrable|on delete set null|create trigger|grouping sets|rollup)\b/i
    expect(
      breaches(
        files,
        ({ text }) => forbidden.test(text.replaceAll(/--.*$/gm, '')),
        ({ name }) => name,
      ),
    ).toEqual([])
  })
})
