import { hotRead, type Tx } from '../../kernel/db.ts'
import type { Ranges } from '../access.ts'

export interface FigureRow {
  buildings: number
  premises: number
  let: number
  vacant: number
  households: number
  residents: number
  newResidents: number
  organisations: number
  chatGroups: number
}

/** How much some places hold; each part one walk along its index. */
export async function countPlace(tx: Tx, county: string, ranges: Ranges): Promise<FigureRow> {
  const within = (column: string): string =>
    `exists (select from unnest($2::text[], $3::text[]) as r (low, high) where ${column} >= r.low and ${column} < r.high)`
  const [row] = await hotRead<FigureRow>(
    tx,
    'registry_place_figures',
    `select
       (select count(*)::int from building where county = $1 and closed_at is null and ${within('area_path')}) as buildings,
       p.premises, p.let, p.vacant,
       (select count(*)::int from household where county = $1 and closed_at is null and ${within('area_path')}) as households,
       n.residents, n.fresh as "newResidents",
       (select count(*)::int from organisation where county = $1 and closed_at is null and ${within('area_path')}) as organisations,
       (select count(*)::int from chat_group where county = $1 and closed_at is null and ${within('area_path')}) as "chatGroups"
     from (select count(*)::int as premises, (count(*) filter (where use = 'let'))::int as let,
         (count(*) filter (where use = 'vacant'))::int as vacant
       from premises where county = $1 and closed_at is null and ${within('area_path')}) p,
     (select count(*)::int as residents, (count(*) filter (where registration = 'floating'))::int as fresh
       from person where county = $1 and state in ('present', 'away') and household_id is not null and ${within('area_path')}) n`,
    [county, ranges.low, ranges.high],
  )
  return row!
}
