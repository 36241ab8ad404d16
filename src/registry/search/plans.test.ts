import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { hot, type Tx } from '../../kernel/db.ts'
import { subtreeRange } from '../../kernel/grants.ts'
import { withClient } from '../../kernel/postgres-logins.ts'
import { shownSearches } from './store.ts'

let house: TestApp
const PEOPLE = 20_000

/** One name shared by all, in 200 villages, and as many buildings and organisations: a scan or a sort of them all would show. */
beforeAll(async () => {
  house = await testApp()
  await withClient(house.database.superuserUrl, async (client) => {
    const path = `'330411/T' || n % 10 || '/V' || lpad((n % 200)::text, 3, '0') || '/M' || lpad((n % 2000)::text, 5, '0')`
    await client.query(`
      insert into person (county, id, version, name, registration, area_path, state, source, checked_at, created_at, updated_at)
      select '330411', gen_random_uuid(), 1, '张伟明', 'registered', ${path}, 'present', 'visit', now(), now(), now()
      from generate_series(1, ${PEOPLE}) n;
      insert into building (county, id, version, area_path, kind, estate, street, house_number, name, address, address_key, sort_key,
        created_at, updated_at)
      select '330411', gen_random_uuid(), 1, ${path}, 'estateBlock', '高桥花园', '', '', n || '幢', '高桥花园' || n || '幢', n::text, n::text,
        now(), now() from generate_series(1, ${PEOPLE}) n;
      insert into premises (county, id, version, building_id, area_path, unit, room, address, address_key, sort_key, use, source,
        checked_at, created_at, updated_at)
      select county, gen_random_uuid(), 1, id, area_path, '', '501', address || '501', address_key, sort_key, 'let', 'visit', now(), now(),
        now() from building;
      insert into organisation (county, id, version, kind, name, trade, area_path, address, source, checked_at, created_at, updated_at)
      select '330411', gen_random_uuid(), 1, 'enterprise', '恒丰纺织', '', ${path}, '', 'visit', now(), now(), now()
      from generate_series(1, ${PEOPLE}) n;
      insert into search_token (county, token, area_path, subject_id)
      select county, token, area_path, id from person, unnest(array['pn张伟明', 'pg张伟', 'pg伟明']) token
      union all select county, token, area_path, id from building, unnest(array['bg高桥', 'bg桥花']) token
      union all select county, 'an501', area_path, id from premises
      union all select county, token, area_path, id from organisation, unnest(array['og恒丰', 'og丰纺']) token;
      analyze person; analyze building; analyze premises; analyze organisation; analyze search_token`)
  })
}, 90_000)
afterAll(() => house.close())

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows'?: number
  'Actual Loops'?: number
  'Rows Removed by Filter'?: number
  Plans?: Node[]
}
const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

const literal = (value: unknown): string =>
  Array.isArray(value) ? `array[${value.map((one) => `'${String(one)}'`).join(', ')}]` : `'${String(value)}'`

/** What the application's own role does, with the plan that is kept for every value. */
async function planOf(text: string, types: readonly string[], values: readonly unknown[]): Promise<Node[]> {
  return house.db.reading(county, async (tx: Tx) => {
    await hot(tx, '', "select set_config('plan_cache_mode', 'force_generic_plan', false)", [])
    const name = `plan_${Math.random().toString(36).slice(2)}`
    await hot(tx, '', `prepare ${name} (${types.join(', ')}) as ${text}`, [])
    const given = values.map((value, at) => `${literal(value)}::${types[at]!}`)
    const [row] = await hot<{ 'QUERY PLAN': { Plan: Node }[] }>(
      tx,
      '',
      `explain (format json, analyze) execute ${name} (${given.join(', ')})`,
      [],
    )
    await hot(tx, '', "select set_config('plan_cache_mode', 'auto', false)", [])
    return nodesOf(row!['QUERY PLAN'][0]!.Plan)
  })
}

const scopes: [string, string[]][] = [
  ['one micro-grid', ['330411/T3/V003/M00003']],
  ['three villages', ['330411/T3/V003', '330411/T5/V005', '330411/T9/V009']],
  ['the whole county', ['330411']],
]
const zero = '00000000-0000-0000-0000-000000000000'

describe.each(scopes)('within %s, under row-level security, planned for any value', (_scope, roots) => {
  it.each(shownSearches.map((one) => [one.name, one] as const))(
    '%s reads little',
    async (_name, { text, tokens, scanned, door }) => {
      const ranges = roots.map(subtreeRange)
      const low = ranges.map(([from]) => from)
      const values = [county, tokens, low, ranges.map(([, to]) => to), low.map(() => zero), 21]
      const types = ['text', 'text[]', 'text[]', 'text[]', 'uuid[]', 'int']
      if (scanned) values.push(200)
      if (scanned) types.push('int')
      if (door) values.push(door)
      if (door) types.push('text')
      const nodes = await planOf(text, types, values)
      const tables = nodes.filter((node) => node['Relation Name'] !== undefined)
      expect(tables.map((node) => node['Node Type']).filter((type) => type === 'Seq Scan')).toEqual([])
      expect(nodes.flatMap((node) => node['Index Name'] ?? [])).toContain('search_token_pkey')
      for (const node of tables) {
        const read = ((node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)) * (node['Actual Loops'] ?? 1)
        expect(read, JSON.stringify(node)).toBeLessThanOrEqual(door ? 4_000 : 700)
      }
    },
  )
})
