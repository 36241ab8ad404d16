import { runSystem } from '../kernel/command.ts'
import { DEMO_COUNTY, DEMO_VILLAGE, seedGaoqiaoGround } from '../grid/index.ts'
import {
  dayOf,
  gaoqiaoFamilies,
  honglianFamilies,
  honglianOrganisations,
  seedGroups,
  seedHomes,
  seedOrganisations,
  type HomePlan,
} from '../registry/index.ts'
import type { Piece, Stage } from './scenarios.ts'

/** Blocks of Gaoqiao Garden that one piece lays: about 200 flats and 800 people. */
const BLOCKS_A_PIECE = 4

const laying = (stage: Stage, homes: readonly HomePlan[]): Piece => {
  return () => runSystem(stage.app, DEMO_COUNTY, (cmd) => seedHomes(cmd, homes))
}

const groupsOf = (homes: readonly HomePlan[]): HomePlan[][] => [
  ...Map.groupBy(homes, ({ building }) => building.areaPath.split('/').slice(0, 4).join('/')).values(),
]

/**
 * Who lives in Honglian, a piece a grid: the first grid, where the micro-grid heads of the sign-in page are, before anybody is
 * served, the others behind the progress bar.
 */
export function villagePieces(stage: Stage, which: 'first' | 'others'): Piece[] {
  const first = `${DEMO_VILLAGE}/G001`
  const organisations: Piece = () =>
    runSystem(stage.app, DEMO_COUNTY, (cmd) => seedOrganisations(cmd, honglianOrganisations()))
  const homes = groupsOf(honglianFamilies(dayOf(stage.anchor)))
    .filter(([home]) => home!.building.areaPath.startsWith(first) === (which === 'first'))
    .map((group) => laying(stage, group))
  const groups: Piece = () => runSystem(stage.app, DEMO_COUNTY, seedGroups)
  return which === 'first' ? [...homes, organisations, groups] : homes
}

/** Gaoqiao's grids and posts, then its flats. */
export function gaoqiaoPhases(stage: Stage): Piece[][] {
  const homes = gaoqiaoFamilies(dayOf(stage.anchor))
  const pieces: Piece[] = []
  for (let from = 0; from < homes.length; from += BLOCKS_A_PIECE)
    pieces.push(laying(stage, homes.slice(from, from + BLOCKS_A_PIECE)))
  return [[() => runSystem(stage.app, DEMO_COUNTY, seedGaoqiaoGround)], pieces]
}
