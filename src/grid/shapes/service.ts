import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import type { AreaShape } from '../../kernel/positions.ts'
import {
  areasBelow,
  drawArea,
  findShape,
  getArea,
  getAreaById,
  listAreasBelow,
  listOutlines,
  requireShape,
  type AreaRecord,
} from '../areas/index.ts'
import type { AskFlaws, CutArea, Flaws, ImportBoundaries, ImportedBoundaries, Pieces } from './contract.ts'
import { cutByLines, flawsOf, squareMetres, type Corner } from './rules.ts'

const FLAWS_MAX = 200
const CHILDREN_MAX = 1_500

/**
 * The pieces into which lines cut an area; nothing is written.
 *
 * @throws grid.unknown_area also where it is not drawn, grid.line_misses, kernel.forbidden, kernel.wrong_purpose
 */
export async function cutArea(cmd: Command, id: string, input: CutArea): Promise<Pieces> {
  const area = await getAreaById(cmd, id)
  requireGrant(cmd, 'grid.manage', area.path)
  const drawn = await findShape(cmd.tx, cmd.county, id, cmd.now)
  if (!drawn) throw new Fault('grid.not_drawn')
  const pieces = cutByLines(drawn.shape, input.lines as unknown as Corner[][])
  return { items: pieces.map((shape) => ({ shape: shape as never, squareMetres: Math.round(squareMetres(shape)) })) }
}

/** Gaps and overlaps between the areas directly below one, and what reaches beyond it. @throws kernel.forbidden, kernel.wrong_purpose */
export async function checkGround(cmd: Command, query: AskFlaws): Promise<Flaws> {
  requireGrant(cmd, 'grid.read', query.path)
  const asked = { whole: false, at: cmd.now, limit: CHILDREN_MAX }
  const drawn = await listOutlines(cmd.tx, cmd.county, query.path, asked)
  const own = drawn.find(({ path }) => path === query.path)?.shape ?? null
  const children = drawn.filter(
    ({ path, overlay, kind }) => path !== query.path && overlay === 'base' && kind !== 'largeArea',
  )
  const there = new Set(children.map(({ path }) => path))
  const undrawn = (await areasBelow(cmd, query.path)).filter(({ path }) => !there.has(path))
  const found = flawsOf(children.length > 0 ? own : null, children)
  return {
    items: found.slice(0, FLAWS_MAX).map((flaw) => ({ ...flaw, shape: flaw.shape as never })),
    looked: children.length,
    undrawn: undrawn.slice(0, FLAWS_MAX).map(({ path, name }) => ({ path, name })),
    complete: found.length <= FLAWS_MAX && undrawn.length <= FLAWS_MAX,
  }
}

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''

/** Which area a feature means: by path, official number, or code or name directly below. */
function areaOf(properties: Record<string, unknown>, areas: readonly AreaRecord[]): AreaRecord | undefined | 'several' {
  const [path, number, code, name] = ['path', 'number', 'code', 'name'].map((key) => text(properties[key]))
  const exact = areas.find((area) => (path && area.path === path) || (number && area.number === number))
  if (exact || path || number) return exact
  const found = areas.filter((area) => (code ? area.code === code : area.name === name))
  return found.length > 1 ? 'several' : found[0]
}

const same = (one: AreaShape, other: AreaShape | undefined): boolean => JSON.stringify(one) === JSON.stringify(other)

/**
 * Takes boundaries of a subtree from a GeoJSON file: all or, where one feature is not right, none of them; each problem is
 * named with its feature. With `dryRun` nothing is written either way.
 *
 * @throws grid.unknown_area, kernel.forbidden, kernel.wrong_purpose
 */
export async function importBoundaries(cmd: Command, input: ImportBoundaries): Promise<ImportedBoundaries> {
  requireGrant(cmd, 'grid.manage', input.under)
  await getArea(cmd, input.under)
  const areas = await listAreasBelow(cmd, input.under)
  const problems: ImportedBoundaries['problems'] = []
  const wanted = new Map<string, { area: AreaRecord; shape: AreaShape }>()
  for (const [at, { properties, geometry }] of input.collection.features.entries()) {
    const area = areaOf(properties ?? {}, areas)
    const name = text(properties?.['name']) || text(properties?.['path'])
    const refuse = (zh: string, en: string): void => {
      problems.push({ feature: at + 1, name, reason: cmd.locale === 'en' ? en : zh })
    }
    if (area === undefined) refuse('这里没有这个区域', 'There is no such area here')
    else if (area === 'several')
      refuse('有几个区域叫这个名字，请写上编号', 'Several areas are called so; give its number')
    else if (wanted.has(area.id)) refuse('同一个区域出现了两次', 'The same area comes twice')
    else {
      try {
        wanted.set(area.id, { area, shape: requireShape(geometry) })
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        refuse(String(error.detail['reasonZh'] ?? '边界不对'), String(error.detail['reasonEn'] ?? 'Not a boundary'))
      }
    }
  }
  let drawn = 0
  let unchanged = 0
  for (const { area, shape } of problems.length > 0 ? [] : wanted.values()) {
    const before = await findShape(cmd.tx, cmd.county, area.id, cmd.now)
    if (same(shape, before?.shape)) {
      unchanged++
      continue
    }
    drawn++
    if (input.dryRun !== true)
      await drawArea(cmd, area, { shape, schematic: input.schematic ?? false, source: input.source ?? '' })
  }
  return { drawn, unchanged, problems }
}
