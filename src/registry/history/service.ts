import type { Command } from '../../kernel/command.ts'
import { startOfDay } from '../../kernel/calendar-days.ts'
import { DAY } from '../../kernel/calendar-days.ts'
import { Fault } from '../../kernel/faults.ts'
import { decodeCursor, pageOf } from '../../kernel/pages.ts'
import { namesOf } from '../../identity/index.ts'
import { mayAt, requireAt } from '../access.ts'
import { buildingFields, premisesFields } from '../addresses/fields.ts'
import { findBuilding, findPremises } from '../addresses/store.ts'
import type { SubjectKind } from '../contract.ts'
import { householdFields } from '../households/saving.ts'
import { findHome } from '../households/store.ts'
import { organisationFields } from '../organisations/saving.ts'
import { findOrganisation } from '../organisations/store.ts'
import { pathsOf } from '../people/rules.ts'
import { loadPeople, personFields } from '../people/saving.ts'
import { undone } from '../rules.ts'
import type { ChangePage, HistoryOf, ListChanges, OnDay, RecordedChange, RecordOnDay } from './contract.ts'
import { isHidden, shownChange, shownValue, type Changes } from './rules.ts'
import * as store from './store.ts'

const LIMIT = 20

interface Standing {
  /** Where it may be read from. */
  paths: string[]
  version: number
  fields: () => Record<string, unknown>
}

/** A record as it stands, whatever kind it is of. */
const finders: Record<SubjectKind, (cmd: Command, id: string) => Promise<Standing | undefined>> = {
  async building(cmd, id) {
    const row = await findBuilding(cmd.tx, cmd.county, id)
    return row && { paths: [row.areaPath], version: row.version, fields: () => buildingFields(row) }
  },
  async premises(cmd, id) {
    const row = await findPremises(cmd.tx, cmd.county, id)
    return row && { paths: [row.areaPath], version: row.version, fields: () => premisesFields(cmd, row) }
  },
  async household(cmd, id) {
    const row = await findHome(cmd.tx, cmd.county, id)
    return row && { paths: [row.areaPath], version: row.version, fields: () => householdFields(cmd, row) }
  },
  async organisation(cmd, id) {
    const row = await findOrganisation(cmd.tx, cmd.county, id)
    return row && { paths: [row.areaPath], version: row.version, fields: () => organisationFields(cmd, row) }
  },
  async person(cmd, id) {
    const state = (await loadPeople(cmd, [id])).get(id)
    if (!state) return undefined
    const paths = pathsOf(state.row.areaPath, state.ties)
    return { paths, version: state.row.version, fields: () => personFields(cmd, state) }
  },
}

async function readable(cmd: Command, { kind, id }: HistoryOf): Promise<Standing> {
  const standing = await finders[kind](cmd, id)
  if (!standing) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.read', standing.paths)
  return standing
}

const openChanges = (cmd: Command, sealed: Buffer): Changes => JSON.parse(cmd.vault.open(cmd.county, sealed)) as Changes

/**
 * Who changed a record, when, why and what: numbers masked, sensitive words for those who may unmask.
 *
 * @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose
 */
export async function listHistory(cmd: Command, of: HistoryOf, query: ListChanges): Promise<ChangePage> {
  const standing = await readable(cmd, of)
  const all = mayAt(cmd, 'registry.unmask', standing.paths)
  const limit = query.limit ?? LIMIT
  const before = query.after === undefined ? 2_147_483_647 : Number(decodeCursor(query.after, 1)[0])
  if (!Number.isSafeInteger(before)) throw new Fault('kernel.bad_request', { field: 'after' })
  const rows = await store.listChanges(cmd.tx, cmd.county, { id: of.id, before, limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, (row) => [row.version])
  const names = await namesOf(
    cmd,
    items.map(({ byAccount }) => byAccount).filter((id) => id !== null),
  )
  const present = (row: store.ChangeRecord): RecordedChange => ({
    version: row.version,
    act: row.act,
    at: row.at.toISOString(),
    byName: (row.byAccount && names.get(row.byAccount)) ?? '',
    byPost: row.byLabel,
    source: row.source,
    reason: row.reason,
    changes:
      row.changesSealed === null
        ? []
        : Object.entries(openChanges(cmd, row.changesSealed)).map((change) => shownChange(change, all)),
    forgotten: row.changesSealed === null,
  })
  return { items: items.map(present), next }
}

/**
 * A record as it was at the end of a day: what it is now, with the later changes undone.
 *
 * @throws registry.before_history, registry.history_forgotten, kernel.not_found, kernel.forbidden, kernel.wrong_purpose
 */
export async function showOnDay(cmd: Command, of: OnDay): Promise<RecordOnDay> {
  const standing = await readable(cmd, of)
  const all = mayAt(cmd, 'registry.unmask', standing.paths)
  const end = new Date(startOfDay(Math.floor(Date.parse(of.day) / DAY)) + DAY - 1)
  const { later, standing: last } = await store.listChangesSince(cmd.tx, cmd.county, of.id, end)
  if (!last) throw new Fault('registry.before_history')
  if (later.some(({ changesSealed }) => changesSealed === null)) throw new Fault('registry.history_forgotten')
  const changes = later.map(({ changesSealed }) => openChanges(cmd, changesSealed!))
  const fields = undone(standing.fields(), changes)
  return {
    kind: of.kind,
    id: of.id,
    day: of.day,
    version: last.version,
    fields: Object.entries(fields)
      .filter(([field, value]) => value !== null && value !== undefined && (all || !isHidden(field)))
      .map(([field, value]) => ({ field, value: shownValue(field, value) })),
  }
}
