import type { App } from '../../kernel/app.ts'
import { runSystem, type Command } from '../../kernel/command.ts'
import { rangesOf } from '../access.ts'
import type { Who } from './contract.ts'
import { dayAfter, yearsBefore } from '../rules.ts'
import { choosesPeople, dayOf } from './rules.ts'
import {
  bringUp,
  chosenOf,
  listCampaignAreas,
  listChanged,
  listLive,
  listWalk,
  lockCampaign,
  lockPremises,
  saveCampaign,
  type CampaignRow,
  type Choice,
} from './target-store.ts'

const orAll = <T>(list: readonly T[]): readonly T[] | null => (list.length > 0 ? list : null)

/** Whom a campaign concerns, as its statements ask for it. */
export function choiceFor(now: Date, who: Who, areaPaths: readonly string[]): Choice {
  const { low, high } = rangesOf(areaPaths)
  const today = dayOf(now)
  return {
    uses: orAll(who.uses),
    kinds: orAll(who.kinds),
    tags: orAll(who.tags),
    bornFrom: who.ageUntil === null ? null : dayAfter(yearsBefore(today, who.ageUntil + 1)),
    bornUntil: who.ageFrom === null ? null : yearsBefore(today, who.ageFrom),
    choosesPeople: choosesPeople(who),
    today,
    low,
    high,
  }
}

/** The areas of some campaigns, by campaign. */
export async function areasOf(
  cmd: Pick<Command, 'tx' | 'county'>,
  ids: readonly string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const { campaignId, areaPath } of await listCampaignAreas(cmd.tx, cmd.county, ids))
    found.get(campaignId)?.push(areaPath)
  return found
}

/** Brings one campaign up to the registry at some premises, which stay locked until the transaction ends. */
export async function bringUpAt(
  cmd: Command,
  campaign: CampaignRow,
  areaPaths: readonly string[],
  premisesIds: readonly string[],
): Promise<void> {
  const { segmentId } = campaign.who
  const wanted = segmentId ? await chosenOf(cmd.tx, cmd.county, campaign.id, premisesIds) : premisesIds
  if (wanted.length === 0) return
  await lockPremises(cmd.tx, cmd.county, wanted)
  await bringUp(cmd.tx, cmd.county, wanted, {
    id: campaign.id,
    choice: choiceFor(cmd.now, campaign.who, areaPaths),
    answered: campaign.questions.length === 0,
    now: cmd.now,
  })
}

/** Premises looked at in one transaction. */
export const WALK = 500

/**
 * Goes on with a campaign's round over its doors by one step; at the end the round begins anew.
 *
 * @returns whether the round has come to its end.
 */
export async function walkOn(cmd: Command, campaign: CampaignRow, areaPaths: readonly string[]): Promise<boolean> {
  const { low, high } = rangesOf(areaPaths)
  const at = { area: campaign.walkArea, key: campaign.walkKey, id: campaign.walkId }
  const step = await listWalk(cmd.tx, cmd.county, low, high, at, WALK)
  await bringUpAt(
    cmd,
    campaign,
    areaPaths,
    step.map(({ id }) => id),
  )
  const last = step.at(-1)
  const ended = step.length < WALK
  const next =
    ended || !last
      ? { walkArea: '', walkKey: '', walkId: null, filledAt: campaign.filledAt ?? cmd.now }
      : { walkArea: last.areaPath, walkKey: last.sortKey, walkId: last.id }
  await saveCampaign(cmd.tx, cmd.county, campaign.id, next)
  Object.assign(campaign, next)
  return ended
}

/** Steps of a round that a sweep makes of one campaign at once: five thousand premises. */
const STEPS_AT_ONCE = 10
const CAMPAIGNS_AT_ONCE = 100

async function eachLive(app: App, county: string, work: (id: string) => Promise<void>): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const live = await app.db.reading(county, (tx) => listLive(tx, county, after, CAMPAIGNS_AT_ONCE))
    for (const { id } of live) await work(id)
    const last = live.at(-1)
    if (live.length < CAMPAIGNS_AT_ONCE || !last) return
    after = last.id
  }
}

/** One step of a live campaign in a transaction of its own; true where there is nothing more to do now. */
const stepOf = (
  app: App,
  county: string,
  id: string,
  step: (cmd: Command, campaign: CampaignRow, areas: string[]) => Promise<boolean>,
): Promise<boolean> =>
  runSystem(app, county, async (cmd) => {
    const campaign = await lockCampaign(cmd.tx, county, id)
    if (!campaign || campaign.state === 'closed') return true
    return step(cmd, campaign, (await areasOf(cmd, [id])).get(id) ?? [])
  })

/** Goes on with the rounds of all live campaigns, so that nothing the registry says is missed however it came in. */
export const walkCampaigns = (app: App, county: string): Promise<void> =>
  eachLive(app, county, async (id) => {
    for (let steps = 0; steps < STEPS_AT_ONCE; steps++) if (await stepOf(app, county, id, walkOn)) return
  })

const CHANGES = 1_000
/** Whoever writes in the registry states the instant at which their command began; it may commit a little later. */
const LATE_MS = 60_000

/** Takes in what changed in the registry since the last look. */
async function followOn(cmd: Command, campaign: CampaignRow, areaPaths: readonly string[]): Promise<boolean> {
  const until = cmd.now
  const changes = await listChanged(cmd.tx, cmd.county, campaign.followedAt, until, CHANGES)
  const ids = [...new Set(changes.map(({ premisesId }) => premisesId))]
  for (let at = 0; at < ids.length; at += WALK) await bringUpAt(cmd, campaign, areaPaths, ids.slice(at, at + WALK))
  const latest = changes.reduce((most, { at }) => Math.max(most, at.getTime()), 0)
  const full = changes.length >= CHANGES && latest > campaign.followedAt.getTime()
  const next = full ? latest : Math.max(campaign.followedAt.getTime(), until.getTime() - LATE_MS)
  await saveCampaign(cmd.tx, cmd.county, campaign.id, { followedAt: new Date(next) })
  return !full
}

/** Follows the registry for all live campaigns: new households join within a minute or two. */
export const followRegistry = (app: App, county: string): Promise<void> =>
  eachLive(app, county, async (id) => {
    for (let steps = 0; steps < STEPS_AT_ONCE; steps++) if (await stepOf(app, county, id, followOn)) return
  })
