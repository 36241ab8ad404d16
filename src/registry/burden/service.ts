import { DAY } from '../../kernel/calendar-days.ts'
import type { Command } from '../../kernel/command.ts'
import { areaNames, postsOf } from '../../grid/index.ts'
import { figureScopeOf, type Ranges } from '../access.ts'
import { fieldGroups } from '../field-groups.ts'
import type { AskBurden, Burden } from './contract.ts'
import { askingActs, groupsAsked, keyOf, measure, tallyBy, type Ask, type KnownSince, type Measured } from './rules.ts'
import * as store from './store.ts'

const DAYS = 30
const SHOWN = 20
/** So many changes and so many visits are counted at once. */
const MOST = 10_000

const stamp = (at: Date, account: string | null): string => `${at.getTime()} ${account ?? ''}`

/** Every question put: by a change, or by a visit, which asks who lives behind the door. */
function asksOf(changes: readonly store.ChangeTold[], visits: readonly store.VisitTold[]): Ask[] {
  const met = new Set(visits.map(({ writtenAt, byAccount }) => stamp(writtenAt, byAccount)))
  const told = changes.flatMap((change) => {
    const { subjectId, version, source, byAccount: account, label, at, act } = change
    // Who left or moved in was asked by the visit that wrote it: one question, not two.
    const ofVisit = source === 'visit' && met.has(stamp(at, account))
    return groupsAsked(change)
      .filter((group) => !(ofVisit && group === 'residence'))
      .map((group) => ({
        subjectId,
        group,
        at,
        version,
        source,
        account,
        label,
        confirmed: act === 'confirmed',
        silent: source === 'demo',
      }))
  })
  const asked = visits.map(({ subjectId, metAt, byAccount: account, label }) => ({
    subjectId,
    group: 'residence',
    at: metAt,
    version: 0,
    source: 'visit',
    account,
    label,
    confirmed: true,
    silent: false,
  }))
  return [...told, ...asked]
}

/** What was known of the records before the period. */
async function knownBefore(cmd: Command, asks: readonly Ask[], from: Date): Promise<KnownSince> {
  const ids = [...new Set(asks.map(({ subjectId }) => subjectId))]
  const [changes, visits] = await Promise.all([
    store.listEarlier(cmd.tx, cmd.county, ids, from, askingActs),
    store.listMetEarlier(cmd.tx, cmd.county, ids, from),
  ])
  const since: KnownSince = new Map()
  const note = (subjectId: string, group: string, at: Date): void => {
    const key = keyOf(subjectId, group)
    const known = since.get(key)
    if (!known || known < at) since.set(key, at)
  }
  for (const change of changes) for (const group of groupsAsked(change)) note(change.subjectId, group, change.at)
  for (const { subjectId, at } of visits) note(subjectId, 'residence', at)
  return since
}

const isInside = ({ low, high }: Ranges, path: string): boolean =>
  low.some((from, at) => path >= from && path < (high[at] ?? ''))

/** The doors where it was known most often; whoever only counts sees none. */
async function worstDoors(
  cmd: Command,
  asks: readonly Measured[],
  visits: readonly store.VisitTold[],
  ranges: Ranges,
): Promise<Burden['doors']> {
  if (cmd.purpose === 'statistics') return []
  const ids = [...new Set(asks.map(({ subjectId }) => subjectId))]
  const found = await store.listDoors(cmd.tx, cmd.county, ids)
  const inside = found.filter(({ areaPath }) => isInside(ranges, areaPath))
  const doorOf = new Map(inside.map((door) => [door.subjectId, door]))
  const doors = new Map(inside.map((door) => [door.premisesId, door]))
  const behind = asks.filter(({ subjectId }) => doorOf.has(subjectId))
  const worst = tallyBy(behind, ({ subjectId }) => doorOf.get(subjectId)!.premisesId)
    .filter(([, { known }]) => known > 0)
    .slice(0, SHOWN)
  const names = await areaNames(
    cmd,
    worst.map(([id]) => doors.get(id)!.areaPath),
  )
  return worst.map(([premisesId, tally]) => {
    const { address, areaPath } = doors.get(premisesId)!
    const areaName = names.get(areaPath)?.shortName ?? areaPath
    const met = visits.filter((visit) => visit.premisesId === premisesId).length
    return { premisesId, address, areaName, ...tally, visits: met }
  })
}

function byGroup(cmd: Command, asks: readonly Measured[]): Burden['groups'] {
  return tallyBy(asks, ({ group }) => group).map(([code, tally]) => {
    const of = asks.filter(({ group }) => group === code)
    const confirmed = of.filter((ask) => ask.confirmed).length
    const group = fieldGroups.find((one) => one.code === code)!
    const { freshMonths, name } = group
    const records = new Set(of.map(({ subjectId }) => subjectId)).size
    const said = cmd.locale === 'en' ? name.en : name.zh
    return { code, name: said, freshMonths, ...tally, confirmed, typed: of.length - confirmed, records }
  })
}

/** By the post that the account holds now: a change is kept with the person, not with the post. */
async function byPost(cmd: Command, asks: readonly Measured[]): Promise<Burden['posts']> {
  const accounts = [...new Set(asks.map(({ account }) => account).filter((account) => account !== null))]
  const posts = await postsOf(cmd, accounts)
  const postOf = ({ account, label }: Measured): string => (account && posts.get(account)?.[0]) ?? label
  return tallyBy(asks, postOf)
    .slice(0, SHOWN)
    .map(([label, tally]) => ({ label, ...tally }))
}

/**
 * How often the same was asked of the same people, against how long an answer stays fresh.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose
 */
export async function showBurden(cmd: Command, query: AskBurden): Promise<Burden> {
  const ranges = figureScopeOf(cmd, 'registry.read', query.area)
  const until = new Date(cmd.now.getTime() + 1)
  const from = new Date(cmd.now.getTime() - (query.days ?? DAYS) * DAY)
  const window: store.Window = { from, until, ranges, limit: MOST + 1 }
  const [changes, visits] = await Promise.all([
    store.listTold(cmd.tx, cmd.county, window, askingActs),
    store.listMet(cmd.tx, cmd.county, window),
  ])
  const all = asksOf(changes.slice(0, MOST), visits.slice(0, MOST))
  const asks = measure(all, await knownBefore(cmd, all, from))
  return {
    from: from.toISOString(),
    until: cmd.now.toISOString(),
    complete: changes.length <= MOST && visits.length <= MOST,
    asked: asks.length,
    known: asks.filter(({ known }) => known).length,
    visits: Math.min(visits.length, MOST),
    groups: byGroup(cmd, asks),
    sources: tallyBy(asks, ({ source }) => source).map(([source, tally]) => ({ source, ...tally })),
    posts: await byPost(cmd, asks),
    doors: await worstDoors(cmd, asks, visits, ranges),
  }
}
