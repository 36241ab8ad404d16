import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, requireGrant, subtreeRange } from '../../kernel/grants.ts'
import { decodeCursor, encodeCursor } from '../../kernel/pages.ts'
import { ancestorsOf, areaNames, areasBelow, findArea, leafKinds, responsibleFor } from '../../grid/index.ts'
import { nameOf } from '../../identity/index.ts'
import type { Ranges } from '../access.ts'
import { isSensitive, tagName } from '../tags/rules.ts'
import { getSeen } from './campaigns.ts'
import type { BuildingSheet, Door, DoorPage, DoorPerson, DoorSubject, ListDoors, Round } from './contract.ts'
import {
  countDoors,
  findBuilding,
  listDoors as listDoorRows,
  listDoorsOfBuilding,
  listDwellers,
  listHomes,
  listLastVisits,
  listTargets,
  type DoorRow,
  type DoorTargetRow,
  type DwellerRow,
  type LastVisitRow,
} from './door-store.ts'
import { ageOn, dayOf, duties, dutyName, maskPhone } from './rules.ts'
import { plannerActions, requireDoor, scopeOfDoors } from './scope.ts'
import { keepDaysOf } from './setting.ts'
import { countOpenConflicts } from './store.ts'
import { countByArea, listCampaigns } from './target-store.ts'

const PAGE = 100
/** Micro-grids that are offered to one person; whoever answers for more goes by the desk. */
const AREAS_MAX = 200
const CAMPAIGNS_MAX = 20
/** Deeper than any area: the full path of a leaf. */
const LEAF_DEPTH = 20

/** The leaf areas under some places, in their order, at most so many. */
async function leavesUnder(cmd: Command, paths: readonly string[]): Promise<string[]> {
  const leaves: string[] = []
  const waiting = [...paths]
  for (let path = waiting.shift(); path !== undefined && leaves.length < AREAS_MAX; path = waiting.shift()) {
    const below = await areasBelow(cmd, path)
    const area = below.length === 0 ? await findArea(cmd, path) : undefined
    if (area && (leafKinds.has(area.kind) || below.length === 0)) leaves.push(path)
    waiting.unshift(...below.map((one) => one.path))
  }
  return leaves
}

/** What the phone begins with: where the actor goes, for which campaigns, and what each asks. @throws kernel.forbidden, kernel.wrong_purpose */
export async function showRound(cmd: Command): Promise<Round> {
  const granted = grantedPaths(cmd, 'registry.visit')
  const { low, high } = scopeOfDoors(cmd, undefined, ['registry.visit'])
  const leaves = await leavesUnder(cmd, granted)
  const over = [...new Set(granted.flatMap(ancestorsOf))]
  const wanted = { county: cmd.county, low, high, over, live: true, after: null, limit: CAMPAIGNS_MAX }
  const rows = await listCampaigns(cmd.tx, wanted)
  const ids = rows.map(({ id }) => id)
  const [counted, doors, names, conflicts, keepDays] = await Promise.all([
    countByArea(cmd.tx, cmd.county, { ids, low, high, depth: LEAF_DEPTH }),
    countDoors(cmd.tx, cmd.county, leaves),
    areaNames(cmd, leaves),
    countOpenConflicts(cmd.tx, cmd.county, low, high),
    keepDaysOf(cmd),
  ])
  const doorsAt = new Map(doors.map((row) => [row.path, row.doors]))
  const gapsAt = (path: string): number =>
    counted.filter((row) => row.path === path).reduce((sum, row) => sum + row.doors - row.done, 0)
  return {
    areas: leaves.map((path) => ({
      path,
      name: names.get(path)?.shortName ?? path,
      doors: doorsAt.get(path) ?? 0,
      gaps: gapsAt(path),
    })),
    campaigns: rows.map((row) => ({
      id: row.id,
      name: row.name,
      state: row.state,
      fromOn: row.fromOn,
      untilOn: row.untilOn,
      form: row.questions.length > 0 ? cmd.ports.questions.draw(row.questions) : null,
      areas: counted
        .filter(({ campaignId }) => campaignId === row.id)
        .map(({ campaignId: _id, ...figures }) => figures),
    })),
    duties: duties.map(({ code }) => ({ code, name: dutyName(code, cmd.locale) })),
    conflicts,
    keepDays,
  }
}

/**
 * The doors of a place in walking order, each with who should be found there: phones masked, names whole.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose
 */
export async function listDoors(cmd: Command, query: ListDoors): Promise<DoorPage> {
  requireGrant(cmd, 'registry.visit', query.area)
  const limit = query.limit ?? PAGE
  const [low, high] = subtreeRange(query.area)
  const after =
    query.after === undefined ? null : (decodeCursor(query.after, 3).map(String) as [string, string, string])
  const asked = { low, high, campaign: query.campaign ?? null, after, limit: limit + 1 }
  const rows = await listDoorRows(cmd.tx, cmd.county, asked)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await doorsOf(cmd, shown),
    next: rows.length > limit && last ? encodeCursor([last.areaPath, last.sortKey, last.id]) : null,
  }
}

/** What stands behind some doors: five questions, however many doors. */
async function doorsOf(cmd: Command, rows: readonly DoorRow[]): Promise<Door[]> {
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return []
  const [homes, dwellers, targets, visits] = await Promise.all([
    listHomes(cmd.tx, cmd.county, ids),
    listDwellers(cmd.tx, cmd.county, ids, dayOf(cmd.now)),
    listTargets(cmd.tx, cmd.county, ids),
    listLastVisits(cmd.tx, cmd.county, ids),
  ])
  const homesAt = groupBy(homes, ({ premisesId }) => premisesId)
  const dwellersAt = groupBy(dwellers, ({ premisesId }) => premisesId)
  const about: About = {
    targets: groupBy(targets, ({ subjectId }) => subjectId),
    visits: new Map(visits.map((row) => [row.subjectId, row])),
  }
  return rows.map((row) => {
    const inside = homesAt.get(row.id) ?? []
    const people = dwellersAt.get(row.id) ?? []
    const subjects = inside.map((home) =>
      subjectOf(cmd, about, {
        id: home.id,
        householdId: home.id,
        kind: home.kind,
        number: home.number,
        steward: home.steward !== null && home.steward === cmd.actor.id,
        dwellers: people.filter(({ householdId }) => householdId === home.id),
      }),
    )
    const others = people.filter(({ householdId }) => !inside.some(({ id }) => id === householdId))
    const alone = { id: row.id, householdId: null, kind: null, number: null, steward: false, dwellers: others }
    if (inside.length === 0 || others.length > 0 || about.targets.has(row.id))
      subjects.push(subjectOf(cmd, about, alone))
    const { id, building, buildingId, version, unit, floor, room, address, use, areaPath } = row
    return { premisesId: id, version, buildingId, building, unit, floor, room, address, use, areaPath, subjects }
  })
}

interface About {
  targets: Map<string, DoorTargetRow[]>
  visits: Map<string, LastVisitRow>
}

function subjectOf(
  cmd: Command,
  about: About,
  one: Omit<DoorSubject, 'people' | 'targets' | 'last'> & { dwellers: readonly DwellerRow[] },
): DoorSubject {
  const { dwellers, ...subject } = one
  const last = about.visits.get(one.id)
  return {
    ...subject,
    people: dwellers.map((row) => personOf(cmd, row)),
    targets: (about.targets.get(one.id) ?? []).map(({ campaignId, standing, tries, nextOn, missing }) => ({
      campaignId,
      standing,
      tries,
      nextOn,
      missing,
    })),
    last: last
      ? { id: last.id, metAt: last.metAt.toISOString(), result: last.result, byLabel: last.byLabel, force: last.force }
      : null,
  }
}

const personOf = (cmd: Command, row: DwellerRow): DoorPerson => ({
  id: row.personId,
  version: row.version,
  name: row.name,
  sex: row.sex,
  age: ageOn(cmd.now, row.bornOn),
  phone: row.phoneSealed ? maskPhone(cmd.vault.open(cmd.county, row.phoneSealed)) : '',
  relation: row.relation,
  headRelation: row.headRelation,
  tags: row.tags.filter((code) => !isSensitive(code)).map((code) => tagName(code, cmd.locale)),
})

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}

/** Who answers for a micro-grid, by name; empty where nobody does. */
export async function headOf(cmd: Command, areaPath: string): Promise<string> {
  const found = await responsibleFor(cmd, areaPath, 'microGridLead')
  return found ? nameOf(cmd, found.accountId) : ''
}

/** The visiting sheet of a building, for whoever goes with paper. @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose */
export async function showBuilding(cmd: Command, campaignId: string, buildingId: string): Promise<BuildingSheet> {
  const [{ row }, building] = await Promise.all([
    getSeen(cmd, campaignId),
    findBuilding(cmd.tx, cmd.county, buildingId),
  ])
  if (!building) throw new Fault('kernel.not_found')
  requireDoor(cmd, building.areaPath, plannerActions)
  const [rows, names, head] = await Promise.all([
    listDoorsOfBuilding(cmd.tx, cmd.county, buildingId, campaignId),
    areaNames(cmd, [building.areaPath]),
    headOf(cmd, building.areaPath),
  ])
  return {
    building: { id: building.id, name: building.name, address: building.address },
    campaign: row.name,
    areaName: names.get(building.areaPath)?.shortName ?? '',
    head,
    questions: row.questions.map(({ label }) => label),
    doors: await doorsOf(cmd, rows),
  }
}

/** Ranges of one area or of all that the actor plans or visits. */
export const rangesFor = (cmd: Command, area: string | undefined): Ranges => scopeOfDoors(cmd, area, plannerActions)
