import type { FastifyRequest } from 'fastify'
import type { Command } from '../../kernel/command.ts'
import type { Locale } from '../../kernel/faults.ts'
import { areaNames } from '../../grid/index.ts'
import type { Ranges } from '../access.ts'
import { listPremises, type PremisesRow } from '../addresses/store.ts'
import { listPeopleByIds, listTiesOfPremises, type PersonRow, type ResidenceRow } from '../people/store.ts'
import { maskCitizenId, maskPhone } from '../rules.ts'
import { isSensitive, tagName } from '../tags/rules.ts'
import { listTagsOf, type TagRow } from '../tags/store.ts'
import type { ExportRoster } from './contract.ts'
import { inWords, said, sheetWords } from './roster-words.ts'
import { listOfficers, listOrganisationsOf } from './organisation-store.ts'
import type { HouseholdRow } from '../households/store.ts'
import { householdsAt, listHomeless } from './store.ts'

/** Homes or records of one round: a read of its own, so that a slow reader holds no transaction open. */
const ROUND = 500
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

type Doors = Pick<FastifyRequest, 'read' | 'locale'>
type Rows = string[][]

const day = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)

/** The rows of a roster in pages, in the order of its addresses, under the reader's grants as they were when it began. */
export function rosterPages(req: Doors, input: ExportRoster, ranges: Ranges): AsyncGenerator<Rows> {
  if (input.list === 'organisations') return organisationPages(req, ranges)
  return input.list === 'people' ? peoplePages(req, input, ranges) : homePages(req, input, ranges)
}

interface Homes {
  premises: PremisesRow[]
  areas: Map<string, string>
}

async function namesOfAreas(cmd: Command, paths: readonly string[]): Promise<Map<string, string>> {
  const found = await areaNames(cmd, [...new Set(paths)])
  return new Map([...found].map(([path, area]) => [path, area.names.slice(1).join('') || area.name]))
}

/** Pages of homes; what is read of each page is read together with it. */
async function* homesIn<Extra>(
  req: Doors,
  at: { ranges: Ranges; use: string | null },
  more: (cmd: Command, homes: Homes) => Promise<Extra>,
): AsyncGenerator<Homes & Extra> {
  let after: readonly [string, string, string] | null = null
  for (;;) {
    const from: readonly [string, string, string] | null = after
    const page = await req.read(async (cmd) => {
      const premises = await listPremises(cmd.tx, cmd.county, {
        ranges: at.ranges,
        after: from,
        limit: ROUND,
        use: at.use,
      })
      const homes = {
        premises,
        areas: await namesOfAreas(
          cmd,
          premises.map(({ areaPath }) => areaPath),
        ),
      }
      return { ...homes, ...(await more(cmd, homes)) }
    })
    if (page.premises.length > 0) yield page
    const last = page.premises.at(-1)
    if (!last || page.premises.length < ROUND) return
    after = [last.areaPath, last.sortKey, last.id]
  }
}

interface People {
  people: Map<string, PersonRow>
  ties: Map<string, ResidenceRow[]>
  tags: Map<string, TagRow[]>
  phones: Map<string, { phone: string; citizenId: string }>
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return groups
}

async function withPeople(cmd: Command, ids: readonly string[]): Promise<Omit<People, 'ties'>> {
  const rows = await listPeopleByIds(cmd.tx, cmd.county, ids)
  const tags = await listTagsOf(cmd.tx, cmd.county, ids)
  const open = (sealed: Buffer | null): string => (sealed === null ? '' : cmd.vault.open(cmd.county, sealed))
  return {
    people: new Map(rows.map((row) => [row.id, row])),
    tags: grouped(tags, ({ personId }) => personId),
    phones: new Map(
      rows.map((row) => {
        const [phone, citizenId] = [open(row.phoneSealed), open(row.citizenIdSealed)]
        return [row.id, { phone: phone && maskPhone(phone), citizenId: citizenId && maskCitizenId(citizenId) }]
      }),
    ),
  }
}

const lives = ({ state }: PersonRow): boolean => state === 'present' || state === 'away'

/** A tag counts where it was given: owning elsewhere makes nobody a landlord here. */
const inRanges = ({ low, high }: Ranges, path: string): boolean =>
  low.some((from, at) => path >= from && path < high[at]!)

async function* peoplePages(req: Doors, input: ExportRoster, ranges: Ranges): AsyncGenerator<Rows> {
  const fits = (row: PersonRow, tags: readonly TagRow[]): boolean =>
    lives(row) &&
    (input.registration === undefined || row.registration === input.registration) &&
    (input.tag === undefined || tags.some(({ tag, areaPath }) => tag === input.tag && inRanges(ranges, areaPath)))
  const pages = homesIn(req, { ranges, use: input.use ?? null }, async (cmd, { premises }) => {
    const ties = await listTiesOfPremises(
      cmd.tx,
      cmd.county,
      premises.map(({ id }) => id),
    )
    const ids = [...new Set(ties.map(({ personId }) => personId))]
    return { ties: grouped(ties, ({ premisesId }) => premisesId), ...(await withPeople(cmd, ids)) }
  })
  for await (const page of pages) {
    yield page.premises.flatMap((home) =>
      (page.ties.get(home.id) ?? []).flatMap((tie) => {
        const row = page.people.get(tie.personId)
        const tags = page.tags.get(tie.personId) ?? []
        if (!row || !fits(row, tags)) return []
        return [
          personRow(req.locale, {
            row,
            tie,
            tags,
            masked: page.phones.get(row.id)!,
            area: page.areas.get(home.areaPath) ?? '',
            address: home.address,
          }),
        ]
      }),
    )
  }
  if (input.use !== undefined) return
  for (const [at, low] of ranges.low.entries()) {
    let after: readonly [string, string] = [low, FIRST_ID]
    for (;;) {
      const from: readonly [string, string] = after
      const page = await req.read(async (cmd) => {
        const found = await listHomeless(cmd.tx, cmd.county, { low, high: ranges.high[at]!, after: from, limit: ROUND })
        const areas = await namesOfAreas(
          cmd,
          found.map(({ areaPath }) => areaPath),
        )
        return {
          found,
          areas,
          ...(await withPeople(
            cmd,
            found.map(({ id }) => id),
          )),
        }
      })
      yield page.found.flatMap(({ id, areaPath }) => {
        const row = page.people.get(id)
        const tags = page.tags.get(id) ?? []
        if (!row || !fits(row, tags)) return []
        return [
          personRow(req.locale, {
            row,
            tie: null,
            tags,
            masked: page.phones.get(id)!,
            area: page.areas.get(areaPath) ?? '',
            address: '',
          }),
        ]
      })
      const last = page.found.at(-1)
      if (!last || page.found.length < ROUND) break
      after = [last.areaPath, last.id]
    }
  }
}

function personRow(
  locale: Locale,
  of: {
    row: PersonRow
    tie: ResidenceRow | null
    tags: readonly TagRow[]
    masked: { phone: string; citizenId: string }
    area: string
    address: string
  },
): string[] {
  const { row, tie, tags, masked } = of
  return [
    of.area,
    of.address,
    row.name,
    said(row.sex, locale),
    row.bornOn ?? '',
    masked.citizenId,
    masked.phone,
    said(tie?.headRelation ?? null, locale),
    said(tie?.relation ?? null, locale),
    tie ? inWords(tie.livesHere ? sheetWords.yes : sheetWords.no, locale) : '',
    said(row.registration, locale),
    said(row.state, locale),
    [...new Set(tags.map(({ tag }) => tag))]
      .filter((tag) => !isSensitive(tag))
      .map((tag) => tagName(tag, locale))
      .join('、'),
    day(row.checkedAt),
  ]
}

async function* homePages(req: Doors, input: ExportRoster, ranges: Ranges): AsyncGenerator<Rows> {
  const pages = homesIn(req, { ranges, use: input.use ?? null }, async (cmd, { premises }) => {
    const households = await householdsAt(
      cmd.tx,
      cmd.county,
      premises.map(({ id }) => id),
    )
    const heads = households.map(({ headId }) => headId).filter((id) => id !== null)
    const people = await listPeopleByIds(cmd.tx, cmd.county, input.list === 'households' ? heads : [])
    return {
      households: grouped(households, ({ premisesId }) => premisesId),
      heads: new Map(people.map(({ id, name }) => [id, name])),
    }
  })
  for await (const page of pages) {
    yield page.premises.flatMap((home) => {
      const households = page.households.get(home.id) ?? []
      const area = page.areas.get(home.areaPath) ?? ''
      return input.list === 'premises'
        ? [premisesRow(req.locale, home, area, households)]
        : households.map((household) => [
            area,
            home.address,
            household.number ?? '',
            said(household.kind, req.locale),
            (household.headId && page.heads.get(household.headId)) || '',
            String(household.members),
            day(household.checkedAt),
          ])
    })
  }
}

const premisesRow = (
  locale: Locale,
  home: PremisesRow,
  area: string,
  households: readonly HouseholdRow[],
): string[] => [
  area,
  home.address,
  home.unit,
  home.room,
  said(home.use, locale),
  String(households.length),
  String(households.reduce((sum, { members }) => sum + members, 0)),
  day(home.checkedAt),
]

async function* organisationPages(req: Doors, ranges: Ranges): AsyncGenerator<Rows> {
  for (const [at, low] of ranges.low.entries()) {
    let after: readonly [string, string] = [low, FIRST_ID]
    for (;;) {
      const from: readonly [string, string] = after
      const page = await req.read(async (cmd) => {
        const rows = await listOrganisationsOf(cmd.tx, cmd.county, {
          low,
          high: ranges.high[at]!,
          after: from,
          limit: ROUND,
        })
        const officers = await listOfficers(
          cmd.tx,
          cmd.county,
          rows.map(({ id }) => id),
        )
        const areas = await namesOfAreas(
          cmd,
          rows.map(({ areaPath }) => areaPath),
        )
        const inCharge = new Map(
          officers.filter(({ duty }) => duty === 'legalRepresentative').map((one) => [one.organisationId, one.name]),
        )
        return {
          last: rows.length < ROUND ? null : rows.at(-1)!,
          rows: rows.map((row) => [
            areas.get(row.areaPath) ?? '',
            row.name,
            said(row.kind, cmd.locale),
            row.code ?? '',
            row.trade,
            row.address,
            inCharge.get(row.id) ?? '',
            row.phoneSealed ? maskPhone(cmd.vault.open(cmd.county, row.phoneSealed)) : '',
            row.headcount === null ? '' : String(row.headcount),
            day(row.checkedAt),
          ]),
        }
      })
      yield page.rows
      if (!page.last) break
      after = [page.last.areaPath, page.last.id]
    }
  }
}
