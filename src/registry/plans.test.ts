import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../test/support/app.ts'
import { hot, type Tx } from '../kernel/db.ts'
import { subtreeRange } from '../kernel/grants.ts'
import { withClient } from '../kernel/postgres-logins.ts'
import { DOOR_TIES, LIST_BUILDINGS, LIST_OF_BUILDING, LIST_PREMISES, LIST_REVIEWS } from './addresses/store.ts'
import { askingActs } from './burden/rules.ts'
import { LIST_EARLIER, LIST_MET, LIST_MET_EARLIER, LIST_TOLD } from './burden/store.ts'
import { LIST_CHANGES } from './history/store.ts'
import { FIND_HOME, LIST_HOUSEHOLDS, MEMBERS, SERVICES } from './households/store.ts'
import { LIST_GROUPS, LIST_ORGANISATIONS } from './organisations/store.ts'
import { SCAN_GONE, SCAN_HERE, SCAN_TAGGED } from './people/store.ts'

let house: TestApp
const DOORS = 8_000

/** Enough doors and people, of two counties, that a scan of a table would show. */
beforeAll(async () => {
  house = await testApp()
  await withClient(house.database.superuserUrl, async (client) => {
    await client.query(`
      create temp table places as
        select c.county, n, md5(c.county || 'd' || n)::uuid as id,
          c.county || '/T' || (n % 20) || '/V' || (n % 400) || '/G1/M' || (n % 4000) as path, now() as at
        from generate_series(1, ${DOORS}) n, (values ('330411'), ('330402')) c (county);
      insert into building (county, id, version, area_path, kind, estate, street, house_number, name, address, address_key, sort_key, created_at, updated_at)
        select county, id, 1, path, 'estateBlock', '苑', '', '', n || '幢', n || '幢', 'k' || n, lpad(n::text, 6, '0'), at, at from places;
      insert into premises (county, id, version, building_id, area_path, unit, floor, room, address, address_key, sort_key, use, plan_review_on,
          source, checked_at, created_at, updated_at)
        select county, id, 1, id, path, '1', 1, '101', n || '幢101室', 'p' || n, lpad(n::text, 6, '0'), 'let',
          case when n % 50 = 0 then date '2026-12-01' + n % 30 end, 'sheet', at, at, at from places;
      insert into household (county, id, version, premises_id, area_path, kind, members, source, checked_at, created_at, updated_at)
        select county, id, 1, id, path, 'floating', 2, 'sheet', at, at, at from places;
      insert into person (county, id, version, name, born_on, registration, area_path, premises_id, household_id, state, source, checked_at, created_at, updated_at)
        select county, md5(county || 'p' || n || k)::uuid, 1, '人' || n, date '1950-01-01' + n, 'floating', path, id, id,
          case when n % 40 = 0 then 'left' else 'present' end, 'sheet', at, at, at
        from places, generate_series(1, 3) k;
      insert into residence (county, id, person_id, premises_id, household_id, area_path, relation, lives_here, from_on, source, at)
        select county, id, id, premises_id, household_id, area_path, 'tenant', true, '2026-01-01', 'sheet', checked_at from person;
      insert into person_tag (county, tag, area_path, person_id, derived, since_on, source, at)
        select county, 'newResident', area_path, id, true, '2026-01-01', 'rule', checked_at from person;
      insert into organisation (county, id, version, kind, name, trade, area_path, premises_id, address, source, checked_at, created_at, updated_at)
        select county, id, 1, 'merchant', '店' || n, '餐饮', path, id, '', 'sheet', at, at, at from places;
      insert into chat_group (county, id, version, area_path, kind, name, channel, audience, owner_label, checked_at, created_at, updated_at)
        select county, id, 1, path, 'residents', '群' || n, 'wechat', '', '', at, at, at from places;
      insert into household_service (county, household_id, at, id, kind, ref_id, by_label)
        select county, id, at, id, 'visit', id, '网格员' from places;
      insert into registry_change (county, subject_id, version, subject_kind, area_path, act, source, reason, by_label, at)
        select county, id, 1, 'person', area_path, 'registered', 'sheet', '', '网格员', checked_at from person;
      insert into visit (county, id, version, subject_id, premises_id, area_path, result, force, duties, by_account, by_label, met_at,
          written_at, photos, campaigns, corrections, conflicts)
        select county, id, 1, id, id, path, 'visited', 'grid', '{}', id, '网格员', at - n * interval '1 hour', at, 0, 0, 0, 0 from places;
      analyze visit; analyze building; analyze premises; analyze household; analyze person; analyze residence; analyze person_tag;
      analyze organisation; analyze chat_group; analyze household_service; analyze registry_change`)
  })
}, 90_000)
afterAll(() => house.close())

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  Plans?: Node[]
}
const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

const literalOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? `'{${value.join(',')}}'` : `'${String(value)}'`
let serial = 0

/** The plan that the application's own role gets, as a prepared statement runs it for good. */
async function planOf(text: string, values: readonly unknown[]): Promise<Node[]> {
  return house.db.reading(county, async (tx: Tx) => {
    await hot(tx, 'test_generic', "select set_config('plan_cache_mode', 'force_generic_plan', true)", [])
    const name = `registry_plan_${++serial}`
    await hot(tx, `${name}_p`, `prepare ${name} as ${text}`, [])
    const literals = values.map(literalOf).join(', ')
    const asked = `explain (format json) execute ${name} (${literals})`
    const [row] = await hot<{ 'QUERY PLAN': { Plan: Node }[] }>(tx, `${name}_x`, asked, [])
    return nodesOf(row!['QUERY PLAN'][0]!.Plan)
  })
}

const [low, high] = subtreeRange('330411/T3/V3')
const none = '00000000-0000-0000-0000-000000000000'
const one = 'c4ca4238-a0b9-3382-8dcc-509a6f75849b'
const month = ['2026-10-01', '2026-11-01'] as const
const anybody = [null, null, null, null]

const cases: [what: string, text: string, values: unknown[], index: string][] = [
  ['buildings of a place', LIST_BUILDINGS, [county, low, high, low, '', none, 21], 'building_area'],
  ['premises of a place', LIST_PREMISES, [county, low, high, low, '', none, 21, null], 'premises_area'],
  ['premises of a building', LIST_OF_BUILDING, [county, one, '', none, 21, null], 'premises_building'],
  ['plans to look at', LIST_REVIEWS, [county, '2026-12-31', '0001-01-01', none, [low], [high], 21], 'premises_review'],
  ['who is at some doors', DOOR_TIES, [county, [one, none]], 'residence_premises'],
  ['people of a place', SCAN_HERE, [county, low, high, none, ...anybody, 3000, 21, null], 'person_area'],
  ['who has left a place', SCAN_GONE, [county, low, high, none, ...anybody, 3000, 21, null], 'person_gone'],
  [
    'people of a tag',
    SCAN_TAGGED,
    [county, low, high, none, ...anybody, 21, 21, null, 'newResident'],
    'person_tag_pkey',
  ],
  ['households of a place', LIST_HOUSEHOLDS, [county, low, high, none, null, 21], 'household_area'],
  ['a household’s home', FIND_HOME, [county, one], 'household_pkey'],
  ['a household’s people', MEMBERS, [county, one], 'residence_premises'],
  ['a household’s service file', SERVICES, [county, one], 'household_service_pkey'],
  ['organisations of a place', LIST_ORGANISATIONS, [county, low, high, none, null, 21], 'organisation_area'],
  ['chat groups of a place', LIST_GROUPS, [county, low, high, none, null, 21], 'chat_group_area'],
  ['what was told of a place', LIST_TOLD, [county, ...month, [low], [high], askingActs, 101], 'registry_change_asked'],
  ['what was told before', LIST_EARLIER, [county, [one, none], '2100-01-01', askingActs], 'registry_change_pkey'],
  ['who was met in a place', LIST_MET, [county, ...month, [low], [high], 101], 'visit_met'],
  ['who was met before', LIST_MET_EARLIER, [county, [one, none], '2100-01-01'], 'visit_subject'],
  ['the history of a record', LIST_CHANGES, [county, one, 9, 21], 'registry_change_pkey'],
]

describe('plans as the application’s role, under row-level security, planned once for good', () => {
  it.each(cases)('%s uses its index', async (_what, text, values, index) => {
    const nodes = await planOf(text, values)
    const scans = nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name'])
    expect(scans).toEqual([])
    expect(nodes.flatMap((node) => node['Index Name'] ?? [])).toContain(index)
    expect(nodes.map((node) => node['Node Type']).filter((type) => type === 'Bitmap Heap Scan')).toEqual([])
  })
})
