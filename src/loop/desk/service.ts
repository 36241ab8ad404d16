import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, hasGrant, requireActor, requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { cleanText } from '../../kernel/text.ts'
import { ancestorsOf, areaNameOf, postsHeld, roleName } from '../../grid/index.ts'
import { record } from '../../ledger/index.ts'
import { searchFor } from './queries.ts'
import {
  columns,
  EXPORT_MAX,
  MattersExported,
  VIEWS_MAX,
  ViewShared,
  type ChangeView,
  type Desk,
  type DeskLook,
  type ExportMatters,
  type SavedView,
  type SaveView,
} from './contract.ts'
import { filterCodes } from './rules.ts'
import { countMatters, findLook, findView, listViews, removeView, saveLook, saveView, type ViewRow } from './store.ts'

/** Whose desk it is. @throws kernel.forbidden, kernel.wrong_purpose for who may look at no matter at all */
function accountOf(cmd: Command): string {
  requireActor(cmd, 'staff')
  grantedPaths(cmd, 'loop.read')
  if (!cmd.actor.id) throw new Fault('kernel.forbidden')
  return cmd.actor.id
}

const usual: DeskLook = {
  defaultView: null,
  columns: columns.filter((column) => !['number', 'category', 'closed'].includes(column)),
  density: 'middle',
}

/** Who may hand out work may hand out lists of it. */
const mayShare = (cmd: Command, path: string): boolean =>
  hasGrant(cmd, 'loop.dispatch', path) || hasGrant(cmd, 'loop.supervise', path)

/** One person's desk: how their list looks, and their views with what is in each now. */
export async function showDesk(cmd: Command): Promise<Desk> {
  const account = accountOf(cmd)
  const posts = await postsHeld(cmd)
  const paths = [...new Set(posts.map(({ areaPath }) => areaPath))]
  const who = {
    account,
    above: [...new Set(paths.flatMap(ancestorsOf))],
    roles: posts.map(({ role }) => role),
    limit: VIEWS_MAX,
  }
  const look = (await findLook(cmd.tx, cmd.county, account)) ?? usual
  const views: SavedView[] = []
  for (const row of await listViews(cmd.tx, cmd.county, who)) views.push(await presentView(cmd, row))
  const shareable = paths.filter((path) => mayShare(cmd, path))
  return {
    ...look,
    views,
    mayShareAt: await Promise.all(shareable.map(async (path) => ({ path, label: await areaNameOf(cmd, path) }))),
  }
}

/** A view as its reader sees it; one that points to where they may not look counts nothing. */
async function presentView(cmd: Command, row: ViewRow): Promise<SavedView> {
  const { sharedPath: path, sharedRole: role } = row
  const place = path === null ? '' : await areaNameOf(cmd, path)
  const who = role === '' ? '' : await roleName(cmd, role, cmd.locale)
  return {
    id: row.id,
    name: row.name,
    filter: row.filter,
    mine: row.ownerId === cmd.actor.id,
    shared: path === null ? null : { path, role, label: [place, who].filter(Boolean).join(' · ') },
    count: await countIn(cmd, row),
    version: row.version,
  }
}

async function countIn(cmd: Command, row: ViewRow): Promise<number> {
  const { area } = row.filter
  if (area !== undefined && !hasGrant(cmd, 'loop.read', area)) return 0
  return countMatters(cmd.tx, await searchFor(cmd, row.filter))
}

export async function setLook(cmd: Command, input: DeskLook): Promise<DeskLook> {
  const account = accountOf(cmd)
  await saveLook(cmd.tx, cmd.county, account, input, cmd.now)
  return input
}

/** To whom a view is offered. @throws kernel.forbidden for an area where the actor hands out no work */
function sharedIn(cmd: Command, input: SaveView | ChangeView): Pick<ViewRow, 'sharedPath' | 'sharedRole'> {
  if (!input.shared) return { sharedPath: null, sharedRole: '' }
  const { path, role } = input.shared
  if (!mayShare(cmd, path)) requireGrant(cmd, 'loop.dispatch', path)
  return { sharedPath: path, sharedRole: role }
}

async function keepView(cmd: Command, row: ViewRow, before: ViewRow | undefined): Promise<SavedView> {
  await saveView(cmd.tx, cmd.county, row, cmd.now)
  if (row.sharedPath !== (before?.sharedPath ?? null) || row.sharedRole !== (before?.sharedRole ?? ''))
    await record(cmd, ViewShared, row, { sharedPath: row.sharedPath, sharedRole: row.sharedRole })
  return presentView(cmd, row)
}

/** Keeps a work list by name. @throws loop.too_many_views, kernel.conflict for an id in use, kernel.forbidden */
export async function addView(cmd: Command, input: SaveView): Promise<SavedView> {
  const ownerId = accountOf(cmd)
  const shared = sharedIn(cmd, input)
  const own = await listViews(cmd.tx, cmd.county, { account: ownerId, above: [], roles: [], limit: VIEWS_MAX })
  if (own.length >= VIEWS_MAX) throw new Fault('loop.too_many_views', { most: VIEWS_MAX })
  const id = input.id ?? uuidv7(cmd.now)
  if (await findView(cmd.tx, cmd.county, id)) throw new Fault('kernel.conflict')
  const name = cleanText(input.name, { minLength: 1, maxLength: 30, path: 'name' })
  return keepView(cmd, { id, ownerId, name, filter: input.filter, ...shared, version: 1 }, undefined)
}

async function ownView(cmd: Command, id: string, version: number): Promise<ViewRow> {
  const account = accountOf(cmd)
  const row = await findView(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  if (row.ownerId !== account) throw new Fault('loop.view_not_yours')
  if (row.version !== version) throw new Fault('kernel.stale', { version: row.version })
  return row
}

/** @throws kernel.not_found, loop.view_not_yours, kernel.stale, kernel.forbidden */
export async function changeView(cmd: Command, id: string, input: ChangeView): Promise<SavedView> {
  const before = await ownView(cmd, id, input.version)
  const shared = sharedIn(cmd, input)
  const name = cleanText(input.name, { minLength: 1, maxLength: 30, path: 'name' })
  return keepView(cmd, { ...before, name, filter: input.filter, ...shared, version: before.version + 1 }, before)
}

/** Takes a view away; what it showed is where it was. @throws kernel.not_found, loop.view_not_yours, kernel.stale */
export async function dropView(cmd: Command, id: string, version: number): Promise<{ id: string }> {
  const before = await ownView(cmd, id, version)
  await removeView(cmd.tx, cmd.county, id)
  if (before.sharedPath !== null)
    await record(cmd, ViewShared, { id, version: version + 1 }, { sharedPath: null, sharedRole: '' })
  return { id }
}

/** Writes down who takes which rows out, before the first one leaves. @throws kernel.forbidden, kernel.wrong_purpose */
export async function beginExport(cmd: Command, input: ExportMatters): Promise<string> {
  accountOf(cmd)
  const search = await searchFor(cmd, input.filter)
  const id = uuidv7(cmd.now)
  await record(
    cmd,
    MattersExported,
    { id, version: 1 },
    {
      format: input.format,
      scope: input.filter.scope ?? 'open',
      areaPaths: search.paths,
      filters: filterCodes(input.filter),
      mostRows: EXPORT_MAX,
    },
  )
  return id
}
