import type { Command } from '../../kernel/command.ts'
import { isPosition, type Position } from '../../kernel/positions.ts'
import { Fault } from '../../kernel/faults.ts'
import type { Ports } from '../../kernel/ports.ts'
import { directoryOf } from '../directory.ts'
import {
  leafKinds,
  locateOn,
  makeGround,
  SEARCH_METRES_MAX,
  type Ground,
  type GroundAnswer,
  type GroundHit,
} from './rules.ts'
import { Kept, within } from '../kept.ts'
import { listGround, listGroundNear } from './store.ts'

/** How old the knowledge of another process's changes may be. */
const FRESH_MS = 2_000

type Reader = Pick<Command, 'tx' | 'county' | 'ports' | 'now'>

const grounds = new Kept<Ground>({
  freshMs: FRESH_MS,
  version: 'ground',
  load: async (tx, county, now) => makeGround(await listGround(tx, county, now)),
})

/** The county's ground as an index in memory. */
export const groundOf = (cmd: Reader): Promise<Ground> => grounds.of(within(cmd))

/** Drops the county's ground from this process: the next look loads it again. */
export const forgetGround = (ports: Ports, county: string): void => grounds.forget(ports, county)

/**
 * Which micro-grid a position lies in, with names as people say them; see `locateOn` for what `certain` means.
 *
 * @param at Another instant than now: asks the boundaries that held then.
 * @throws grid.bad_position
 */
export async function locate(
  cmd: Reader,
  position: Position & { accuracyMetres?: number | null },
  at?: Date,
): Promise<GroundAnswer> {
  if (!isPosition(position)) throw new Fault('grid.bad_position')
  const ground = at ? await groundThen(cmd, position, at) : await groundOf(cmd)
  const answer = locateOn(ground, position, position.accuracyMetres)
  if (at) return answer
  const directory = await directoryOf(cmd)
  const named = (hit: GroundHit): GroundHit => ({ ...hit, name: directory.placeName(hit.path) || hit.name })
  // A village whose grids are not drawn is no answer either: somebody must say which grid it is.
  const finest = answer.area !== null && (leafKinds.has(answer.area.kind) || !directory.hasBelow(answer.area.path))
  return {
    ...answer,
    area: answer.area && named(answer.area),
    candidates: answer.candidates.map(named),
    certain: answer.certain && finest,
  }
}

const DEGREES_AROUND = SEARCH_METRES_MAX / 80_000

/** The ground around a position at another instant. */
export async function groundThen(cmd: Reader, { lng, lat }: Position, at: Date): Promise<Ground> {
  const around = {
    west: lng - DEGREES_AROUND,
    south: lat - DEGREES_AROUND,
    east: lng + DEGREES_AROUND,
    north: lat + DEGREES_AROUND,
  }
  return makeGround(await listGroundNear(cmd.tx, cmd.county, { ...around, at }))
}
