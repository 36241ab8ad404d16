import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { isWithin } from '../../kernel/grants.ts'
import { decodeCursor, encodeCursor } from '../../kernel/pages.ts'
import { areaNames } from '../../grid/index.ts'
import { namesOf } from '../../identity/index.ts'
import { mayAt, requireAt, scopeOf } from '../access.ts'
import { freshMonths } from '../field-groups.ts'
import { ageOn, dayAfter, dayOf, isStale, maskCitizenId, maskPhone, yearsBefore } from '../rules.ts'
import { listLooks } from '../store.ts'
import type { PersonTag } from '../tags/contract.ts'
import { isSensitive, requireTag, tagName } from '../tags/rules.ts'
import { listTagsOf, type TagRow } from '../tags/store.ts'
import { findPremises } from '../addresses/store.ts'
import type { ListPeople, Looks, Person, PersonBrief, PersonPage } from './contract.ts'
import { pathsOf, shownDetails } from './rules.ts'
import { loadPeople, openPerson, type PersonState } from './saving.ts'
import * as store from './store.ts'

const LIMIT = 20
const NO_ID = '00000000-0000-0000-0000-000000000000'

const presentTag = (cmd: Command, { tag, derived, sinceOn, untilOn }: TagRow): PersonTag => ({
  tag,
  name: tagName(tag, cmd.locale),
  derived,
  sensitive: isSensitive(tag),
  sinceOn,
  untilOn,
})

/** Tags that this caller may see: of sensitive ones those where they may unmask; each once, wherever it counts. */
export function visibleTags(cmd: Command, tags: readonly TagRow[], areaPath: string): PersonTag[] {
  const all = mayAt(cmd, 'registry.unmask', [areaPath])
  const seen = tags.filter(({ tag }) => all || !isSensitive(tag))
  return [...new Map(seen.map((row) => [row.tag, presentTag(cmd, row)])).values()]
}

/** People as a list shows them: names whole, numbers masked. */
export async function presentPeople(cmd: Command, rows: readonly store.PersonRow[]): Promise<PersonBrief[]> {
  const ids = rows.map(({ id }) => id)
  const premises = rows.map(({ premisesId }) => premisesId).filter((id) => id !== null)
  const [names, addresses, tags] = await Promise.all([
    areaNames(
      cmd,
      rows.map(({ areaPath }) => areaPath),
    ),
    store.addressesOf(cmd.tx, cmd.county, premises),
    ids.length === 0 ? [] : listTagsOf(cmd.tx, cmd.county, ids),
  ])
  const today = dayOf(cmd.now)
  const tagsOf = Map.groupBy(tags, ({ personId }) => personId)
  return rows.map((row) => {
    const { citizenId, phone } = openPerson(cmd, { ...row, detailsSealed: null })
    return {
      id: row.id,
      version: row.version,
      name: row.name,
      sex: row.sex,
      bornOn: row.bornOn,
      age: row.bornOn === null ? null : ageOn(row.bornOn, today),
      citizenId: citizenId && maskCitizenId(citizenId),
      phone: phone && maskPhone(phone),
      registration: row.registration,
      state: row.state,
      areaPath: row.areaPath,
      areaName: names.get(row.areaPath)?.shortName ?? row.areaPath,
      premisesId: row.premisesId,
      address: (row.premisesId && addresses.get(row.premisesId)) ?? '',
      householdId: row.householdId,
      headRelation: row.headRelation,
      tags: visibleTags(cmd, tagsOf.get(row.id) ?? [], row.areaPath),
      source: row.source,
      checkedAt: row.checkedAt.toISOString(),
      stale: isStale(row.checkedAt, cmd.now, freshMonths('residence')),
    }
  })
}

/** A person as their page shows them; who may read them was asked. */
export async function personView(cmd: Command, state: PersonState): Promise<Person> {
  const { row } = state
  const [[brief], ties] = await Promise.all([presentPeople(cmd, [row]), store.listTies(cmd.tx, cmd.county, row.id)])
  const names = await areaNames(
    cmd,
    ties.map(({ areaPath }) => areaPath),
  )
  const paths = pathsOf(row.areaPath, state.ties)
  return {
    ...brief!,
    mergedInto: row.mergedInto,
    ...shownDetails(openPerson(cmd, row).details),
    residences: ties.map((tie) => ({
      id: tie.id,
      premisesId: tie.premisesId,
      address: tie.address,
      areaName: names.get(tie.areaPath)?.shortName ?? tie.areaPath,
      householdId: tie.householdId,
      relation: tie.relation,
      livesHere: tie.livesHere,
      headRelation: tie.headRelation,
      fromOn: tie.fromOn,
      untilOn: tie.untilOn,
      source: tie.source,
    })),
    mayWrite: row.state !== 'merged' && mayAt(cmd, 'registry.write', paths),
    mayUnmask: mayAt(cmd, 'registry.unmask', paths),
  }
}

/** A person whom the caller may read: where they live, or where they own or rent. @throws kernel.not_found, kernel.forbidden */
export async function readablePerson(cmd: Command, id: string): Promise<PersonState> {
  const state = (await loadPeople(cmd, [id])).get(id)
  if (!state) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.read', pathsOf(state.row.areaPath, state.ties))
  return state
}

export const showPerson = async (cmd: Command, id: string): Promise<Person> =>
  personView(cmd, await readablePerson(cmd, id))

/** Who looked behind the mask, newest first. @throws kernel.not_found, kernel.forbidden */
export async function showLooks(cmd: Command, id: string): Promise<Looks> {
  const state = await readablePerson(cmd, id)
  requireAt(cmd, 'registry.unmask', pathsOf(state.row.areaPath, state.ties))
  const looks = await listLooks(cmd.tx, cmd.county, id)
  const names = await namesOf(
    cmd,
    looks.map(({ byAccount }) => byAccount),
  )
  return {
    items: looks.map((look) => ({
      at: look.at.toISOString(),
      byName: names.get(look.byAccount) ?? '',
      byPost: look.byLabel,
      fields: look.fields,
      reason: look.reason,
    })),
  }
}

function narrowedBy(cmd: Command, query: ListPeople): store.Narrowed {
  const today = dayOf(cmd.now)
  return {
    registration: query.registration ?? null,
    relation: query.relation ?? null,
    bornFrom: query.ageTo === undefined ? null : dayAfter(yearsBefore(today, query.ageTo + 1)),
    bornTo: query.ageFrom === undefined ? null : yearsBefore(today, query.ageFrom),
    state: query.state ?? null,
  }
}

/** A sensitive tag narrows a list only where the caller may unmask. @throws kernel.forbidden, registry.unknown_tag */
function requireTagScope(cmd: Command, query: ListPeople): void {
  if (query.tag === undefined) return
  const { code } = requireTag(query.tag)
  if (!isSensitive(code)) return
  const unmask = scopeOf(cmd, 'registry.unmask', query.area)
  const read = scopeOf(cmd, 'registry.read', query.area)
  const outside = read.low.some((path) => !unmask.low.some((root) => isWithin(path, root)))
  if (outside) throw new Fault('kernel.forbidden', { action: 'registry.unmask' })
}

/** People of a place, a home or a household that the caller may read. */
export async function listPeople(cmd: Command, query: ListPeople): Promise<PersonPage> {
  requireTagScope(cmd, query)
  if (query.household !== undefined) {
    const home = await store.premisesOfHousehold(cmd.tx, cmd.county, query.household)
    if (!home) throw new Fault('kernel.not_found')
    return listAt(cmd, query, home.premisesId, home.areaPath)
  }
  if (query.premises !== undefined) {
    const home = await findPremises(cmd.tx, cmd.county, query.premises)
    if (!home) throw new Fault('kernel.not_found')
    return listAt(cmd, query, home.id, home.areaPath)
  }
  return listWithin(cmd, query)
}

async function listAt(cmd: Command, query: ListPeople, premises: string, areaPath: string): Promise<PersonPage> {
  requireAt(cmd, 'registry.read', [areaPath])
  const limit = query.limit ?? LIMIT
  const afterId = query.after === undefined ? NO_ID : String(decodeCursor(query.after, 1)[0])
  const household = query.household ?? null
  const rows = await store.listAtPremises(cmd.tx, cmd.county, { premises, household, afterId, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const next = rows.length > limit && last ? encodeCursor([last.id]) : null
  return { items: await presentPeople(cmd, shown), next }
}

/**
 * Range by range, each a walk along its index, of a tag along the tag's own. A page looks at 3,000 rows at most, and at no more than
 * it shows where nothing narrows it: where a filter finds few, a page may be short and still have a next one.
 */
async function listWithin(cmd: Command, query: ListPeople): Promise<PersonPage> {
  const limit = query.limit ?? LIMIT
  const { low, high } = scopeOf(cmd, 'registry.read', query.area)
  const [path, id] = query.after === undefined ? ['', NO_ID] : decodeCursor(query.after, 2).map(String)
  const narrowed = narrowedBy(cmd, query)
  const isNarrowed = Object.values(narrowed).some((one) => one !== null)
  const gone = query.state === 'left' || query.state === 'deceased'
  const rows: store.Scanned[] = []
  let cursor: [string, string] | null = null
  for (const [at, from] of low.entries()) {
    const until = high[at]!
    if (path! >= until) continue
    const start = path! >= from ? { low: path!, afterId: id! } : { low: from, afterId: NO_ID }
    const most = limit + 1 - rows.length
    const window = isNarrowed ? store.SCANNED_MAX : most
    const page = { ...start, high: until, narrowed, tag: query.tag ?? null, gone, window, limit: most }
    const found = await store.scanPeople(cmd.tx, cmd.county, page)
    rows.push(...found.filter(({ id: one }) => one !== null))
    const last = found.at(-1)
    if (rows.length > limit) break
    if (last && last.scanned >= window) {
      cursor = [last.lastPath, last.lastId]
      break
    }
  }
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  if (rows.length > limit && last) cursor = [last.foundPath, last.id]
  return { items: await presentPeople(cmd, shown), next: cursor && encodeCursor(cursor) }
}
