import type { Command } from '../../kernel/command.ts'
import type { PersonState } from '../people/saving.ts'
import { listLasting, listPeopleByIds, listTiesOfPremises, type ResidenceRow } from '../people/store.ts'
import { listTagsOf } from '../tags/store.ts'
import type { Blinds } from './blinds.ts'
import type { Home } from './places.ts'
import type { ReadRow, SheetPerson } from './rows.ts'
import type { HouseholdRow } from '../households/store.ts'
import { householdsAt, listByBlinds } from './store.ts'

export type BatchRows = readonly ReadRow[]

const plainName = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\s·•.]/gu, '')
    .toLowerCase()

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}

/** What the county knows of the people in some rows. */
export interface Known {
  /** Open households of the homes, by premises. */
  readonly households: ReadonlyMap<string, HouseholdRow[]>
  /**
   * Who a row is about, by ID number, else by name together with the phone or the home; `conflict` where the ID number has
   * another name.
   */
  personOf(person: SheetPerson, home: Home): PersonState | 'conflict' | null
}

const AT_ONCE = 2_000
async function inParts<Row>(ids: readonly string[], ask: (part: readonly string[]) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = []
  for (let from = 0; from < ids.length; from += AT_ONCE) rows.push(...(await ask(ids.slice(from, from + AT_ONCE))))
  return rows
}

/** Reads who might be meant by some rows, in a few statements. */
export async function knownOf(
  cmd: Command,
  rows: BatchRows,
  { premises, blinds }: { premises: readonly string[]; blinds: Blinds },
): Promise<Known> {
  const { tx, county } = cmd
  const blindOf = (kind: 'citizenId' | 'phone', text: string): string => blinds.of(kind, text).toString('hex')
  const people = rows.map(({ person }) => person).filter((person) => person !== null)
  const ids = new Map(
    people.flatMap(({ citizenId }) => (citizenId ? [[citizenId, blindOf('citizenId', citizenId)]] : [])),
  )
  const phones = new Map(people.flatMap(({ phone }) => (phone ? [[phone, blindOf('phone', phone)]] : [])))
  const found = await listByBlinds(tx, county, { citizenIds: [...ids.values()], phones: [...phones.values()] })
  const here = await inParts(premises, (part) => listTiesOfPremises(tx, county, part))
  const wanted = [...new Set([...found.map(({ id }) => id), ...here.map(({ personId }) => personId)])]
  const states = await statesOf(cmd, wanted)
  const households = grouped(
    await inParts(premises, (part) => householdsAt(tx, county, part)),
    ({ premisesId }) => premisesId,
  )
  const byId = grouped(
    found.filter(({ citizenIdBlind }) => citizenIdBlind !== null),
    (one) => one.citizenIdBlind!.toString('hex'),
  )
  const byPhone = grouped(
    found.filter(({ phoneBlind }) => phoneBlind !== null),
    (one) => one.phoneBlind!.toString('hex'),
  )
  const byHome = grouped(here, ({ premisesId }) => premisesId)
  return {
    households,
    personOf(person, home) {
      const exact = person.citizenId ? byId.get(ids.get(person.citizenId) ?? '')?.[0] : undefined
      const known = exact && states.get(exact.id)
      if (known) return plainName(known.row.name) === plainName(person.name) ? known : 'conflict'
      const candidates = [
        ...(person.phone ? (byPhone.get(phones.get(person.phone) ?? '') ?? []).map(({ id }) => id) : []),
        ...(byHome.get(home.premises.id) ?? []).map(({ personId }) => personId),
      ]
      for (const id of candidates) {
        const state = states.get(id)
        if (state && isSame(state, person)) return state
      }
      return null
    },
  }
}

/** Whether somebody found by phone or home is meant: the same name, and nothing that says otherwise. */
function isSame({ row }: PersonState, person: SheetPerson): boolean {
  if (plainName(row.name) !== plainName(person.name) || row.state === 'merged') return false
  if (row.citizenIdBlind !== null && person.citizenId !== null) return false
  return row.bornOn === null || person.bornOn === null || row.bornOn === person.bornOn
}

async function statesOf(cmd: Command, ids: readonly string[]): Promise<Map<string, PersonState>> {
  const { tx, county } = cmd
  const rows = await inParts(ids, (part) => listPeopleByIds(tx, county, part))
  const ties: Map<string, ResidenceRow[]> = grouped(
    await inParts(ids, (part) => listLasting(tx, county, part)),
    ({ personId }) => personId,
  )
  const tags = grouped(await inParts(ids, (part) => listTagsOf(tx, county, part)), ({ personId }) => personId)
  return new Map(rows.map((row) => [row.id, { row, ties: ties.get(row.id) ?? [], tags: tags.get(row.id) ?? [] }]))
}
