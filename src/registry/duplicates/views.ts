import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { decodeCursor, encodeCursor, pageOf } from '../../kernel/pages.ts'
import { areaNames } from '../../grid/index.ts'
import { mayAt, requireAt, scopeOf } from '../access.ts'
import { groupOf } from '../field-groups.ts'
import { loadPeople, openPerson, type PersonState } from '../people/saving.ts'
import { ageOn, dayOf, maskCitizenId, maskPhone } from '../rules.ts'
import {
  pairFields,
  type Duplicate,
  type DuplicatePage,
  type DuplicateReason,
  type DuplicateSide,
  type ListDuplicates,
  type ListMerges,
  type MergePage,
  type PairView,
} from './contract.ts'
import { ordered, reasonsOf, type Compared } from './rules.ts'
import * as store from './store.ts'

export const ACTION = 'registry.merge'
const PAGE = 20
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** A person as two are compared. */
export const comparedOf = (cmd: Command, { row }: PersonState): Compared => {
  const { citizenId, phone } = openPerson(cmd, row)
  return { id: row.id, name: row.name, bornOn: row.bornOn, citizenId, phone, premisesId: row.premisesId }
}

async function sidesOf(cmd: Command, people: readonly PersonState[]): Promise<Map<string, DuplicateSide>> {
  const homes = people.flatMap(({ row }) => (row.premisesId === null ? [] : [row.premisesId]))
  const places = await store.listPlaces(cmd.tx, cmd.county, homes)
  const names = await areaNames(
    cmd,
    people.map(({ row }) => row.areaPath),
  )
  const today = dayOf(cmd.now)
  const sides = people.map(({ row }): DuplicateSide => {
    const { citizenId, phone } = openPerson(cmd, row)
    return {
      id: row.id,
      version: row.version,
      name: row.name,
      sex: row.sex,
      age: row.bornOn === null ? null : ageOn(row.bornOn, today),
      phone: phone && maskPhone(phone),
      citizenId: citizenId && maskCitizenId(citizenId),
      registration: row.registration,
      address: (row.premisesId !== null && places.get(row.premisesId)?.address) || null,
      areaPath: row.areaPath,
      areaName: names.get(row.areaPath)?.shortName ?? '',
      source: row.source,
      checkedAt: row.checkedAt.toISOString(),
    }
  })
  return new Map(sides.map((side) => [side.id, side]))
}

function readAfter(after: string | undefined): store.PairCursor {
  if (after === undefined) return [0, '', FIRST_ID, FIRST_ID]
  const [grade, path, one, other] = decodeCursor(after, 4)
  if (typeof grade !== 'number' || ![path, one, other].every((value) => typeof value === 'string'))
    throw new Fault('kernel.bad_request', { field: 'after' })
  return [grade, String(path), String(one), String(other)]
}

/**
 * Pairs that wait for a decision, the surest first, both of which lie where the caller may merge.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose
 */
export async function listDuplicates(cmd: Command, query: ListDuplicates): Promise<DuplicatePage> {
  const ranges = scopeOf(cmd, ACTION, query.area)
  const limit = query.limit ?? PAGE
  const page = { after: readAfter(query.after), limit: limit + 1 }
  const rows = await store.listOpen(cmd.tx, cmd.county, ranges, page)
  const { items, next } = pageOf(rows, limit, (row) => [row.grade, row.sharedPath, row.oneId, row.otherId])
  const people = await loadPeople(cmd, [...new Set(items.flatMap(({ oneId, otherId }) => [oneId, otherId]))])
  // A record may have moved since the pair was found: what is shown is where it lies now.
  const seen = [...people.values()].filter(({ row }) => row.state !== 'merged' && mayAt(cmd, ACTION, [row.areaPath]))
  const sides = await sidesOf(cmd, seen)
  const shown = items.flatMap(({ oneId, otherId, reasons, grade, foundAt }): Duplicate[] => {
    const [one, other] = [sides.get(oneId), sides.get(otherId)]
    if (!one || !other) return []
    return [{ one, other, grade, reasons: reasons as DuplicateReason[], foundAt: foundAt.toISOString() }]
  })
  return { items: shown, next }
}

/** Two records that the caller may merge. @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose, registry.merge_itself */
export async function requireBoth(cmd: Command, one: string, other: string): Promise<[PersonState, PersonState]> {
  if (one === other) throw new Fault('registry.merge_itself')
  const people = await loadPeople(cmd, [one, other])
  const both = [people.get(one), people.get(other)]
  for (const person of both) requireAt(cmd, ACTION, [person?.row.areaPath ?? cmd.county])
  const [first, second] = both
  if (!first || !second) throw new Fault('kernel.not_found')
  return [first, second]
}

const shownValue = (field: string, value: string | null): string | null => {
  if (value === null) return null
  if (field === 'phone') return maskPhone(value)
  return field === 'citizenId' ? maskCitizenId(value) : value
}

/** What a field holds, in the clear, as text. */
function valuesOf(cmd: Command, { row }: PersonState): Map<string, string | null> {
  const { citizenId, phone, details } = openPerson(cmd, row)
  const plain = { name: row.name, sex: row.sex, bornOn: row.bornOn, citizenId, phone, registration: row.registration }
  const values = new Map<string, string | null>(pairFields.map((field) => [field, plain[field]]))
  for (const [group, words] of Object.entries(details)) {
    if (words !== undefined) values.set(`details:${group}`, Object.values(words).join('、'))
  }
  return values
}

const isSensitiveGroup = (field: string): boolean =>
  field.startsWith('details:') && groupOf(field.slice('details:'.length) as Parameters<typeof groupOf>[0]).sensitive

/** Two records side by side, field by field; what differs is marked, what is missing here is proposed from the other. */
export async function showPair(cmd: Command, one: string, other: string): Promise<PairView> {
  const [first, second] = await requireBoth(cmd, one, other)
  const sides = await sidesOf(cmd, [first, second])
  const [here, there] = [valuesOf(cmd, first), valuesOf(cmd, second)]
  const isNewer = second.row.checkedAt > first.row.checkedAt
  const fields = [...new Set([...here.keys(), ...there.keys()])].map((field) => {
    const [mine, theirs] = [here.get(field) ?? null, there.get(field) ?? null]
    const hide = (value: string | null) =>
      value !== null && isSensitiveGroup(field) ? '***' : shownValue(field, value)
    const take = theirs !== null && mine !== theirs && (mine === null || (isNewer && field === 'phone'))
    return { field, one: hide(mine), other: hide(theirs), same: mine === theirs, take }
  })
  const pair = await store.findPair(cmd.tx, cmd.county, ordered(one, other))
  const homes = [...first.ties, ...second.ties].map(({ premisesId }) => premisesId)
  const places = await store.listPlaces(cmd.tx, cmd.county, homes)
  const tiesOf = ({ ties }: PersonState) =>
    ties
      .filter(({ areaPath }) => mayAt(cmd, ACTION, [areaPath]))
      .map(({ id, premisesId, relation, livesHere, fromOn }) => ({
        id,
        address: places.get(premisesId)?.address ?? '',
        relation,
        livesHere,
        fromOn,
      }))
  return {
    one: sides.get(one)!,
    other: sides.get(other)!,
    reasons: reasonsOf(comparedOf(cmd, first), comparedOf(cmd, second)),
    state: (pair?.state ?? 'none') as PairView['state'],
    fields,
    oneTies: tiesOf(first),
    otherTies: tiesOf(second),
  }
}

/** Merges where the caller may merge, newest first. @throws kernel.forbidden, kernel.wrong_purpose */
export async function listMerges(cmd: Command, query: ListMerges): Promise<MergePage> {
  const ranges = scopeOf(cmd, ACTION, query.area)
  const limit = query.limit ?? PAGE
  const before = query.after === undefined ? LAST_ID : String(decodeCursor(query.after, 1)[0])
  const rows = await store.listMerges(cmd.tx, cmd.county, ranges, { before, limit: limit + 1 })
  const last = rows[limit - 1]
  const items = rows.slice(0, limit)
  const names = await areaNames(
    cmd,
    items.map(({ areaPath }) => areaPath),
  )
  return {
    items: items.map((row) => ({
      id: row.id,
      keptId: row.keptId,
      keptName: row.keptName,
      droppedId: row.droppedId,
      // Forgotten by now: it was the same person.
      droppedName: row.droppedName || row.keptName,
      areaPath: row.areaPath,
      areaName: names.get(row.areaPath)?.shortName ?? '',
      reason: row.reason,
      byLabel: row.byLabel,
      at: row.at.toISOString(),
      undoneAt: row.undoneAt?.toISOString() ?? null,
      undoneHow: row.undoneHow,
      exact: row.undoneAt === null && row.snapshotSealed !== null && row.keptNow === row.keptVersion,
    })),
    next: rows.length > limit && last ? encodeCursor([last.id]) : null,
  }
}
