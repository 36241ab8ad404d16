import type { Command } from '../../src/kernel/command.ts'
import { runSystem } from '../../src/kernel/command.ts'
import { uuidv5 } from '../../src/kernel/ids.ts'
import { createStaffAccount } from '../../src/identity/index.ts'
import { publishShipped } from '../../src/packs/index.ts'
import { county, type TestApp } from './app.ts'

const SPACE = '5f0f6b0a-4a51-5b8e-9c2e-0d8f6f3c7a11'
const idOf = (name: string): string => uuidv5(SPACE, name)
/** South-west corner of the test's ground and the side of one micro-grid, in degrees (about 200 m). */
const WEST = 120.7
const SOUTH = 30.62
const SIDE = 0.002

interface Cell {
  path: string
  name: string
  kind: string
  /** Column and row of its square; only micro-grids have one. */
  at?: [column: number, row: number]
}

const town = '330411105'
const village = '330411105201'
const otherTown = '330411101'
export const paths = {
  county,
  town: `${county}/${town}`,
  village: `${county}/${town}/${village}`,
  grid: `${county}/${town}/${village}/G001`,
  right: `${county}/${town}/${village}/G001/M001`,
  beside: `${county}/${town}/${village}/G001/M002`,
  otherTown: `${county}/${otherTown}`,
  wrong: `${county}/${otherTown}/330411101201/G001/M001`,
} as const

const cells: Cell[] = [
  { path: paths.county, name: '秀洲区', kind: 'county' },
  { path: paths.town, name: '王店镇', kind: 'town' },
  { path: paths.village, name: '红联村', kind: 'village' },
  { path: paths.grid, name: '红联村第一网格', kind: 'grid' },
  { path: paths.right, name: '一组微网格', kind: 'microGrid', at: [0, 0] },
  { path: paths.beside, name: '二组微网格', kind: 'microGrid', at: [1, 0] },
  { path: paths.otherTown, name: '王江泾镇', kind: 'town' },
  { path: `${paths.otherTown}/330411101201`, name: '古塘村', kind: 'village' },
  { path: `${paths.otherTown}/330411101201/G001`, name: '古塘村第一网格', kind: 'grid' },
  { path: paths.wrong, name: '古塘一组微网格', kind: 'microGrid', at: [5, 0] },
]

/** The middle of a micro-grid: certain for any accuracy below 50 m. */
export const middleOf = (path: string): { longitude: number; latitude: number; accuracyMetres: number } => {
  const [column, row] = cells.find((cell) => cell.path === path)!.at!
  return { longitude: WEST + (column + 0.5) * SIDE, latitude: SOUTH + (row + 0.5) * SIDE, accuracyMetres: 8 }
}
/** A point on the border of `right` and `beside`, not certain to 50 m. */
export const onBorder = { longitude: WEST + SIDE, latitude: SOUTH + SIDE / 2, accuracyMetres: 90 }
export const outside = { longitude: 121.9, latitude: 31.9, accuracyMetres: 8 }

const posts = [
  { role: 'microGridLead', path: paths.right },
  { role: 'microGridLead', path: paths.beside },
  { role: 'microGridLead', path: paths.wrong },
  { role: 'gridChief', path: paths.grid },
  { role: 'villageSecretary', path: paths.village },
  { role: 'townDispatcher', path: paths.town },
  { role: 'townLeader', path: paths.town },
  { role: 'departmentHandler', path: paths.town, unit: 'cityCare' },
  { role: 'departmentHandler', path: paths.town, unit: 'safety' },
  { role: 'verifier', path: paths.town },
  { role: 'disciplineOfficer', path: paths.town },
  { role: 'clerk', path: paths.town },
  { role: 'townDispatcher', path: paths.otherTown },
  { role: 'countyLeader', path: paths.county },
  { role: 'gridOffice', path: paths.county },
] as const

/** Account id of whoever holds a post of the test's ground. */
export const holderId = (role: string, path: string, unit = ''): string => idOf(`account|${role}|${path}|${unit}`)

const EARLY = new Date('2026-01-01T00:00:00Z')

async function insertArea(cmd: Command, cell: Cell): Promise<void> {
  const parts = cell.path.split('/')
  const code = parts.at(-1)!
  const id = idOf(`area|${cell.path}`)
  await cmd.tx
    .insertInto('area')
    .values({
      county,
      id,
      version: 1,
      code,
      number: /^\d{9,}$/.test(code) || parts.length === 1 ? code : parts.slice(2).join(''),
      name: cell.name,
      kind: cell.kind,
      overlay: 'base',
      path: cell.path,
      parentPath: parts.slice(0, -1).join('/'),
      depth: parts.length,
      schematic: true,
      validFrom: EARLY,
    })
    .execute()
  if (!cell.at) return
  const [west, south] = [WEST + cell.at[0] * SIDE, SOUTH + cell.at[1] * SIDE]
  const [east, north] = [west + SIDE, south + SIDE]
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
  await cmd.tx
    .insertInto('areaBoundary')
    .values({
      county,
      id: idOf(`boundary|${cell.path}`),
      areaId: id,
      shape: JSON.stringify({ type: 'Polygon', coordinates: [ring] }),
      schematic: true,
      source: 'test',
      west,
      south,
      east,
      north,
      validFrom: EARLY,
    })
    .execute()
}

async function insertPost(cmd: Command, post: { role: string; path: string; unit?: string }): Promise<void> {
  const unit = post.unit ?? null
  const id = idOf(`post|${post.role}|${post.path}|${unit ?? ''}`)
  const areaId = idOf(`area|${post.path}`)
  const name = `${cells.find((cell) => cell.path === post.path)!.name} ${post.role}`
  const accountId = holderId(post.role, post.path, unit ?? '')
  const loginName = `u${accountId.slice(0, 8)}`
  await createStaffAccount(cmd, { id: accountId, loginName, name: `${post.role}甲`, active: true })
  await cmd.tx
    .insertInto('post')
    .values({ county, id, areaId, role: post.role, unit, name, place: 1, validFrom: EARLY, version: 1 })
    .execute()
  await cmd.tx
    .insertInto('holding')
    .values({ county, id: idOf(`holding|${id}`), postId: id, accountId, slot: 'A', heldFrom: EARLY })
    .execute()
}

/**
 * A small ground with people in its posts: two towns, three micro-grids of 200 m. Whoever of `holderId` signs in with
 * `house.as({ id })` has the grants of the post and no others.
 */
export async function layGround(house: TestApp): Promise<{ county: string; rightPlace: string; wrongPlace: string }> {
  await runSystem(house.app, county, async (cmd) => {
    for (const cell of cells) await insertArea(cmd, cell)
    for (const post of posts) await insertPost(cmd, post)
    await publishShipped(cmd)
  })
  return { county, rightPlace: paths.right, wrongPlace: paths.wrong }
}
