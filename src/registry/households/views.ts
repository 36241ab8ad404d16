import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { decodeCursor, pageOf } from '../../kernel/pages.ts'
import { areaNames } from '../../grid/index.ts'
import { mayAt, requireAt, scopeOf } from '../access.ts'
import { findPremises } from '../addresses/store.ts'
import { freshMonths } from '../field-groups.ts'
import { presentPeople } from '../people/views.ts'
import { isStale, maskPhone } from '../rules.ts'
import type { Household, HouseholdBrief, HouseholdPage, ListHouseholds } from './contract.ts'
import { householdDossier } from './saving.ts'
import * as store from './store.ts'

const LIMIT = 20
const MEMBERS_MAX = 60

async function present(cmd: Command, rows: readonly store.HomeRow[]): Promise<HouseholdBrief[]> {
  const names = await areaNames(
    cmd,
    rows.map(({ areaPath }) => areaPath),
  )
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    areaPath: row.areaPath,
    areaName: names.get(row.areaPath)?.shortName ?? row.areaPath,
    premisesId: row.premisesId,
    buildingId: row.buildingId,
    address: row.address,
    kind: row.kind,
    number: row.number,
    headId: row.headId,
    headName: row.headName ?? '',
    members: row.members,
    source: row.source,
    checkedAt: row.checkedAt.toISOString(),
    stale: isStale(row.checkedAt, cmd.now, freshMonths('residence')),
    closed: row.closedAt !== null,
  }))
}

/** A household as its page shows it: home, people, owners, both files; what it needs is asked for at once. */
export async function householdView(
  cmd: Command,
  home: store.HomeRow,
  asked?: Promise<[store.MemberRow[], store.ServiceRow[]]>,
): Promise<Household> {
  const [people, services] = await (asked ?? both(cmd, home.id))
  const members = people.filter(({ ofHousehold }) => ofHousehold).slice(0, MEMBERS_MAX)
  const owners = people.filter(({ relation }) => relation === 'owner')
  const [[brief], shown] = await Promise.all([present(cmd, [home]), presentPeople(cmd, members)])
  const keeps = mayAt(cmd, 'registry.write', [home.areaPath])
  return {
    ...brief!,
    use: home.use,
    planReviewOn: home.planReviewOn,
    people: shown.map((person, at) => {
      const { relation, fromOn, residenceId } = members[at]!
      return { ...person, relation, fromOn, residenceId }
    }),
    owners: owners.map(({ id, name, phoneSealed, livesHere }) => ({
      id,
      name,
      phone: phoneSealed === null ? null : maskPhone(cmd.vault.open(cmd.county, phoneSealed)),
      livesHere,
    })),
    others: home.others,
    dossier: keeps ? householdDossier(cmd, home.dossierSealed) : null,
    hasDossier: home.dossierSealed !== null,
    services: services.map((line) => ({
      at: line.at.toISOString(),
      kind: line.kind,
      refId: line.refId,
      personId: line.personId,
      byPost: line.byLabel,
      summary: line.summarySealed === null ? '' : cmd.vault.open(cmd.county, line.summarySealed),
    })),
    mayWrite: home.closedAt === null && keeps,
  }
}

const both = (cmd: Command, id: string): Promise<[store.MemberRow[], store.ServiceRow[]]> =>
  Promise.all([store.listMembers(cmd.tx, cmd.county, id), store.listServices(cmd.tx, cmd.county, id)])

/** @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose */
export async function showHousehold(cmd: Command, id: string): Promise<Household> {
  const asked = both(cmd, id)
  const home = await store.findHome(cmd.tx, cmd.county, id)
  const found = await asked
  if (!home) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.read', [home.areaPath])
  return householdView(cmd, home, Promise.resolve(found))
}

/** Households of a place, or of one premises. */
export async function listHouseholds(cmd: Command, query: ListHouseholds): Promise<HouseholdPage> {
  if (query.premises !== undefined) {
    const premises = await findPremises(cmd.tx, cmd.county, query.premises)
    if (!premises) throw new Fault('kernel.not_found')
    requireAt(cmd, 'registry.read', [premises.areaPath])
    return { items: await present(cmd, await store.listAtPremises(cmd.tx, cmd.county, premises.id)), next: null }
  }
  const limit = query.limit ?? LIMIT
  const ranges = scopeOf(cmd, 'registry.read', query.area)
  const after = query.after === undefined ? ['', ''] : decodeCursor(query.after, 2).map(String)
  const rows = await store.listHouseholds(cmd.tx, cmd.county, {
    ranges,
    kind: query.kind ?? null,
    after: [after[0]!, after[1]!],
    limit: limit + 1,
  })
  const { items, next } = pageOf(rows, limit, (row) => [row.areaPath, row.id])
  return { items: await present(cmd, items), next }
}
