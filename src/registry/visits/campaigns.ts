import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, isWithin, requireActor, requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { encodeCursor } from '../../kernel/pages.ts'
import { cleanText } from '../../kernel/text.ts'
import { ancestorsOf, areaNames, getArea, postLabel, postsHeld } from '../../grid/index.ts'
import { record } from '../../ledger/index.ts'
import { rangesOf } from '../access.ts'
import { chosenDoors } from './chosen.ts'
import {
  CampaignMoved,
  CampaignOpened,
  type Campaign,
  type CampaignBrief,
  type CampaignPreview,
  type Figures,
  type ListCampaigns,
  type MoveCampaign,
  type OpenCampaign,
  type PreviewCampaign,
} from './contract.ts'
import { movesOf, requireMove, requirePlainTags, requireQuestions } from './rules.ts'
import { areasOf, choiceFor, walkOn } from './targets.ts'
import {
  countByCampaign,
  countConcerned,
  findCampaign,
  insertCampaign,
  insertDoors,
  listCampaigns as listRows,
  lockCampaign,
  saveCampaign,
  type CampaignRow,
} from './target-store.ts'
import { cursorOf } from './views.ts'

export const noFigures: Figures = {
  doors: 0,
  done: 0,
  open: 0,
  nobodyHome: 0,
  refused: 0,
  person: 0,
  questions: 0,
  persons: 0,
  missing: 0,
}

/** Areas, none of which lies in another, in each of which the actor may plan. @throws kernel.forbidden, kernel.wrong_purpose, grid.unknown_area */
async function plannedAreas(cmd: Command, given: readonly string[]): Promise<string[]> {
  const paths = [...new Set(given)].toSorted()
  for (const path of paths) {
    requireGrant(cmd, 'registry.campaign', path)
    await getArea(cmd, path)
  }
  return paths.filter((path) => !paths.some((other) => other !== path && isWithin(path, other)))
}

/** How many doors, households and people a campaign would concern; nothing is written. */
export async function previewCampaign(cmd: Command, input: PreviewCampaign): Promise<CampaignPreview> {
  const areaPaths = await plannedAreas(cmd, input.areaPaths)
  requirePlainTags(input.who.tags, cmd.locale)
  const chosen = await chosenDoors(cmd, input.who)
  return countConcerned(cmd.tx, cmd.county, choiceFor(cmd.now, input.who, areaPaths), chosen)
}

/** Doors that are looked up before the answer; of larger campaigns the sweep fetches the rest. */
const FIRST_STEPS = 4

/**
 * Opens a campaign and looks up its doors. Its id may be the client's own: opened again, it stays one campaign.
 *
 * @throws registry.campaign_days, registry.question_twice, registry.choices_needed, kernel.forbidden, grid.unknown_area,
 *   kernel.conflict for an id that somebody else has used.
 */
export async function openCampaign(cmd: Command, input: OpenCampaign): Promise<Campaign> {
  requireActor(cmd, 'staff')
  const { id: account } = cmd.actor
  if (!account) throw new Fault('kernel.unauthenticated')
  const areaPaths = await plannedAreas(cmd, input.areaPaths)
  if (input.untilOn < input.fromOn) throw new Fault('registry.campaign_days')
  requireQuestions(input.questions)
  requirePlainTags(input.who.tags, cmd.locale)
  const row: CampaignRow = {
    county: cmd.county,
    id: input.id ?? uuidv7(cmd.now),
    version: 1,
    name: cleanText(input.name, { maxLength: 60, minLength: 2, path: 'name' }),
    who: input.who,
    questions: input.questions,
    fromOn: input.fromOn,
    untilOn: input.untilOn,
    state: 'open',
    byAccount: account,
    byLabel: await plannerLabel(cmd, areaPaths[0] ?? cmd.county),
    openedAt: cmd.now,
    closedAt: null,
    filledAt: null,
    walkArea: '',
    walkKey: '',
    walkId: null,
    followedAt: cmd.now,
  }
  if (!(await insertCampaign(cmd.tx, row, areaPaths))) {
    const standing = await findCampaign(cmd.tx, cmd.county, row.id)
    if (standing?.byAccount !== account) throw new Fault('kernel.conflict', { campaign: row.id })
    return viewOf(cmd, standing)
  }
  const chosen = await chosenDoors(cmd, row.who)
  if (chosen) await insertDoors(cmd.tx, cmd.county, row.id, chosen)
  const { fromOn, untilOn } = row
  const opened = { areaPaths, uses: [...row.who.uses], questions: row.questions.length, fromOn, untilOn }
  await record(cmd, CampaignOpened, row, opened)
  for (let step = 0; step < FIRST_STEPS; step++) if (await walkOn(cmd, row, areaPaths)) break
  return viewOf(cmd, row)
}

/** The post by whose grant somebody plans; what the session says where it is none of the county's posts. */
async function plannerLabel(cmd: Command, path: string): Promise<string> {
  const grant = requireGrant(cmd, 'registry.campaign', path)
  const post = (await postsHeld(cmd)).find(({ postId }) => postId === grant.postId)
  return post ? postLabel(cmd, post) : cmd.actor.label
}

/** @throws registry.campaign_closed, registry.campaign_move, kernel.stale, kernel.forbidden */
export async function moveCampaign(cmd: Command, id: string, input: MoveCampaign): Promise<Campaign> {
  const row = await lockCampaign(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  const areaPaths = (await areasOf(cmd, [id])).get(id) ?? []
  for (const path of areaPaths) requireGrant(cmd, 'registry.campaign', path)
  if (row.version !== input.version) throw new Fault('kernel.stale', { version: row.version })
  const to = requireMove(row.state, input.move)
  const change = { state: to, version: row.version + 1, closedAt: to === 'closed' ? cmd.now : null }
  await saveCampaign(cmd.tx, cmd.county, id, change)
  const { low, high } = rangesOf(areaPaths)
  const [figures = noFigures] = await countByCampaign(cmd.tx, cmd.county, [id], low, high)
  const moved = { move: input.move, from: row.state, to, doors: figures.doors, done: figures.done }
  await record(cmd, CampaignMoved, { id, version: change.version }, moved)
  return viewOf(cmd, { ...row, ...change })
}

/** Where somebody sees figures of campaigns: who goes, who plans, and who only counts. @throws kernel.forbidden, kernel.wrong_purpose */
export function figurePaths(cmd: Command): string[] {
  const held = ['registry.visit', 'registry.campaign', 'registry.read'].find((action) =>
    cmd.grants.some((grant) => grant.action === action && grant.purpose === cmd.purpose),
  )
  return grantedPaths(cmd, held ?? 'registry.read')
}

async function briefsOf(
  cmd: Command,
  rows: readonly CampaignRow[],
  paths: readonly string[],
): Promise<CampaignBrief[]> {
  const ids = rows.map(({ id }) => id)
  const { low, high } = rangesOf(paths)
  const [areas, counted] = await Promise.all([areasOf(cmd, ids), countByCampaign(cmd.tx, cmd.county, ids, low, high)])
  const names = await areaNames(cmd, [...areas.values()].flat())
  const figures = new Map(counted.map(({ campaignId, ...rest }) => [campaignId, rest]))
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    name: row.name,
    state: row.state as CampaignBrief['state'],
    fromOn: row.fromOn,
    untilOn: row.untilOn,
    byLabel: row.byLabel,
    areas: (areas.get(row.id) ?? []).map((path) => ({ path, name: names.get(path)?.shortName ?? path })),
    figures: figures.get(row.id) ?? noFigures,
  }))
}

async function viewOf(cmd: Command, row: CampaignRow): Promise<Campaign> {
  const paths = figurePaths(cmd)
  const [brief] = await briefsOf(cmd, [row], paths)
  const mayMove = brief!.areas.every(({ path }) =>
    cmd.grants.some(
      (grant) => grant.action === 'registry.campaign' && grant.purpose === cmd.purpose && isWithin(path, grant.path),
    ),
  )
  return {
    ...brief!,
    who: row.who,
    questions: row.questions,
    filled: row.filledAt !== null,
    openedAt: row.openedAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    moves: mayMove ? movesOf(row.state) : [],
  }
}

/**
 * A campaign that the actor may see: one over a place where they visit, plan or count, or beneath or above it.
 *
 * @throws kernel.not_found where it goes over none of their places.
 */
export async function getSeen(cmd: Command, id: string): Promise<{ row: CampaignRow; areaPaths: string[] }> {
  const paths = figurePaths(cmd)
  const row = await findCampaign(cmd.tx, cmd.county, id)
  const areaPaths = row ? ((await areasOf(cmd, [id])).get(id) ?? []) : []
  const seen = areaPaths.some((area) => paths.some((path) => isWithin(area, path) || isWithin(path, area)))
  if (!row || !seen) throw new Fault('kernel.not_found')
  return { row, areaPaths }
}

export const showCampaign = async (cmd: Command, id: string): Promise<Campaign> =>
  viewOf(cmd, (await getSeen(cmd, id)).row)

const LIMIT = 20

/** Campaigns over the actor's places, newest first, each with the figures of these places. */
export async function listCampaigns(
  cmd: Command,
  query: ListCampaigns,
): Promise<{ items: CampaignBrief[]; next: string | null }> {
  const paths = figurePaths(cmd)
  const limit = query.limit ?? LIMIT
  const rows = await listRows(cmd.tx, {
    county: cmd.county,
    ...rangesOf(paths),
    over: [...new Set(paths.flatMap(ancestorsOf))],
    live: query.live ?? false,
    after: cursorOf(query.after),
    limit: limit + 1,
  })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const items = await briefsOf(cmd, shown, paths)
  return { items, next: rows.length > limit && last ? encodeCursor([last.openedAt.toISOString(), last.id]) : null }
}
