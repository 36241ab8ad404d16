import type { Command } from '../../kernel/command.ts'
import { isPosition, type Position } from '../../kernel/positions.ts'
import { Fault } from '../../kernel/faults.ts'
import type { Ports } from '../../kernel/ports.ts'
import { directoryOf } from '../directory.ts'
import { locateOn, makeGround, SEARCH_METRES_MAX, type Ground, type GroundAnswer, type GroundHit } from './rules.ts'
import { findVersions } from '../store.ts'
import { listGround, listGroundNear } from './store.ts'

/** How old the knowledge of another process's changes may be. */
const FRESH_MS = 2_000

interface Kept {
  ground: Ground
  version: number
  checkedAt: number
}

/** One house's grounds; its ports stand for the house, so that two houses in one process never share ground. */
const houses = new WeakMap<Ports, Map<string, Kept>>()

function groundsOf(ports: Ports): Map<string, Kept> {
  let grounds = houses.get(ports)
  if (!grounds) houses.set(ports, (grounds = new Map()))
  return grounds
}

type Reader = Pick<Command, 'tx' | 'county' | 'ports' | 'now'>

/**
 * The county's ground as an index in memory; loaded at first use (or at start) and again when its version has grown.
 *
 * While it is rebuilt, others keep the one before: a place then answers at most a moment late.
 */
export async function groundOf(cmd: Reader): Promise<Ground> {
  const grounds = groundsOf(cmd.ports)
  const kept = grounds.get(cmd.county)
  if (kept && performance.now() - kept.checkedAt < FRESH_MS) return kept.ground
  if (!kept) return (await load(cmd, grounds)).ground
  kept.checkedAt = performance.now()
  const { ground: version } = await findVersions(cmd.tx, cmd.county)
  return version === kept.version ? kept.ground : (await load(cmd, grounds)).ground
}

async function load(cmd: Reader, grounds: Map<string, Kept>): Promise<Kept> {
  const { ground: version } = await findVersions(cmd.tx, cmd.county)
  const cells = await listGround(cmd.tx, cmd.county, cmd.now)
  const kept: Kept = { ground: makeGround(cells), version, checkedAt: performance.now() }
  grounds.set(cmd.county, kept)
  return kept
}

/** Drops the county's ground from this process: the next look loads it again. */
export const forgetGround = (ports: Ports, county: string): void => {
  houses.get(ports)?.delete(county)
}

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
  return { ...answer, area: answer.area && named(answer.area), candidates: answer.candidates.map(named) }
}

const DEGREES_AROUND = SEARCH_METRES_MAX / 80_000

async function groundThen(cmd: Reader, { lng, lat }: Position, at: Date): Promise<Ground> {
  const around = {
    west: lng - DEGREES_AROUND,
    south: lat - DEGREES_AROUND,
    east: lng + DEGREES_AROUND,
    north: lat + DEGREES_AROUND,
  }
  return makeGround(await listGroundNear(cmd.tx, cmd.county, { ...around, at }))
}
