import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { record } from '../../ledger/index.ts'
import { requireAt } from '../access.ts'
import type { Details } from '../people/contract.ts'
import { requireCitizenId, requireMobile } from '../people/rules.ts'
import { loadPeople, openPerson, savePeople, type PersonState } from '../people/saving.ts'
import { requireUnknown, sealedCitizenId, sealedPhone } from '../people/service.ts'
import type { PersonRow, ResidenceRow } from '../people/store.ts'
import { dayOf, requireName } from '../rules.ts'
import { requireReason } from '../writing.ts'
import {
  KeptApart,
  MergeUndone,
  pairFields,
  PeopleMerged,
  PersonSplit,
  type KeepApart,
  type MergePeople,
  type PairField,
  type SplitOff,
  type SplitPerson,
  type Undone,
  type UndoMerge,
} from './contract.ts'
import { ordered, sharedPath } from './rules.ts'
import { openSnapshot, sealSnapshot } from './snapshot.ts'
import * as store from './store.ts'
import { joinedTies, partedTies, tiesAsTheyWere } from './ties.ts'
import { ACTION, requireBoth } from './views.ts'

const by = (cmd: Command) => ({ id: cmd.actor.id, label: cmd.actor.label })
const stands = ({ row }: PersonState): boolean => row.state === 'present' || row.state === 'away'

/** Two records that are two people: remembered, so that nobody is asked again. @throws registry.merge_itself, kernel.not_found */
export async function keepApart(cmd: Command, input: KeepApart): Promise<{ state: string }> {
  const [one, other] = await requireBoth(cmd, input.one, input.other)
  const reason = requireReason(input.reason)
  const pair = ordered(one.row.id, other.row.id)
  const path = sharedPath(one.row.areaPath, other.row.areaPath)
  const to = { state: 'different' as const, sharedPath: path, by: by(cmd), reason, at: cmd.now }
  await store.decidePair(cmd.tx, cmd.county, pair, to)
  const body = { one: pair[0], other: pair[1], areaPath: path }
  await record(cmd, KeptApart, { id: uuidv7(cmd.now), version: 1 }, body)
  return { state: 'different' }
}

/** What taking a field over means. */
const taking: Record<PairField, (from: PersonRow) => Partial<PersonRow>> = {
  name: ({ name }) => ({ name }),
  sex: ({ sex }) => ({ sex }),
  bornOn: ({ bornOn }) => ({ bornOn }),
  citizenId: ({ citizenIdSealed, citizenIdBlind }) => ({ citizenIdSealed, citizenIdBlind }),
  phone: ({ phoneSealed, phoneBlind }) => ({ phoneSealed, phoneBlind }),
  registration: ({ registration }) => ({ registration }),
}
const isField = (field: string): field is PairField => (pairFields as readonly string[]).includes(field)
const groupPrefix = 'details:'

/** The row with some fields of another row, whole groups of details among them. */
function withFields(cmd: Command, row: PersonRow, from: PersonRow, fields: readonly string[]): PersonRow {
  const taken: Partial<PersonRow> = {}
  for (const field of fields.filter(isField)) Object.assign(taken, taking[field](from))
  const groups = fields.filter((field) => field.startsWith(groupPrefix)).map((field) => field.slice(groupPrefix.length))
  if (groups.length > 0) {
    const [own, other] = [openPerson(cmd, row).details, openPerson(cmd, from).details]
    const merged: Record<string, unknown> = { ...own }
    for (const group of groups) {
      const words = other[group as keyof Details]
      if (words === undefined) delete merged[group]
      else merged[group] = words
    }
    const hasNone = Object.keys(merged).length === 0
    taken.detailsSealed = hasNone ? null : cmd.vault.seal(cmd.county, JSON.stringify(merged))
  }
  return { ...row, ...taken }
}

const next = (cmd: Command, row: PersonRow, version: number): PersonRow => ({
  ...row,
  version: version + 1,
  updatedAt: cmd.now,
})

/**
 * Makes two records one: the kept one gets the chosen fields, the ties and hand-set tags that it lacks; the other points to it
 * and is found by nothing. Both as they were are kept, sealed, so that it can be taken back.
 *
 * @throws registry.merged_away, registry.merge_itself, kernel.stale, kernel.not_found, kernel.forbidden
 */
export async function mergePeople(cmd: Command, input: MergePeople): Promise<{ id: string; keptVersion: number }> {
  const [kept, dropped] = await requireBoth(cmd, input.keep, input.drop)
  const reason = requireReason(input.reason)
  if (!stands(kept) || !stands(dropped)) throw new Fault('registry.merged_away')
  if (kept.row.version !== input.keepVersion) throw new Fault('kernel.stale', { version: kept.row.version })
  if (dropped.row.version !== input.dropVersion) throw new Fault('kernel.stale', { version: dropped.row.version })
  const { own, copies } = joinedTies(cmd, kept, dropped)
  const known = new Set(kept.tags.map(({ tag }) => tag))
  const tags = dropped.tags.filter(({ tag, derived }) => !derived && !known.has(tag))
  const take = [...new Set(input.take)].filter((field) => isField(field) || field.startsWith(groupPrefix))
  const row = next(cmd, withFields(cmd, kept.row, dropped.row, take), kept.row.version)
  const ties = [...own, ...copies]
  const gone = { ...next(cmd, dropped.row, dropped.row.version), state: 'merged', mergedInto: kept.row.id }
  const [saved] = await savePeople(
    cmd,
    [
      {
        act: 'merged',
        before: kept,
        after: { row, ties, tags: [...kept.tags, ...tags.map((tag) => ({ ...tag, personId: row.id }))] },
      },
      { act: 'mergedAway', before: dropped, after: { row: gone, ties: dropped.ties, tags: dropped.tags } },
    ],
    { source: 'counter', reason },
  )
  const path = sharedPath(kept.row.areaPath, dropped.row.areaPath)
  const id = uuidv7(cmd.now)
  await store.insertMerge(cmd.tx, cmd.county, {
    id,
    keptId: kept.row.id,
    droppedId: dropped.row.id,
    keptVersion: row.version,
    droppedVersion: gone.version,
    areaPath: path,
    snapshotSealed: sealSnapshot(cmd, { kept, dropped }),
    taken: take,
    copiedIds: copies.map((copy) => copy.id),
    reason,
    byAccount: cmd.actor.id,
    byLabel: cmd.actor.label,
    at: cmd.now,
    undoneAt: null,
    undoneBy: null,
    undoneLabel: null,
    undoneHow: null,
    undoReason: null,
  })
  const to = { state: 'merged' as const, sharedPath: path, by: by(cmd), reason, at: cmd.now }
  await store.decidePair(cmd.tx, cmd.county, ordered(kept.row.id, dropped.row.id), to)
  const body = { kept: kept.row.id, dropped: dropped.row.id, taken: take, areaPath: path }
  await record(cmd, PeopleMerged, { id, version: 1 }, body)
  return { id, keptVersion: saved!.row.version }
}

/** Fields that still hold what the merge took over: they go back; what was corrected since stays. */
function untouched(cmd: Command, now: PersonState, dropped: PersonState, taken: readonly string[]): string[] {
  const plainOf = ({ row }: PersonState, field: string): string => {
    const { citizenId, phone, details } = openPerson(cmd, row)
    if (field === 'citizenId') return JSON.stringify(citizenId)
    if (field === 'phone') return JSON.stringify(phone)
    if (field.startsWith(groupPrefix)) return JSON.stringify(details[field.slice(groupPrefix.length) as keyof Details])
    return JSON.stringify(row[field as keyof PersonRow])
  }
  return taken.filter((field) => plainOf(now, field) === plainOf(dropped, field))
}

/**
 * Takes a merge back. Nothing has changed since: both records are exactly what they were. Something has: the other record comes
 * back as it was, and the kept one gives back what it took and still holds.
 *
 * @throws registry.undone_already, registry.merge_forgotten, registry.merged_elsewhere, kernel.not_found, kernel.forbidden
 */
export async function undoMerge(cmd: Command, id: string, input: UndoMerge): Promise<Undone> {
  const merge = await store.lockMerge(cmd.tx, cmd.county, id)
  const reason = requireReason(input.reason)
  const people = await loadPeople(cmd, [merge.keptId, merge.droppedId])
  const [kept, dropped] = [people.get(merge.keptId)!, people.get(merge.droppedId)!]
  for (const { row } of [kept, dropped]) requireAt(cmd, ACTION, [row.areaPath])
  if (merge.undoneAt !== null) throw new Fault('registry.undone_already')
  if (merge.snapshotSealed === null) throw new Fault('registry.merge_forgotten')
  if (kept.row.state === 'merged') throw new Fault('registry.merged_elsewhere')
  const was = openSnapshot(cmd, merge.snapshotSealed)
  const isExact = kept.row.version === merge.keptVersion
  const copied = new Set(merge.copiedIds)
  const fields = isExact ? merge.taken : untouched(cmd, kept, was.dropped, merge.taken)
  const backRow = isExact ? was.kept.row : withFields(cmd, kept.row, was.kept.row, fields)
  const keptTies = isExact ? await tiesAsTheyWere(cmd, was.kept.ties) : partedTies(kept, was.kept, copied)
  const droppedTies = await tiesAsTheyWere(cmd, was.dropped.ties)
  const today = dayOf(merge.at)
  const ended = droppedTies.map((tie) => ({ ...tie, untilOn: tie.untilOn ?? today }))
  const place = isExact ? {} : { areaPath: kept.row.areaPath }
  await savePeople(
    cmd,
    [
      {
        act: 'mergeUndone',
        before: kept,
        after: {
          row: { ...next(cmd, backRow, kept.row.version), ...place },
          ties: keptTies,
          tags: isExact ? was.kept.tags : kept.tags,
        },
      },
      {
        act: 'mergeUndone',
        before: { ...dropped, ties: ended },
        after: { row: next(cmd, was.dropped.row, dropped.row.version), ties: droppedTies, tags: was.dropped.tags },
      },
    ],
    { source: 'counter', reason },
  )
  const lasting = kept.ties.filter((tie) => copied.has(tie.id)).map((tie) => tie.id)
  await store.deleteResidences(cmd.tx, cmd.county, lasting)
  const how = isExact ? 'restored' : 'split'
  const end = {
    undoneAt: cmd.now,
    undoneBy: cmd.actor.id,
    undoneLabel: cmd.actor.label,
    undoneHow: how,
    undoReason: reason,
  }
  await store.endMerge(cmd.tx, cmd.county, id, end)
  const pair = ordered(merge.keptId, merge.droppedId)
  const to = { state: 'different' as const, sharedPath: merge.areaPath, by: by(cmd), reason, at: cmd.now }
  await store.decidePair(cmd.tx, cmd.county, pair, to)
  const body = { kept: merge.keptId, dropped: merge.droppedId, how, areaPath: merge.areaPath }
  await record(cmd, MergeUndone, { id, version: 2 }, body)
  return { keptId: merge.keptId, droppedId: merge.droppedId, how }
}

/** The row of somebody who stood in another's record: only what is known to be theirs. */
const otherPerson = (
  cmd: Command,
  from: PersonRow,
  is: { name: string; facts: ReturnType<typeof requireCitizenId> | null; phone: string | null },
): PersonRow => ({
  ...from,
  id: uuidv7(cmd.now),
  version: 1,
  name: is.name,
  sex: is.facts?.sex ?? null,
  bornOn: is.facts?.bornOn ?? null,
  ...sealedCitizenId(cmd, is.facts?.citizenId ?? null),
  ...sealedPhone(cmd, is.phone),
  detailsSealed: null,
  registration: 'unknown',
  source: 'counter',
  checkedAt: cmd.now,
  checkedBy: cmd.actor.id,
  createdAt: cmd.now,
  updatedAt: cmd.now,
})

/**
 * Takes a second person out of one record that holds two, however they came together: the ties, hand-set tags and
 * groups of details chosen and the numbers given are the new record's from today on.
 *
 * @throws registry.nothing_split, registry.already_known, registry.known_elsewhere, registry.citizen_id_invalid, registry.phone_invalid, kernel.stale, kernel.not_found
 */
export async function splitPerson(cmd: Command, id: string, input: SplitPerson): Promise<SplitOff> {
  const person = (await loadPeople(cmd, [id])).get(id)
  requireAt(cmd, ACTION, [person?.row.areaPath ?? cmd.county])
  if (!person) throw new Fault('kernel.not_found')
  const reason = requireReason(input.reason)
  if (!stands(person)) throw new Fault('registry.merged_away')
  if (person.row.version !== input.version) throw new Fault('kernel.stale', { version: person.row.version })
  const today = dayOf(cmd.now)
  const chosen = new Set(input.residenceIds)
  const moved = person.ties.filter((tie) => chosen.has(tie.id))
  const facts = input.citizenId ? requireCitizenId(input.citizenId, today) : null
  const phone = requireMobile(input.phone ?? null)
  const given = (input.tags ?? []).flatMap((code) => person.tags.filter(({ tag, derived }) => tag === code && !derived))
  if (moved.length === 0 && !facts && !phone) throw new Fault('registry.nothing_split')
  const fresh = otherPerson(cmd, person.row, { name: requireName(input.name), facts, phone })
  const freshId = fresh.id
  if (fresh.citizenIdBlind) await requireUnknown(cmd, fresh.citizenIdBlind, id)
  const ties = moved.map((tie): ResidenceRow => ({
    ...tie,
    id: uuidv7(cmd.now),
    personId: freshId,
    source: 'counter',
    byAccount: cmd.actor.id,
    at: cmd.now,
  }))
  const rest = person.ties.map((tie) => (chosen.has(tie.id) ? { ...tie, untilOn: today } : tie))
  const own = openPerson(cmd, person.row)
  const groups = (input.groups ?? []).map((group) => `${groupPrefix}${group}`)
  const nothing = { ...person.row, detailsSealed: null }
  const loses = {
    ...(facts && own.citizenId === facts.citizenId ? sealedCitizenId(cmd, null) : {}),
    ...(phone && own.phone === phone ? sealedPhone(cmd, null) : {}),
  }
  await savePeople(
    cmd,
    [
      {
        act: 'splitFrom',
        before: person,
        after: {
          row: withFields(cmd, { ...next(cmd, person.row, person.row.version), ...loses }, nothing, groups),
          ties: rest,
          tags: person.tags.filter((tag) => !given.includes(tag)),
        },
      },
      {
        act: 'splitOff',
        before: null,
        after: {
          row: withFields(cmd, fresh, person.row, groups),
          ties,
          tags: given.map((tag) => ({ ...tag, personId: freshId })),
        },
      },
    ],
    { source: 'counter', reason },
  )
  const path = person.row.areaPath
  const to = { state: 'different' as const, sharedPath: path, by: by(cmd), reason, at: cmd.now }
  await store.decidePair(cmd.tx, cmd.county, ordered(id, freshId), to)
  await record(cmd, PersonSplit, { id: uuidv7(cmd.now), version: 1 }, { from: id, into: freshId, areaPath: path })
  return { id: freshId, version: 1 }
}
