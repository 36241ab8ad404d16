import { hot, type Tx } from '../../kernel/db.ts'
import type { KnownChair, KnownPlace } from './known.ts'

/** Every base area of the county now; a county has at most some thousands. */
export function listPlaces(tx: Tx, county: string, at: Date): Promise<KnownPlace[]> {
  const text = `select id, path, name, kind from area
    where county = $1 and overlay = 'base' and valid_from <= $2 and (valid_until is null or valid_until > $2)`
  return hot(tx, 'setup_places', text, [county, at])
}

/** Every open post with who holds it now or later: a slot that is promised is taken. */
export function listChairs(tx: Tx, county: string, at: Date): Promise<KnownChair[]> {
  const holder = (slot: 'A' | 'B') => `(select h.account_id from holding h where h.county = $1 and h.post_id = p.id
    and h.slot = '${slot}' and (h.held_until is null or h.held_until > $2) order by h.held_from limit 1)`
  const text = `select p.id, p.area_id as "areaId", p.role, p.unit, p.name, p.place, p.version,
      ${holder('A')} as "holderA", ${holder('B')} as "holderB"
    from post p where p.county = $1 and p.valid_from <= $2 and (p.valid_until is null or p.valid_until > $2)`
  return hot(tx, 'setup_chairs', text, [county, at])
}

/** Many versions at once, after many were seated. */
export async function saveVersions(
  tx: Tx,
  county: string,
  rows: readonly { id: string; version: number }[],
): Promise<void> {
  const text = `update post set version = r.version from jsonb_to_recordset($2::jsonb) r (id uuid, version integer)
    where post.county = $1 and post.id = r.id`
  await hot(tx, 'setup_post_versions', text, [county, JSON.stringify(rows)])
}

export interface Counts {
  areas: number
  towns: number
  villages: number
  grids: number
  microGrids: number
  posts: number
  vacantPosts: number
}

/** What a county consists of, counted. */
export async function countCounty(tx: Tx, county: string, at: Date): Promise<Counts> {
  const now = (table: string, from = 'valid_from', until = 'valid_until') =>
    `${table}.${from} <= $2 and (${table}.${until} is null or ${table}.${until} > $2)`
  const areas = `select count(*)::int as areas, count(*) filter (where kind = 'town')::int as towns,
      count(*) filter (where kind in ('village', 'community'))::int as villages,
      count(*) filter (where kind in ('grid', 'dedicatedGrid'))::int as grids,
      count(*) filter (where kind = 'microGrid')::int as "microGrids"
    from area where county = $1 and overlay = 'base' and ${now('area')}`
  const posts = `select count(*)::int as posts, count(*) filter (where not exists (
      select from holding h where h.county = $1 and h.post_id = post.id and ${now('h', 'held_from', 'held_until')}))::int as "vacantPosts"
    from post where county = $1 and ${now('post')}`
  const [one] = await hot<Omit<Counts, 'posts' | 'vacantPosts'>>(tx, 'setup_count_areas', areas, [county, at])
  const [two] = await hot<Pick<Counts, 'posts' | 'vacantPosts'>>(tx, 'setup_count_posts', posts, [county, at])
  return { ...one!, ...two! }
}
