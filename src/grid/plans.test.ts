import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../test/support/app.ts'
import { hot, type Tx } from '../kernel/db.ts'
import { subtreeRange } from '../kernel/grants.ts'
import { withClient } from '../kernel/postgres-logins.ts'

let house: TestApp
const AREAS = 20_000

/** Enough areas, of two counties, that a scan of the table would show. */
beforeAll(async () => {
  house = await testApp()
  await withClient(house.database.superuserUrl, async (client) => {
    await client.query(`
      alter table area drop constraint area_one_version_excl, drop constraint area_path_excl, drop constraint area_number_excl;
      alter table post drop constraint post_place_excl;
      alter table holding drop constraint holding_one_holder_excl, drop constraint holding_one_slot_excl;
      insert into area (county, id, version, code, number, name, kind, overlay, path, parent_path, depth, schematic, valid_from)
      select c.county, gen_random_uuid(), 1, 'M' || lpad(n::text, 6, '0'), 'N' || n, '第' || n || '微网格', 'microGrid', 'base',
        c.county || '/T' || (n % 20) || '/V' || (n % 600) || '/M' || lpad(n::text, 6, '0'),
        c.county || '/T' || (n % 20) || '/V' || (n % 600), 4, true, '2026-01-01'
      from generate_series(1, ${AREAS / 2}) n, (values ('330411'), ('330402')) c (county);
      insert into area_gram (county, gram, area_id)
      select county, substr(name, 1, 2), id from area;
      insert into post (county, id, area_id, role, name, place, valid_from, version)
      select county, gen_random_uuid(), id, 'microGridLead', 'x', 1, '2026-01-01', 1 from area where county = '330411';
      insert into holding (county, id, post_id, account_id, slot, held_from)
      select county, gen_random_uuid(), id, gen_random_uuid(), 'A', '2026-01-01' from post;
      analyze area; analyze area_gram; analyze post; analyze holding`)
  })
}, 60_000)
afterAll(() => house.close())

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  Plans?: Node[]
}
const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** The plan that the application's own role gets, as a prepared statement runs it for good. */
async function planOf(text: string, values: unknown[]): Promise<Node[]> {
  return house.db.reading(county, async (tx: Tx) => {
    await hot(tx, 'test_generic', "select set_config('plan_cache_mode', 'force_generic_plan', true)", [])
    const literals = values.map((value) =>
      Array.isArray(value) ? `array['${value.join("','")}']::text[]` : `'${String(value)}'`,
    )
    const types = values.map((value) =>
      Array.isArray(value)
        ? 'text[]'
        : value instanceof Date || /^\d{4}-.*Z$/.test(String(value))
          ? 'timestamptz'
          : 'text',
    )
    const name = `plan_${Math.abs(text.length * 31 + values.length)}_${Date.now() % 1e6}`
    await hot(tx, `${name}_p`, `prepare ${name} (${types.join(', ')}) as ${text}`, [])
    const [row] = await hot<{ 'QUERY PLAN': { Plan: Node }[] }>(
      tx,
      `${name}_x`,
      `explain (format json) execute ${name} (${literals.join(', ')})`,
      [],
    )
    return nodesOf(row!['QUERY PLAN'][0]!.Plan)
  })
}

const now = '2026-11-16T01:30:00Z'
const scans = (nodes: Node[]): string[] =>
  nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name'] ?? '')
const indexes = (nodes: Node[]): string[] => nodes.flatMap((node) => (node['Index Name'] ? [node['Index Name']] : []))

describe('plans as the application’s role, under row-level security', () => {
  it('asks as a role that policies bind', async () => {
    const rows = await house.db.reading(county, (tx) =>
      hot<{ user: string; bypass: boolean; count: number }>(
        tx,
        'test_role',
        'select current_user as user, (select rolbypassrls or rolsuper from pg_roles where rolname = current_user) as bypass, count(*)::int as count from area',
        [],
      ),
    )
    expect(rows[0]).toEqual({ user: 'tongxin_app', bypass: false, count: AREAS / 2 })
  })

  const [from, to] = subtreeRange('330411/T3/V3')
  const cases: [string, string, unknown[], string][] = [
    [
      'a subtree',
      'select id from area a where a.county = $1 and a.path >= $2 and a.path < $3 and a.valid_from <= $4 and (a.valid_until is null or a.valid_until > $4) order by a.path limit 20',
      [county, from, to, now],
      'area_path',
    ],
    [
      'areas by path',
      'select id from area a where a.county = $1 and a.path = any($2) and a.valid_from <= $3 and (a.valid_until is null or a.valid_until > $3)',
      [county, ['330411/T3/V3/M000003', '330411'], now],
      'area_path',
    ],
    [
      'children',
      'select id from area a where a.county = $1 and a.parent_path = $2 and a.valid_from <= $3 and (a.valid_until is null or a.valid_until > $3) order by a.code limit 21',
      [county, '330411/T3/V3', now],
      'area_parent',
    ],
    [
      'a name by two characters',
      'select area_id from area_gram g where g.county = $1 and g.gram = $2',
      [county, '第7'],
      'area_gram_pkey',
    ],
    [
      'who is on duty at a place',
      `select p.id, h.account_id from area a join post p on p.county = $1 and p.area_id = a.id
         left join holding h on h.county = $1 and h.post_id = p.id and h.slot = 'A'
       where a.county = $1 and a.path = any($2) and a.valid_from <= $3`,
      [county, ['330411/T3/V3/M000003', '330411'], now],
      'post_area',
    ],
  ]
  it.each(cases)('%s uses its index', async (_what, text, values, index) => {
    const nodes = await planOf(text, values)
    expect(scans(nodes)).toEqual([])
    expect(indexes(nodes).join(' ')).toContain(index)
  })

  it('another county’s rows cannot be reached, whatever the statement says', async () => {
    const rows = await house.db.reading(county, (tx) =>
      hot<{ count: number }>(tx, 'test_other', "select count(*)::int as count from area where county = '330402'", []),
    )
    expect(rows[0]!.count).toBe(0)
    const write = house.db.transaction(county, (tx) =>
      hot(tx, 'test_other_write', "insert into grid_version (county, ground, duty) values ('330402', 1, 1)", []),
    )
    await expect(write).rejects.toMatchObject({ code: '42501' })
  })
})

describe('what is history stays', () => {
  it.each(['area', 'area_boundary', 'area_cover', 'post', 'holding', 'absence', 'calendar_override', 'county_setting'])(
    'the application cannot delete from %s',
    async (table) => {
      const removal = house.db.transaction(county, (tx) =>
        hot(tx, `test_delete_${table}`, `delete from ${table} where county = $1`, [county]),
      )
      await expect(removal).rejects.toMatchObject({ code: '42501' })
    },
  )
})
