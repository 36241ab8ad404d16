import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, isWithin, requireGrant } from '../../kernel/grants.ts'
import { decodeCursor, pageOf, type PageOf } from '../../kernel/pages.ts'
import { gcj02ToWgs84, type AreaShape, type Position } from '../../kernel/positions.ts'
import type {
  Area,
  AreaBrief,
  AreaHistory,
  AreaKind,
  AreaRow,
  AskNets,
  AskOutline,
  Boundaries,
  BoundaryQuery,
  Covered,
  ExportAreas,
  ListAreas,
  ListPlaces,
  LocatedPlace,
  Nets,
  Places,
  Point,
  SearchAreas,
} from './contract.ts'
import { directoryOf, type AreaName } from '../directory.ts'
import type { KnownArea } from '../store.ts'
import { groundOf, groundThen, locate } from './ground.ts'
import { ancestorsOf, gramsOf, kindsAtZoom, type GroundHit } from './rules.ts'
import {
  findAreaById,
  findAreaByPath,
  findLastArea,
  findOrigin,
  listAreasByPath,
  listAreasById,
  listChildren,
  listCovered,
  listNetOutlines,
  listShapes,
  listCovering,
  listDrawn,
  listOutlines,
  listSubtree,
  listVersions,
  searchAreas,
  type AreaRecord,
  type DrawnArea,
  type AreaRecordBrief,
} from './store.ts'

type Reader = Pick<Command, 'tx' | 'county' | 'ports' | 'now'>

/** The area at a path as it is now, out of memory; undefined when there is none. */
export const findArea = async (cmd: Reader, path: string): Promise<KnownArea | undefined> =>
  (await directoryOf(cmd)).areas.get(path)

/** The area at a path, fresh from the database, now or at another instant. @throws grid.unknown_area when there is none. */
export async function getArea(cmd: Reader, path: string, at: Date = cmd.now): Promise<AreaRecord> {
  const area = await findAreaByPath(cmd.tx, cmd.county, path, at)
  if (!area) throw new Fault('grid.unknown_area')
  return area
}

/** The area at a path, or where there is none any more, the one that lay there last; its id. */
export const lastAreaAt = (cmd: Reader, path: string): Promise<string | undefined> =>
  findLastArea(cmd.tx, cmd.county, path)

/** What an area may have come from, one after the other; more splits than anybody makes of one. */
const ORIGINS_MAX = 50

/**
 * What an area was on another day: itself as it was then, or the one from which it was split off meanwhile.
 *
 * @returns undefined for an area that was made later out of nothing.
 */
export async function areaThen(cmd: Reader, id: string, at: Date): Promise<AreaRecord | undefined> {
  let asked = id
  for (let round = 0; round < ORIGINS_MAX; round++) {
    const row = await findAreaById(cmd.tx, cmd.county, asked, at)
    if (row) return row
    const from = await findOrigin(cmd.tx, cmd.county, asked, at)
    if (from === undefined) return undefined
    asked = from
  }
  return undefined
}

/** Names of areas by path, each with the names above it, out of memory; unknown paths are left out. */
export async function areaNames(cmd: Reader, paths: readonly string[]): Promise<Map<string, AreaName>> {
  const directory = await directoryOf(cmd)
  const found = new Map<string, AreaName>()
  for (const path of paths) {
    const name = directory.namesOf(path)
    if (name) found.set(path, name)
  }
  return found
}

/**
 * The areas of every net over a point or a base area: the base chain from the county down, then Party, police and
 * business grids and large areas that stand over any of it, and those drawn over the point itself.
 *
 * @param at Another instant than now: which areas it was then; a path is one of today, or one that there was then.
 */
export async function overlaysAt(cmd: Command, place: Position | string, at?: Date): Promise<AreaRecord[]> {
  const when = at ?? cmd.now
  const point = typeof place === 'string' ? null : place
  const base = point
    ? (await locate(cmd, { ...point, accuracyMetres: 0 }, at)).area?.path
    : at
      ? await pathThen(cmd, place as string, at)
      : (place as string)
  if (!base) return []
  const ground = point && (at ? await groundThen(cmd, point, at) : await groundOf(cmd))
  const drawn = point && ground ? ground.overlays.containing(point).map(({ path }) => path) : []
  return netsOver(cmd, base, { at: when, drawn })
}

/** The base chain of a path as it was at an instant, and the areas of other nets that stood over any of it. */
export async function netsOver(
  cmd: Reader,
  base: string,
  { at, drawn = [] }: { at: Date; drawn?: readonly string[] },
): Promise<AreaRecord[]> {
  const above = ancestorsOf(base)
  const areas = await listAreasByPath(cmd.tx, cmd.county, [...above, ...drawn], at)
  const covering = await listCovering(cmd.tx, cmd.county, above, at)
  // Whoever stands at the head of a net's tree answers too: a Party committee above the branch.
  const higher = new Set(
    covering.flatMap(({ path }) => ancestorsOf(path).slice(1)).filter((path) => !above.includes(path)),
  )
  const heads = higher.size > 0 ? await listAreasByPath(cmd.tx, cmd.county, [...higher], at) : []
  const standing = [...areas, ...covering, ...heads.filter(({ overlay }) => overlay !== 'base')]
  const found = new Map(standing.map((area) => [area.id, area]))
  return [...found.values()].toSorted((one, other) => one.depth - other.depth || (one.path < other.path ? -1 : 1))
}

/** Where an area of today lay on another day; a path of that day that there is no more stands for itself. */
async function pathThen(cmd: Command, path: string, at: Date): Promise<string | undefined> {
  const today = await findAreaByPath(cmd.tx, cmd.county, path, cmd.now)
  const then = today ? await areaThen(cmd, today.id, at) : await findAreaByPath(cmd.tx, cmd.county, path, at)
  if (then) return then.path
  // Made later out of nothing: whoever answered above it answered for it.
  const above = ancestorsOf(path)[1]
  return above === undefined ? undefined : pathThen(cmd, above, at)
}

export const present = (row: AreaRecord): Area => ({
  id: row.id,
  code: row.code,
  number: row.number,
  name: row.name,
  kind: row.kind,
  overlay: row.overlay,
  path: row.path,
  parentPath: row.parentPath,
  schematic: row.schematic,
  version: row.version,
  since: row.validFrom.toISOString(),
})

/** Children of an area; without one, the roots of what the actor may see. @throws kernel.forbidden, kernel.wrong_purpose */
export async function listAreas(cmd: Command, query: ListAreas): Promise<PageOf<AreaBrief>> {
  const limit = query.limit ?? 20
  const afterCode = query.after ? String(decodeCursor(query.after, 1)[0]) : ''
  if (query.under === undefined) {
    const roots = await listAreasByPath(cmd.tx, cmd.county, grantedPaths(cmd, 'grid.read'), cmd.now)
    const directory = await directoryOf(cmd)
    return { items: roots.map((row) => ({ ...present(row), hasChildren: directory.hasBelow(row.path) })), next: null }
  }
  const under = query.under
  const roots = grantedPaths(cmd, 'grid.read')
  const onTheWay = roots.filter((root) => root !== under && isWithin(root, under))
  if (onTheWay.length === 0) requireGrant(cmd, 'grid.read', under)
  const page = { at: cmd.now, overlay: query.overlay ?? null, afterCode, limit: limit + 1 }
  const rows =
    onTheWay.length > 0
      ? await childrenTowards(cmd, under, onTheWay)
      : await listChildren(cmd.tx, cmd.county, under, page)
  const { items, next } = pageOf(rows, limit, (row) => [row.code])
  return { items: items.map((row) => ({ ...present(row), hasChildren: row.hasChildren })), next }
}

/** Above one's own areas only the way down to them is shown. */
async function childrenTowards(cmd: Command, under: string, roots: string[]): Promise<AreaRecordBrief[]> {
  const depth = under.split('/').length + 1
  const paths = [...new Set(roots.map((root) => root.split('/').slice(0, depth).join('/')))]
  const rows = await listAreasByPath(cmd.tx, cmd.county, paths, cmd.now)
  return rows.map((row) => ({ ...row, hasChildren: true }))
}

/** The area at a path. @throws grid.unknown_area, kernel.forbidden, kernel.wrong_purpose */
export async function readArea(cmd: Command, path: string): Promise<Area> {
  requireGrant(cmd, 'grid.read', path)
  return present(await getArea(cmd, path))
}

/** Every version that the area has had. @throws grid.unknown_area, kernel.forbidden, kernel.wrong_purpose */
export async function readHistory(cmd: Command, id: string): Promise<AreaHistory> {
  const versions = await listVersions(cmd.tx, cmd.county, id)
  const last = versions.at(-1)
  if (!last) throw new Fault('grid.unknown_area')
  requireGrant(cmd, 'grid.read', last.path)
  return {
    items: versions.map((row) => ({
      version: row.version,
      code: row.code,
      name: row.name,
      kind: row.kind,
      path: row.path,
      from: row.validFrom.toISOString(),
      until: row.validUntil?.toISOString() ?? null,
    })),
  }
}

/** Areas by a part of their name, two characters or more, within what the actor may see. @throws grid.search_too_short */
export async function findAreasByName(cmd: Command, query: SearchAreas): Promise<Area[]> {
  const roots = grantedPaths(cmd, 'grid.read')
  return (await search(cmd, query.q, { roots, limit: query.limit ?? 20, overlay: null })).map(present)
}

async function search(
  cmd: Reader,
  words: string,
  within: { roots: string[]; limit: number; overlay: 'base' | null },
): Promise<AreaRecord[]> {
  const clean = words.normalize('NFKC').toLowerCase().replace(/\s+/g, '')
  const [gram] = gramsOf(clean)
  if (!gram) throw new Fault('grid.search_too_short')
  return searchAreas(cmd.tx, cmd.county, { gram, words: clean, at: cmd.now, ...within })
}

const PLACES_MAX = 200

/** Places by name for the report page: names only, for anybody. @throws grid.search_too_short */
export async function listPlaces(cmd: Command, query: ListPlaces): Promise<Places> {
  const rows = query.q
    ? await search(cmd, query.q, { roots: [cmd.county], limit: 20, overlay: 'base' })
    : await listChildren(cmd.tx, cmd.county, query.under ?? cmd.county, {
        at: cmd.now,
        overlay: 'base',
        afterCode: '',
        limit: PLACES_MAX,
      })
  const directory = await directoryOf(cmd)
  const places = rows.filter(({ kind }) => kind !== 'largeArea')
  const names = await areaNames(
    cmd,
    places.map(({ path }) => path),
  )
  return {
    items: places.map((row) => ({
      path: row.path,
      name: row.name,
      kind: row.kind,
      hasChildren: directory.hasBelow(row.path),
      fullName: names.get(row.path)?.fullName ?? row.name,
    })),
  }
}

/** Which micro-grid a point lies in, with names only: for the report page. @throws grid.bad_position */
export async function locatePlace(cmd: Command, point: Point): Promise<LocatedPlace> {
  const given = { lng: point.lng, lat: point.lat }
  const position = point.system === 'gcj02' ? gcj02ToWgs84(given) : given
  const answer = await locate(cmd, { ...position, accuracyMetres: point.accuracyMetres ?? null })
  const hits = [...(answer.area ? [answer.area] : []), ...answer.candidates]
  const names = await areaNames(
    cmd,
    hits.map(({ path }) => path),
  )
  const named = (hit: GroundHit) => ({
    path: hit.path,
    name: hit.name,
    fullName: names.get(hit.path)?.fullName ?? hit.name,
    kind: hit.kind as Area['kind'],
    distanceMetres: hit.distanceMetres,
  })
  return {
    area: answer.area ? named(answer.area) : null,
    candidates: answer.candidates.map(named),
    certain: answer.certain,
    outside: answer.outside,
    schematic: hits.some(({ schematic }) => schematic),
  }
}

const DRAWN_MAX = 1_000

/** The boundaries in a map's view, as fine as the zoom can show. @throws kernel.forbidden, kernel.wrong_purpose, kernel.bad_request */
export async function readBoundaries(cmd: Command, query: BoundaryQuery): Promise<Boundaries> {
  const roots = grantedPaths(cmd, 'grid.read')
  const [west, south, east, north] = query.bbox.split(',').map(Number) as [number, number, number, number]
  if (![west, south, east, north].every(Number.isFinite) || west > east || south > north) {
    throw new Fault('kernel.bad_request', { field: 'bbox' })
  }
  const view = {
    west,
    south,
    east,
    north,
    kinds: kindsAtZoom(query.zoom),
    overlay: query.overlay ?? ('base' as const),
    at: cmd.now,
    limit: DRAWN_MAX + 1,
  }
  const drawn = await listDrawn(cmd.tx, cmd.county, view)
  const seen = drawn
    .slice(0, DRAWN_MAX)
    .filter(({ path }) => roots.some((root) => isWithin(path, root) || isWithin(root, path)))
  return {
    type: 'FeatureCollection',
    features: seen.map(featureOf),
    complete: drawn.length <= DRAWN_MAX,
  }
}

const OUTLINES_MAX = 1_500
const WHOLE_MAX = 5_000

/**
 * An area's own outline and what lies directly below it; where nothing directly below is drawn, whatever is drawn further
 * down. At most 1,500 shapes, 5,000 of the whole subtree; `complete` says whether that was all.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose
 */
export async function readOutline(cmd: Command, query: AskOutline): Promise<Boundaries> {
  requireGrant(cmd, 'grid.read', query.path)
  if (query.net) return readNet(cmd, query.path, query.net)
  const limit = query.whole === true ? WHOLE_MAX : OUTLINES_MAX
  const asked = { whole: query.whole === true, at: cmd.now, limit: limit + 1 }
  let drawn = await listOutlines(cmd.tx, cmd.county, query.path, asked)
  if (!asked.whole && drawn.every(({ path }) => path === query.path))
    drawn = await listOutlines(cmd.tx, cmd.county, query.path, { ...asked, whole: true })
  return { type: 'FeatureCollection', features: drawn.slice(0, limit).map(featureOf), complete: drawn.length <= limit }
}

/** The areas of another net as the ground that each stands over: one feature an area. */
async function readNet(cmd: Command, path: string, net: NonNullable<AskOutline['net']>): Promise<Boundaries> {
  const asked = {
    overlay: net === 'large' ? ('base' as const) : net,
    large: net === 'large',
    at: cmd.now,
    limit: WHOLE_MAX + 1,
  }
  const rows = await listNetOutlines(cmd.tx, cmd.county, path, asked)
  const byArea = new Map<string, DrawnArea>()
  for (const row of rows.slice(0, WHOLE_MAX)) {
    const known = byArea.get(row.areaId)
    const polygons = row.shape.type === 'Polygon' ? [row.shape.coordinates] : row.shape.coordinates
    const before = known?.shape.type === 'MultiPolygon' ? known.shape.coordinates : []
    byArea.set(row.areaId, {
      ...row,
      schematic: row.schematic || known?.schematic === true,
      shape: { type: 'MultiPolygon', coordinates: [...before, ...polygons] },
    })
  }
  return {
    type: 'FeatureCollection',
    features: [...byArea.values()].map(featureOf),
    complete: rows.length <= WHOLE_MAX,
  }
}

/** How many areas there are of each net below an area, out of memory. @throws kernel.forbidden, kernel.wrong_purpose */
export async function readNets(cmd: Command, query: AskNets): Promise<Nets> {
  requireGrant(cmd, 'grid.read', query.path)
  const directory = await directoryOf(cmd)
  return { items: directory.netsBelow(query.path, cmd.now) }
}

/** Over which base areas an area of another net stands. @throws grid.unknown_area, kernel.forbidden, kernel.wrong_purpose */
export async function readCovered(cmd: Command, id: string): Promise<Covered> {
  const area = await getAreaById(cmd, id)
  requireGrant(cmd, 'grid.read', area.path)
  const covered = await listAreasById(cmd.tx, cmd.county, await listCovered(cmd.tx, cmd.county, id), cmd.now)
  const names = await areaNames(
    cmd,
    covered.map(({ path }) => path),
  )
  return { items: covered.map(({ path, name }) => ({ path, name: names.get(path)?.shortName ?? name })) }
}

/** Every base area of a subtree, itself included. Whoever calls has checked the grant. */
export async function listAreasBelow(cmd: Reader, root: string): Promise<AreaRecord[]> {
  const found = await listSubtree(cmd.tx, cmd.county, root, { at: cmd.now, afterPath: '', limit: WHOLE_MAX })
  return found.filter(({ overlay }) => overlay === 'base')
}

const featureOf = ({ areaId, shape, ...properties }: DrawnArea): Boundaries['features'][number] => ({
  type: 'Feature',
  id: areaId,
  properties,
  geometry: shape as unknown as Boundaries['features'][number]['geometry'],
})

/** The base areas directly below a path, out of memory, in code order. */
export async function areasBelow(
  cmd: Reader,
  path: string,
): Promise<{ path: string; name: string; kind: AreaKind; hasBelow: boolean }[]> {
  const directory = await directoryOf(cmd)
  return directory
    .childrenOf(path)
    .map((area) => ({ path: area.path, name: area.name, kind: area.kind, hasBelow: directory.hasBelow(area.path) }))
}

/** The present shapes of areas; those that are not drawn are left out. Whoever calls has checked the grant. */
export const shapesOf = (
  cmd: Reader,
  paths: readonly string[],
): Promise<{ path: string; schematic: boolean; shape: AreaShape }[]> => listShapes(cmd.tx, cmd.county, paths, cmd.now)

const EXPORT_PAGE = 2_000

/** The areas of a subtree as rows of the sheet, page by page. @throws kernel.forbidden, kernel.wrong_purpose */
export async function exportAreas(cmd: Command, query: ExportAreas): Promise<PageOf<AreaRow>> {
  const root = query.under ?? cmd.county
  requireGrant(cmd, 'grid.read', root)
  const afterPath = query.after ? String(decodeCursor(query.after, 1)[0]) : ''
  const rows = await listSubtree(cmd.tx, cmd.county, root, { at: cmd.now, afterPath, limit: EXPORT_PAGE + 1 })
  const { items, next } = pageOf(rows, EXPORT_PAGE, (row) => [row.path])
  return { items: items.map(({ parentPath, code, name, kind }) => ({ parentPath, code, name, kind })), next }
}

/** The present area of an id. @throws grid.unknown_area */
export async function getAreaById(cmd: Reader, id: string): Promise<AreaRecord> {
  const area = await findAreaById(cmd.tx, cmd.county, id, cmd.now)
  if (!area) throw new Fault('grid.unknown_area')
  return area
}
