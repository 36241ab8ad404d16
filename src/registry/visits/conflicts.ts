import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { hasGrant, requireGrant } from '../../kernel/grants.ts'
import { encodeCursor } from '../../kernel/pages.ts'
import { areaNames } from '../../grid/index.ts'
import { namesOf } from '../../identity/index.ts'
import { record } from '../../ledger/index.ts'
import {
  VisitConflictDecided,
  type ConflictPage,
  type Correction,
  type DecideConflict,
  type ListConflicts,
  type VisitConflict,
} from './contract.ts'
import { changePhone, changeUse, endStay, moveHere, registerHere } from './registry-writes.ts'
import { dayOf, maskPhone } from './rules.ts'
import { scopeOfDoors } from './scope.ts'
import {
  listAddresses,
  listLastChanges,
  listOpenConflicts,
  listPeopleNow,
  listStays,
  listTied,
  lockConflict,
  saveConflict,
  type ConflictRow,
  type PersonNow,
} from './store.ts'
import { lockPremises } from './target-store.ts'
import { cursorOf } from './views.ts'

type Proposed = Correction & { householdId: string | null }
const LIMIT = 20

const openProposed = (cmd: Command, row: ConflictRow): Proposed | null =>
  row.proposedSealed ? (JSON.parse(cmd.vault.open(cmd.county, row.proposedSealed)) as Proposed) : null

/** What waits for a person in the actor's places, the oldest first: what was seen, and what the registry says now. */
export async function listConflicts(cmd: Command, query: ListConflicts): Promise<ConflictPage> {
  const { low, high } = scopeOfDoors(cmd, query.area, ['registry.visit', 'registry.write'])
  const limit = query.limit ?? LIMIT
  const rows = await listOpenConflicts(cmd.tx, cmd.county, low, high, cursorOf(query.after), limit + 1)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const items = await present(cmd, shown)
  return { items, next: rows.length > limit && last ? encodeCursor([last.madeAt.toISOString(), last.id]) : null }
}

type Listed = Awaited<ReturnType<typeof listOpenConflicts>>

async function present(cmd: Command, rows: Listed): Promise<VisitConflict[]> {
  const records = [...new Set(rows.map(({ recordId }) => recordId))]
  const premises = [...new Set(rows.map(({ premisesId }) => premisesId))]
  const accounts = rows.map(({ byAccount }) => byAccount)
  const paths = rows.map(({ areaPath }) => areaPath)
  const [people, tied, places, changes, names, areas] = await Promise.all([
    listPeopleNow(cmd.tx, cmd.county, records, 'look'),
    listTied(cmd.tx, cmd.county, premises, records),
    listAddresses(cmd.tx, cmd.county, premises),
    listLastChanges(cmd.tx, cmd.county, records),
    namesOf(cmd, accounts),
    areaNames(cmd, paths),
  ])
  const personOf = new Map(people.map((one) => [one.id, one]))
  const knownHere = new Set(tied.map(({ premisesId, personId }) => premisesId + personId))
  const placeOf = new Map(places.map((one) => [one.id, one]))
  const changeOf = new Map(changes.map((one) => [one.subjectId, one]))
  return rows.map((row) => {
    const isKnownHere = knownHere.has(row.premisesId + row.recordId)
    const person = isKnownHere ? personOf.get(row.recordId) : undefined
    const place = placeOf.get(row.premisesId)
    const change = row.reason === 'changed' ? changeOf.get(row.recordId) : undefined
    const proposed = openProposed(cmd, row)
    return {
      id: row.id,
      visitId: row.visitId,
      kind: row.kind,
      reason: row.reason,
      address: row.address,
      areaName: areas.get(row.areaPath)?.shortName ?? row.areaPath,
      subjectName:
        row.kind === 'use' ? row.address : proposed?.kind === 'joined' ? proposed.name : (person?.name ?? ''),
      proposed: proposed ? saidProposed(proposed) : '',
      standing: saidStanding(cmd, row.kind, person, place?.use ?? ''),
      recordVersion: versionOf(row, person, place?.version),
      byLabel: row.byLabel,
      byName: names.get(row.byAccount) ?? '',
      metAt: row.metAt.toISOString(),
      otherLabel: change?.byLabel ?? '',
      otherAt: change?.at.toISOString() ?? null,
      mayTake: proposed !== null && mayTake(cmd, row, person),
    }
  })
}

/** Of somebody registered elsewhere nothing is told, not even that the record has changed. */
const versionOf = (row: ConflictRow, person: PersonNow | undefined, premises: number | undefined): number =>
  row.kind === 'joined' ? 0 : ((row.kind === 'use' ? premises : person?.version) ?? 0)

/** What was seen, as a code or words that a page can say: a whole phone stays behind its mask. */
function saidProposed(proposed: Proposed): string {
  switch (proposed.kind) {
    case 'phone':
      return maskPhone(proposed.phone)
    case 'left':
      return proposed.on
    case 'joined':
      return proposed.name
    case 'use':
      return proposed.use
  }
}

function saidStanding(cmd: Command, kind: string, person: PersonNow | undefined, use: string): string {
  if (kind === 'use') return use
  if (!person || kind === 'joined') return ''
  return kind === 'phone' && person.phoneSealed
    ? maskPhone(cmd.vault.open(cmd.county, person.phoneSealed))
    : person.state
}

function mayTake(cmd: Command, row: ConflictRow, person: PersonNow | undefined): boolean {
  if (!hasGrant(cmd, 'registry.write', row.areaPath)) return false
  if (row.kind === 'phone' || row.kind === 'left') return person?.state === 'present' || person?.state === 'away'
  return true
}

/**
 * Decides about one: what the visit saw goes into the registry, or the registry stays as it is.
 *
 * @throws registry.conflict_decided, registry.conflict_stale when the record has changed since it was looked at,
 *   registry.visit_forgotten, kernel.not_found, kernel.forbidden, kernel.wrong_purpose
 */
export async function decideConflict(
  cmd: Command,
  id: string,
  input: DecideConflict,
): Promise<{ id: string; state: string }> {
  const row = await lockConflict(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireGrant(cmd, 'registry.write', row.areaPath)
  if (row.state !== 'open') throw new Fault('registry.conflict_decided')
  const [premises] = await lockPremises(cmd.tx, cmd.county, [row.premisesId])
  const [person] = await listPeopleNow(cmd.tx, cmd.county, [row.recordId], 'lock')
  if (versionOf(row, person, premises?.version) !== input.recordVersion) throw new Fault('registry.conflict_stale')
  if (input.take) await take(cmd, row)
  const state = input.take ? 'taken' : 'dropped'
  const version = row.version + 1
  await saveConflict(cmd.tx, cmd.county, id, { state, version, decidedBy: cmd.actor.id, decidedAt: cmd.now })
  const { visitId, recordId, kind } = row
  await record(cmd, VisitConflictDecided, { id, version }, { visitId, recordId, kind, taken: input.take })
  return { id, state }
}

async function take(cmd: Command, row: ConflictRow): Promise<void> {
  const proposed = openProposed(cmd, row)
  if (!proposed) throw new Fault('registry.visit_forgotten')
  const at = { areaPath: row.areaPath, householdId: proposed.householdId, premises: { id: row.premisesId } }
  switch (proposed.kind) {
    case 'phone':
      return changePhone(cmd, proposed.personId, proposed.phone)
    case 'use':
      return changeUse(cmd, row.premisesId, proposed.use)
    case 'left': {
      const stays = await listStays(cmd.tx, cmd.county, proposed.personId, row.premisesId, dayOf(cmd.now))
      for (const stay of stays) await endStay(cmd, proposed.personId, stay, proposed.on)
      return
    }
    case 'joined':
      return row.reason === 'known' ? moveHere(cmd, proposed, at) : registerHere(cmd, proposed, at)
  }
}
