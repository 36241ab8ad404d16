import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { isWithin, requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { decodeCursor, encodeCursor } from '../../kernel/pages.ts'
import { escalationChain, responsibleFor } from '../../grid/index.ts'
import { namesOf } from '../../identity/index.ts'
import { record } from '../../ledger/index.ts'
import { rangesOf } from '../access.ts'
import { StewardAssigned, type ListStewards, type PutSteward, type StewardPeople, type StewardRow } from './contract.ts'
import { dayOf, STEWARD_HOUSEHOLDS_MAX } from './rules.ts'
import {
  countStewarded,
  endSteward,
  findSteward,
  insertSteward,
  listHomeStewards,
  lockHome,
  lockStewarded,
} from './store.ts'

const LIMIT = 50

/** The households of a place with who looks after each. @throws kernel.forbidden, kernel.wrong_purpose */
export async function listStewards(
  cmd: Command,
  query: ListStewards,
): Promise<{ items: StewardRow[]; next: string | null }> {
  requireGrant(cmd, 'registry.campaign', query.area)
  const { low, high } = rangesOf([query.area])
  const limit = query.limit ?? LIMIT
  const after =
    query.after === undefined ? null : (decodeCursor(query.after, 3).map(String) as [string, string, string])
  const rows = await listHomeStewards(cmd.tx, cmd.county, low, high, after, limit + 1)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const accounts = shown.flatMap(({ accountId }) => (accountId ? [accountId] : []))
  const names = await namesOf(cmd, accounts)
  return {
    items: shown.map(({ householdId, address, head, members, accountId, fromOn }) => {
      const stewardName = accountId ? (names.get(accountId) ?? '') : ''
      return { householdId, address, head, members, accountId, stewardName, fromOn }
    }),
    next: rows.length > limit && last ? encodeCursor([last.areaPath, last.sortKey, last.householdId]) : null,
  }
}

/** Whoever may be a steward at a place: those whose posts visit there, micro-grid first. */
async function visitorsAt(cmd: Command, areaPath: string): Promise<{ accountId: string; label: string }[]> {
  const chain = await escalationChain(cmd, areaPath)
  const [head, group, police] = await Promise.all(
    ['microGridLead', 'partyLead', 'policeOfficer'].map((role) => responsibleFor(cmd, areaPath, role)),
  )
  const all = [head, group, police, ...chain].flatMap((one) => (one ? [one] : []))
  const unique = new Map(all.map((one) => [one.accountId, one]))
  const found: { accountId: string; label: string }[] = []
  for (const { accountId, postName } of unique.values()) {
    const grants = await cmd.ports.grants.grantsOf(cmd.county, accountId, cmd.now)
    const visits = grants.some(({ action, path }) => action === 'registry.visit' && isWithin(areaPath, path))
    if (visits) found.push({ accountId, label: postName })
  }
  return found
}

/** Who may look after households of a place, and how many each has already. @throws kernel.forbidden, kernel.wrong_purpose */
export async function listStewardPeople(cmd: Command, area: string): Promise<StewardPeople> {
  requireGrant(cmd, 'registry.campaign', area)
  const people = await visitorsAt(cmd, area)
  const accounts = people.map(({ accountId }) => accountId)
  const [names, counted] = await Promise.all([namesOf(cmd, accounts), countStewarded(cmd.tx, cmd.county, accounts)])
  const households = new Map(counted.map(({ accountId, count }) => [accountId, count]))
  return {
    items: people.map(({ accountId, label }) => ({
      accountId,
      label,
      name: names.get(accountId) ?? '',
      households: households.get(accountId) ?? 0,
    })),
    most: STEWARD_HOUSEHOLDS_MAX,
  }
}

/**
 * Gives a household to a steward, or to nobody; who had it before has had it until yesterday.
 *
 * @throws registry.steward_full, registry.not_steward, kernel.not_found, kernel.forbidden, kernel.wrong_purpose
 */
export async function putSteward(cmd: Command, householdId: string, input: PutSteward): Promise<StewardPeople> {
  const home = await lockHome(cmd.tx, cmd.county, householdId)
  if (!home || home.closed) throw new Fault('kernel.not_found')
  requireGrant(cmd, 'registry.campaign', home.areaPath)
  const { id: byAccount } = cmd.actor
  if (!byAccount) throw new Fault('kernel.unauthenticated')
  const { accountId } = input
  const standing = await findSteward(cmd.tx, cmd.county, householdId)
  if ((standing?.accountId ?? null) === accountId) return listStewardPeople(cmd, home.areaPath)
  const today = dayOf(cmd.now)
  if (accountId) await requireFree(cmd, accountId, home.areaPath)
  if (standing) {
    await endSteward(cmd.tx, standing, today)
    const left = { householdId, account: null, areaPath: home.areaPath }
    await record(cmd, StewardAssigned, { id: standing.id, version: standing.version + 1 }, left)
  }
  if (accountId) {
    const { county } = cmd
    const row = { county, id: uuidv7(cmd.now), version: 1, householdId, accountId, areaPath: home.areaPath }
    await insertSteward(cmd.tx, { ...row, fromOn: today, untilOn: null, byAccount })
    await record(cmd, StewardAssigned, row, { householdId, account: accountId, areaPath: home.areaPath })
  }
  return listStewardPeople(cmd, home.areaPath)
}

async function requireFree(cmd: Command, accountId: string, areaPath: string): Promise<void> {
  const grants = await cmd.ports.grants.grantsOf(cmd.county, accountId, cmd.now)
  if (!grants.some(({ action, path }) => action === 'registry.visit' && isWithin(areaPath, path)))
    throw new Fault('registry.not_steward')
  await lockStewarded(cmd.tx, cmd.county, accountId)
  const [counted] = await countStewarded(cmd.tx, cmd.county, [accountId])
  if ((counted?.count ?? 0) >= STEWARD_HOUSEHOLDS_MAX)
    throw new Fault('registry.steward_full', { most: STEWARD_HOUSEHOLDS_MAX })
}
