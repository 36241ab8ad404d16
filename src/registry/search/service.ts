import { dateOf, dayNumberOf } from '../../kernel/calendar-days.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, isWithin } from '../../kernel/grants.ts'
import { areaNames } from '../../grid/index.ts'
import type { AskSearch, FoundAddress, FoundOrganisation, FoundPerson, SearchAnswer, SearchGroup } from './contract.ts'
import { markOf, questionOf, rangesAround, type Question, type Ranges } from './rules.ts'
import { ageOn, maskCitizenId, maskPhone } from '../rules.ts'
import * as store from './store.ts'
import { lettersOf, phoneTailOf, plainAddress } from './tokens.ts'
import { readCursor, walk, type Cursor, type Found, type Stride, type Walk } from './walk.ts'

const ACTION = 'registry.read'
const PER_GROUP = 6

interface Asked {
  question: Question
  roots: readonly string[]
  ranges: Ranges
  limit: number
  cursor: Cursor | null
}

const none = <Row>(): Found<Row> => ({ rows: [], next: null, complete: true })
const walkOf = ({ ranges, limit, cursor }: Asked): Walk => ({ ranges, limit, cursor })
const sees = ({ roots }: Asked, path: string): boolean => roots.some((root) => isWithin(path, root))

/** The smallest place that the caller has anything to do with, inside where they may look: their own. */
function ownPlace(cmd: Command, roots: readonly string[]): string | null {
  const held = cmd.grants.filter(
    ({ path, purpose }) => purpose === cmd.purpose && roots.some((root) => isWithin(path, root)),
  )
  const deepest = held.reduce((own, { path }) => (own.length >= path.length ? own : path), '')
  return roots.includes(deepest) || deepest === '' ? null : deepest
}

/**
 * One box for people, addresses and organisations where the caller may look, the nearest and surest first; names whole, numbers
 * masked. What lies elsewhere answers like what does not exist.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose (figures see no single person), kernel.bad_request for a cursor that is none.
 */
export async function search(cmd: Command, asked: AskSearch): Promise<SearchAnswer> {
  const roots = grantedPaths(cmd, ACTION)
  if (cmd.purpose === 'statistics') throw new Fault('kernel.wrong_purpose', { action: ACTION })
  if (asked.after !== undefined && asked.group === undefined) throw new Fault('kernel.bad_request', { field: 'group' })
  const near = asked.near !== undefined && roots.some((root) => isWithin(asked.near!, root)) ? asked.near : null
  const shared: Asked = {
    question: questionOf(asked.q),
    roots,
    ranges: rangesAround(roots, near ?? ownPlace(cmd, roots)),
    limit: asked.limit ?? PER_GROUP,
    cursor: asked.after === undefined ? null : readCursor(asked.after),
  }
  const wanted = (group: SearchGroup): boolean => asked.group === undefined || asked.group === group
  const [people, addresses, organisations] = await Promise.all([
    wanted('people') ? findPeople(cmd, shared) : none<store.PersonRow>(),
    wanted('addresses') ? findAddresses(cmd, shared) : none<AddressFound>(),
    wanted('organisations') ? findOrganisations(cmd, shared) : none<store.OrganisationRow>(),
  ])
  const paths = [...people.rows, ...addresses.rows, ...organisations.rows].map(({ foundAt }) => foundAt)
  const names = await areaNames(cmd, [...new Set(paths)])
  const placed = (path: string) => ({ areaPath: path, areaName: names.get(path)?.shortName ?? '' })
  const { question } = shared
  const today = dateOf(dayNumberOf(cmd.now))
  return {
    kind: question.kind,
    people: grouped(people, (row) =>
      presentPerson(cmd, row, { question, today, sees: sees(shared, row.areaPath), placed }),
    ),
    addresses: grouped(addresses, ({ id, kind, address, use, foundAt }) => ({
      id,
      kind,
      address,
      use,
      mark: markOf(address, question, false),
      ...placed(foundAt),
    })),
    organisations: grouped(organisations, ({ id, name, kind, code, trade, address, foundAt }) => ({
      id,
      name,
      kind,
      code,
      trade,
      address,
      mark: markOf(name, question, false),
      ...placed(foundAt),
    })),
  }
}

const grouped = <Row, Shown extends FoundPerson | FoundAddress | FoundOrganisation>(
  { rows, next, complete }: Found<Row>,
  present: (row: Row) => Shown,
) => ({ items: rows.map(present), next, complete })

/** A person may stand at several places of the caller: shown once, at the place where they live if that is among them. */
async function findPeople(cmd: Command, asked: Asked): Promise<Found<store.PersonRow>> {
  const { question } = asked
  const today = dateOf(dayNumberOf(cmd.now))
  const blind = (kind: string, value: string) => cmd.vault.blind(cmd.county, kind, value)
  if (question.citizenId) {
    const id = blind('citizenId', question.citizenId)
    return visibleOf(asked, await store.findByCitizenId(cmd.tx, cmd.county, id, today))
  }
  if (question.phone)
    return visibleOf(asked, await store.findByPhone(cmd.tx, cmd.county, blind('phone', question.phone), today))
  const tail = question.phoneTail
    ? [{ tokens: [`pt${phoneTailOf(cmd.vault, cmd.county, question.phoneTail)}`], holds: '' }]
    : []
  const strides = [...question.people, ...tail].map((step) => ({ ...step, find: store.findPeople }))
  return walk<store.PersonRow>(cmd, strides, walkOf(asked), (row, step) => {
    if (step.holds !== '' && !plainName(row.name).includes(step.holds)) return false
    return row.foundAt === row.areaPath || !sees(asked, row.areaPath)
  })
}

const plainName = (name: string): string => lettersOf(name).join('')

function visibleOf(asked: Asked, rows: readonly (store.PersonRow & { paths: string[] })[]): Found<store.PersonRow> {
  const visible = rows.flatMap((row) => {
    const place = [row.areaPath, ...row.paths].find((path) => sees(asked, path))
    return place === undefined ? [] : [{ ...row, foundAt: place }]
  })
  return { rows: visible.slice(0, asked.limit), next: null, complete: visible.length <= asked.limit }
}

type AddressFound = store.AddressRow & { kind: FoundAddress['kind'] }

/** Doors first where numbers of a door were typed, then buildings. */
function findAddresses(cmd: Command, asked: Asked): Promise<Found<AddressFound>> {
  const { door, buildings } = asked.question
  const strides: Stride<AddressFound>[] = buildings.map((step) => ({
    ...step,
    find: ofKind('building', store.findBuildings),
  }))
  if (door && door.around.length > 0)
    strides.unshift({ tokens: door.around, holds: '', find: ofKind('premises', store.findDoors(door.token)) })
  else if (door) strides.unshift({ tokens: [door.token], holds: '', find: ofKind('premises', store.findPremises) })
  return walk(cmd, strides, walkOf(asked), (row, { holds }) => plainAddress(row.address).includes(holds))
}

const ofKind =
  (kind: FoundAddress['kind'], find: Stride<store.AddressRow>['find']): Stride<AddressFound>['find'] =>
  async (tx, county, tokens, look) =>
    (await find(tx, county, tokens, look)).map((row) => ({ ...row, kind }))

async function findOrganisations(cmd: Command, asked: Asked): Promise<Found<store.OrganisationRow>> {
  const { code, organisations } = asked.question
  if (code) {
    const rows = (await store.findByCode(cmd.tx, cmd.county, code)).filter(({ areaPath }) => sees(asked, areaPath))
    return { rows, next: null, complete: true }
  }
  const strides = organisations.map((step) => ({ ...step, find: store.findOrganisations }))
  return walk(cmd, strides, walkOf(asked), (row, { holds }) => plainName(row.name).includes(holds))
}

interface Sight {
  question: Question
  today: string
  /** Whether the place where they live is the caller's to see. */
  sees: boolean
  placed: (path: string) => { areaPath: string; areaName: string }
}

function presentPerson(cmd: Command, row: store.PersonRow, sight: Sight): FoundPerson {
  const opened = (sealed: Buffer | null): string | null => sealed && cmd.vault.open(cmd.county, sealed)
  const phone = opened(row.phoneSealed)
  const citizenId = opened(row.citizenIdSealed)
  return {
    id: row.id,
    name: row.name,
    mark: markOf(row.name, sight.question, true),
    sex: row.sex,
    age: row.bornOn === null ? null : ageOn(row.bornOn, sight.today),
    phone: phone && maskPhone(phone),
    citizenId: citizenId && maskCitizenId(citizenId),
    registration: row.registration,
    state: row.state,
    address: sight.sees ? row.address : null,
    livesHere: sight.sees,
    ...sight.placed(row.foundAt),
  }
}
