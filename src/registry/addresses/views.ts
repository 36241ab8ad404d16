import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { decodeCursor, pageOf, type PageOf } from '../../kernel/pages.ts'
import { areaNames } from '../../grid/index.ts'
import { mayAt, requireAt, scopeOf } from '../access.ts'
import { freshMonths } from '../field-groups.ts'
import { ageOn, dayOf, isStale, maskCitizenId, maskPhone } from '../rules.ts'
import type {
  Building,
  BuildingPage,
  BuildingView,
  Door,
  Doors,
  ListPlaces,
  ListPremises,
  ListReviews,
  Premises,
  PremisesPage,
  PremisesPlan,
  PremisesView,
  RosterPage,
} from './contract.ts'
import { premisesPlan } from './fields.ts'
import * as store from './store.ts'

const LIMIT = 20

async function presentBuildings(cmd: Command, rows: readonly store.BuildingRow[]): Promise<Building[]> {
  const names = await areaNames(
    cmd,
    rows.map(({ areaPath }) => areaPath),
  )
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    areaPath: row.areaPath,
    areaName: names.get(row.areaPath)?.shortName ?? row.areaPath,
    kind: row.kind,
    estate: row.estate,
    street: row.street,
    houseNumber: row.houseNumber,
    name: row.name,
    address: row.address,
    position:
      row.longitude === null || row.latitude === null ? null : { longitude: row.longitude, latitude: row.latitude },
    floors: row.floors,
    closed: row.closedAt !== null,
  }))
}

/** A building as its page shows it; who may read it was asked. */
export async function buildingView(cmd: Command, row: store.BuildingRow): Promise<BuildingView> {
  const [[shown], premises] = await Promise.all([
    presentBuildings(cmd, [row]),
    store.countPremisesOf(cmd.tx, cmd.county, row.id),
  ])
  return { ...shown!, premises, mayWrite: row.closedAt === null && mayAt(cmd, 'registry.write', [row.areaPath]) }
}

export async function showBuilding(cmd: Command, id: string): Promise<BuildingView> {
  const row = await store.findBuilding(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.read', [row.areaPath])
  return buildingView(cmd, row)
}

/** Rows of premises in the reader's language, their area's name beside. */
export async function presentPremises(cmd: Command, rows: readonly store.PremisesRow[]): Promise<Premises[]> {
  const names = await areaNames(
    cmd,
    rows.map(({ areaPath }) => areaPath),
  )
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    buildingId: row.buildingId,
    areaPath: row.areaPath,
    areaName: names.get(row.areaPath)?.shortName ?? row.areaPath,
    unit: row.unit,
    floor: row.floor,
    room: row.room,
    address: row.address,
    use: row.use,
    planReviewOn: row.planReviewOn,
    source: row.source,
    checkedAt: row.checkedAt.toISOString(),
    stale: isStale(row.checkedAt, cmd.now, freshMonths('premises')),
    closed: row.closedAt !== null,
  }))
}

export async function premisesView(cmd: Command, row: store.PremisesRow): Promise<PremisesView> {
  const [[shown], building, inside] = await Promise.all([
    presentPremises(cmd, [row]),
    store.findBuilding(cmd.tx, cmd.county, row.buildingId),
    store.countOccupants(cmd.tx, cmd.county, row.id),
  ])
  return {
    ...shown!,
    buildingAddress: building?.address ?? '',
    households: inside.households,
    residents: inside.people,
    hasPlan: row.planSealed !== null,
    mayWrite: row.closedAt === null && mayAt(cmd, 'registry.write', [row.areaPath]),
  }
}

async function readable(cmd: Command, id: string): Promise<store.PremisesRow> {
  const row = await store.findPremises(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.read', [row.areaPath])
  return row
}

export const showPremises = async (cmd: Command, id: string): Promise<PremisesView> =>
  premisesView(cmd, await readable(cmd, id))

export const planView = (cmd: Command, row: store.PremisesRow): PremisesPlan => ({
  premisesId: row.id,
  version: row.version,
  reviewOn: row.planReviewOn,
  plan: premisesPlan(cmd, row.planSealed),
})

/** One plan per house. @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose */
export const showPlan = async (cmd: Command, id: string): Promise<PremisesPlan> =>
  planView(cmd, await readable(cmd, id))

const threeOf = (after: string | undefined): [string, string, string] | null => {
  if (after === undefined) return null
  const [path, key, id] = decodeCursor(after, 3)
  return [String(path), String(key), String(id)]
}
const twoOf = (after: string | undefined): [string, string] | null => {
  if (after === undefined) return null
  const [key, id] = decodeCursor(after, 2)
  return [String(key), String(id)]
}

/** Buildings where the caller reads, in the order of a roster. */
export async function listBuildings(cmd: Command, query: ListPlaces): Promise<BuildingPage> {
  const limit = query.limit ?? LIMIT
  const ranges = scopeOf(cmd, 'registry.read', query.area)
  const page = { ranges, after: threeOf(query.after), limit: limit + 1 }
  const rows = await store.listBuildings(cmd.tx, cmd.county, page)
  const { items, next } = pageOf(rows, limit, (row) => [row.areaPath, row.sortKey, row.id])
  return { items: await presentBuildings(cmd, items), next }
}

/** A page of premises of a place or of one building, in the order of a roster. */
async function premisesRows(cmd: Command, query: ListPremises): Promise<PageOf<store.PremisesRow>> {
  const limit = query.limit ?? LIMIT
  const use = query.use ?? null
  if (query.building === undefined) {
    const ranges = scopeOf(cmd, 'registry.read', query.area)
    const page = { ranges, after: threeOf(query.after), use, limit: limit + 1 }
    const rows = await store.listPremises(cmd.tx, cmd.county, page)
    return pageOf(rows, limit, (row) => [row.areaPath, row.sortKey, row.id])
  }
  const building = await store.findBuilding(cmd.tx, cmd.county, query.building)
  if (!building) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.read', [building.areaPath])
  const page = { building: building.id, after: twoOf(query.after), use, limit: limit + 1 }
  const rows = await store.listPremisesOf(cmd.tx, cmd.county, page)
  return pageOf(rows, limit, (row) => [row.sortKey, row.id])
}

export async function listPremises(cmd: Command, query: ListPremises): Promise<PremisesPage> {
  const { items, next } = await premisesRows(cmd, query)
  return { items: await presentPremises(cmd, items), next }
}

/** Plans to be looked at again by a day. */
export async function listReviews(cmd: Command, query: ListReviews): Promise<PremisesPage> {
  const limit = query.limit ?? LIMIT
  const ranges = scopeOf(cmd, 'registry.read', query.area)
  const page = { ranges, until: query.until, after: twoOf(query.after), limit: limit + 1 }
  const rows = await store.listReviews(cmd.tx, cmd.county, page)
  const { items, next } = pageOf(rows, limit, (row) => [row.planReviewOn, row.id])
  return { items: await presentPremises(cmd, items), next }
}

const DOORS_MAX = 400

/** Premises with who is there. */
async function presentDoors(cmd: Command, rows: readonly store.PremisesRow[]): Promise<Door[]> {
  const ids = rows.map(({ id }) => id)
  const [shown, ties] = await Promise.all([
    presentPremises(cmd, rows),
    ids.length === 0 ? [] : store.listDoorTies(cmd.tx, cmd.county, ids),
  ])
  const today = dayOf(cmd.now)
  const tiesOf = Map.groupBy(ties, ({ premisesId }) => premisesId)
  return shown.map((premises) => {
    const people = (tiesOf.get(premises.id) ?? []).map((tie) => ({
      id: tie.personId,
      name: tie.name,
      sex: tie.sex,
      age: tie.bornOn === null ? null : ageOn(tie.bornOn, today),
      phone: tie.phoneSealed === null ? null : maskPhone(cmd.vault.open(cmd.county, tie.phoneSealed)),
      citizenId: tie.citizenIdSealed === null ? null : maskCitizenId(cmd.vault.open(cmd.county, tie.citizenIdSealed)),
      registration: tie.registration,
      householdId: tie.householdId,
      relation: tie.relation,
      livesHere: tie.livesHere,
      headRelation: tie.headRelation,
      fromOn: tie.fromOn,
    }))
    return { ...premises, residents: people.filter(({ livesHere }) => livesHere).length, people }
  })
}

/** Every door of a building with who is there, in natural order. @throws kernel.not_found, kernel.forbidden */
export async function showDoors(cmd: Command, id: string): Promise<Doors> {
  const row = await store.findBuilding(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.read', [row.areaPath])
  const page = { building: id, after: null, use: null, limit: DOORS_MAX + 1 }
  const rows = await store.listPremisesOf(cmd.tx, cmd.county, page)
  const [[building], doors] = await Promise.all([
    presentBuildings(cmd, [row]),
    presentDoors(cmd, rows.slice(0, DOORS_MAX)),
  ])
  return { building: building!, doors, more: rows.length > DOORS_MAX }
}

/** The roster of a place: its doors in order, each with who is there. */
export async function listRoster(cmd: Command, query: ListPremises): Promise<RosterPage> {
  if (query.premises !== undefined)
    return { items: await presentDoors(cmd, [await readable(cmd, query.premises)]), next: null }
  const { items, next } = await premisesRows(cmd, query)
  return { items: await presentDoors(cmd, items), next }
}
