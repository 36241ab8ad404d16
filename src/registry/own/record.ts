import type { Command } from '../../kernel/command.ts'
import type { TimeAllowed } from '../../kernel/calendar.ts'
import { areaNames } from '../../grid/index.ts'
import { freshMonths, listFieldGroups } from '../field-groups.ts'
import { loadPeople, openPerson, type PersonState } from '../people/saving.ts'
import { pathsOf } from '../people/rules.ts'
import { listTies } from '../people/store.ts'
import { isStale, maskCitizenId } from '../rules.ts'
import { inWords as inOwnWords, titles } from '../sheets/roster-words.ts'
import { listLooks } from '../store.ts'
import { tagName } from '../tags/rules.ts'
import { inWords, purposes, textHash } from './consent.ts'
import type { OwnConsent, OwnGroup, OwnRecordShown, OwnRequest } from './contract.ts'
import { fieldName, said, valuesOf } from './fields.ts'
import { ANSWER_WORKDAYS } from './rules.ts'
import * as store from './store.ts'

/** What was asked, as it is sealed. */
export interface Wish {
  wish: string
  words: string
  /** Of a claim: the name by which one should be registered. */
  name?: string
}

export const wishOf = (cmd: Command, row: Pick<store.RequestRow, 'sealed'>): Wish =>
  row.sealed === null ? { wish: '', words: '' } : (JSON.parse(cmd.vault.open(cmd.county, row.sealed)) as Wish)

const allowed: TimeAllowed = { amount: ANSWER_WORKDAYS, unit: 'workday' }

/** A request in the reader's language. */
export function presentRequest(cmd: Command, row: store.RequestRow): OwnRequest {
  const { wish, words, name } = wishOf(cmd, row)
  const answer = row.answerSealed === null ? '' : cmd.vault.open(cmd.county, row.answerSealed)
  return {
    id: row.id,
    version: row.version,
    kind: row.kind as OwnRequest['kind'],
    field: row.field,
    fieldName: fieldName(row.field, cmd.locale),
    wish: name ?? wish,
    words,
    state: row.state as OwnRequest['state'],
    askedAt: row.askedAt.toISOString(),
    dueAt: row.dueAt.toISOString(),
    dueSaid: sayTerm(cmd),
    answer,
    answeredAt: row.answeredAt?.toISOString() ?? null,
  }
}

const sayTerm = (cmd: Command): string =>
  cmd.locale === 'en' ? `${allowed.amount} working days` : `${allowed.amount} 个工作日`

/** The record as it now stands, wherever it was merged into. */
export async function recordOf(cmd: Command, personId: string): Promise<PersonState | undefined> {
  let id: string | null = personId
  for (let hop = 0; id !== null && hop < 5; hop++) {
    const state: PersonState | undefined = (await loadPeople(cmd, [id])).get(id)
    if (state?.row.state !== 'merged') return state
    id = state.row.mergedInto
  }
  return undefined
}

/** What stands in the open, by the group in which it belongs. */
function plainValues(cmd: Command, state: PersonState): Record<string, OwnGroup['values']> {
  const { row, tags } = state
  const { citizenId, phone } = openPerson(cmd, row)
  const one = (field: string, value: string | null) =>
    value === null ? [] : [{ field, label: fieldName(field, cmd.locale), value }]
  return {
    name: [...one('name', row.name), ...one('sex', row.sex && said(row.sex, cmd.locale)), ...one('bornOn', row.bornOn)],
    citizenId: one('citizenId', citizenId && maskCitizenId(citizenId)),
    phone: one('phone', phone),
    registration: one('registration', said(row.registration, cmd.locale)),
    tags: [...new Set(tags.map(({ tag }) => tag))].map((tag) => ({
      field: tag,
      label: cmd.locale === 'en' ? 'Tag' : '标签',
      value: tagName(tag, cmd.locale),
    })),
  }
}

/** Until when a group is kept, in words. */
function keptUntil(cmd: Command, state: PersonState, keepMonths: number): string {
  const { row } = state
  const gone = row.state === 'left' || row.state === 'deceased'
  if (!gone)
    return cmd.locale === 'en'
      ? `until ${keepMonths} months after you leave`
      : `您迁出后再保存 ${keepMonths} 个月，到期删除`
  const until = new Date(row.updatedAt)
  until.setUTCMonth(until.getUTCMonth() + keepMonths)
  const on = until.toISOString().slice(0, 10)
  return cmd.locale === 'en' ? `until ${on}` : `保存到 ${on}，到期删除`
}

function groupsOf(cmd: Command, state: PersonState): OwnGroup[] {
  const plain = plainValues(cmd, state)
  const { details } = openPerson(cmd, state.row)
  const byConsent = new Set(purposes.map(({ group }) => group).filter((group) => group !== null))
  return listFieldGroups(cmd.locale).items.flatMap((group) => {
    const values = plain[group.code] ?? valuesOf(details, group.code, cmd.locale)
    if (values.length === 0) return []
    return [
      {
        code: group.code,
        name: group.name,
        values,
        purpose: group.purpose,
        basis: group.basis,
        source: group.source,
        keptUntil: keptUntil(cmd, state, group.keepMonths),
        askAgain: isStale(state.row.checkedAt, cmd.now, freshMonths(group.code)),
        byConsent: byConsent.has(group.code as never),
      },
    ]
  })
}

/** What a person may agree to, with what they have agreed to. */
export async function consentsOf(cmd: Command, state: PersonState): Promise<OwnConsent[]> {
  const given = await store.listConsents(cmd.tx, cmd.county, state.row.id)
  const { details } = openPerson(cmd, state.row)
  return purposes.map((purpose) => ({
    purpose: purpose.code,
    ...inWords(purpose, cmd.locale),
    textVersion: purpose.version,
    textHash: textHash(purpose).toString('hex'),
    group: purpose.group,
    givenAt: given.find((row) => row.purpose === purpose.code)?.givenAt.toISOString() ?? null,
    holds: purpose.group !== null && details[purpose.group] !== undefined,
  }))
}

/**
 * Rosters of people and households that went over a place where the person is registered, since they are, and whose filter fits
 * what the record says today. Who stood in which file is not kept: a list of a million names beside the million would be
 * another copy to protect.
 */
async function exportsOf(cmd: Command, { row, ties, tags }: PersonState): Promise<OwnRecordShown['exports']> {
  const found = await store.listExports(cmd.tx, cmd.county, {
    since: row.createdAt,
    paths: pathsOf(row.areaPath, ties),
  })
  const facts = new Set([`registration=${row.registration}`, ...tags.map(({ tag }) => `tag=${tag}`)])
  const fits = ({ filters }: store.ExportTold): boolean =>
    filters.every((filter) => filter.startsWith('use=') || facts.has(filter))
  return found.filter(fits).map(({ at, byLabel, list, reason }) => ({
    at: at.toISOString(),
    by: byLabel,
    what: inOwnWords(titles[list], cmd.locale),
    reason,
  }))
}

/** Everything kept about a person, for that person. */
export async function shownRecord(cmd: Command, state: PersonState): Promise<OwnRecordShown> {
  const { row } = state
  const [areas, ties, looks, taken, changes, consents] = await Promise.all([
    areaNames(cmd, [row.areaPath]),
    listTies(cmd.tx, cmd.county, row.id),
    listLooks(cmd.tx, cmd.county, row.id),
    exportsOf(cmd, state),
    store.listChanges(cmd.tx, cmd.county, row.id),
    consentsOf(cmd, state),
  ])
  return {
    personId: row.id,
    areaName: areas.get(row.areaPath)?.shortName ?? '',
    checkedAt: row.checkedAt.toISOString(),
    checkedSource: said(row.source, cmd.locale),
    groups: groupsOf(cmd, state),
    residences: ties.map((tie) => ({
      address: tie.address,
      relation: said(tie.relation, cmd.locale),
      livesHere: tie.livesHere,
      fromOn: tie.fromOn,
      untilOn: tie.untilOn,
    })),
    consents,
    looks: looks.map((look) => ({
      at: look.at.toISOString(),
      by: look.byLabel,
      fields: look.fields.map((field) => said(field, cmd.locale)),
      reason: look.reason,
    })),
    exports: taken,
    changes: changes.map(({ at, act, source, byLabel }) => ({
      at: at.toISOString(),
      what: act === 'registered' ? (cmd.locale === 'en' ? 'registered' : '登记') : said(act, cmd.locale),
      by: byLabel,
      source: said(source, cmd.locale),
    })),
  }
}
