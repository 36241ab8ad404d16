import { randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { decodeCursor, pageOf } from '../../kernel/pages.ts'
import { cleanText } from '../../kernel/text.ts'
import { areaNames } from '../../grid/index.ts'
import { record } from '../../ledger/index.ts'
import { mayAt, scopeOf } from '../access.ts'
import { pathsOf } from '../people/rules.ts'
import { openPerson, type PersonState } from '../people/saving.ts'
import { correctPerson, fixPhone } from '../people/service.ts'
import { addressesOf } from '../people/store.ts'
import { maskCitizenId, maskPhone } from '../rules.ts'
import {
  OwnAnswered,
  type AnswerOwn,
  type ListOwnRequests,
  type OwnField,
  type OwnRequestPage,
  type OwnRequestToAnswer,
} from './contract.ts'
import { byItself, fields, said } from './fields.ts'
import { presentRequest, recordOf, wishOf } from './record.ts'
import { correctionOf, valueOf } from './rules.ts'
import { keepConfirmed } from './service.ts'
import * as store from './store.ts'

const ANSWER = 'registry.answer'
const SALT_BYTES = 16

/** What is registered now in the field that is asked about; sensitive things masked, for comparing tails is enough. */
function nowIn(cmd: Command, state: PersonState | undefined, field: string | null): string {
  if (!state || field === null || !Object.hasOwn(fields, field)) return ''
  const { citizenId, phone, details } = openPerson(cmd, state.row)
  const { row } = state
  const { at } = fields[field as OwnField]
  if (at) {
    const group = details[at[0]] as Record<string, string> | undefined
    return group?.[at[1]] === undefined
      ? ''
      : cmd.locale === 'en'
        ? 'something (not shown here)'
        : '已有内容（这里不显示）'
  }
  const plain: Record<string, string | null> = {
    name: row.name,
    sex: row.sex && said(row.sex, cmd.locale),
    bornOn: row.bornOn,
    registration: said(row.registration, cmd.locale),
    citizenId: citizenId && maskCitizenId(citizenId),
    phone: phone && maskPhone(phone),
  }
  return plain[field] ?? ''
}

async function present(cmd: Command, row: store.RequestRow): Promise<OwnRequestToAnswer> {
  const state = row.personId === null ? undefined : await recordOf(cmd, row.personId)
  const premises = state?.row.premisesId
  const [areas, addresses] = await Promise.all([
    areaNames(cmd, [row.areaPath]),
    addressesOf(cmd.tx, cmd.county, premises ? [premises] : []),
  ])
  return {
    ...presentRequest(cmd, row),
    personId: state?.row.id ?? null,
    personVersion: state?.row.version ?? null,
    personName: state?.row.name ?? wishOf(cmd, row).name ?? '',
    address: (premises && addresses.get(premises)) ?? '',
    areaName: areas.get(row.areaPath)?.shortName ?? row.areaPath,
    now: row.state === 'open' ? nowIn(cmd, state, row.field) : '',
    carriedOut: row.kind === 'correct' && byItself(row.field),
    overdue: row.state === 'open' && row.dueAt < cmd.now,
  }
}

const LIMIT = 20

/** Requests of people in places where one answers: open ones by their day. @throws kernel.forbidden, kernel.wrong_purpose */
export async function listToAnswer(cmd: Command, query: ListOwnRequests): Promise<OwnRequestPage> {
  const ranges = scopeOf(cmd, ANSWER)
  const limit = query.limit ?? LIMIT
  const state = query.state ?? 'open'
  const [at, id] = query.after ? decodeCursor(query.after, 2).map(String) : []
  const after = at && id && !Number.isNaN(Date.parse(at)) ? ([new Date(at), id] as const) : null
  const rows = await store.listWithin(cmd.tx, cmd.county, { ranges, state, after, limit: limit + 1 })
  const page = pageOf(rows, limit, (row) => [(row.answeredAt ?? row.dueAt).toISOString(), row.id])
  return { ...page, items: await Promise.all(page.items.map((row) => present(cmd, row))) }
}

/** @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose */
export async function showToAnswer(cmd: Command, id: string): Promise<OwnRequestToAnswer> {
  const row = await store.findRequest(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireGrant(cmd, ANSWER, row.areaPath)
  return present(cmd, row)
}

/** People of the claimed name in the village, for whoever answers a claim. */
export async function listClaimed(
  cmd: Command,
  id: string,
): Promise<{ items: { personId: string; name: string; address: string }[] }> {
  const row = await store.findRequest(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireGrant(cmd, ANSWER, row.areaPath)
  const name = wishOf(cmd, row).name ?? ''
  if (row.kind !== 'claim' || name === '') return { items: [] }
  const people = await store.listByName(cmd.tx, cmd.county, { name, areaPath: row.areaPath })
  return { items: people.map((one) => ({ personId: one.id, name, address: one.address ?? '' })) }
}

/**
 * Answers a request. An accepted correction is carried out at once, as told by the person; an accepted claim opens the record to
 * the session that asked; the rest is done by hand and said in the answer.
 *
 * @throws kernel.stale, registry.own_answered, registry.own_person_needed, registry.own_value_needed, kernel.forbidden, and what
 *   the correction throws
 */
export async function answerOwn(cmd: Command, id: string, input: AnswerOwn): Promise<OwnRequestToAnswer> {
  const row = await store.lockRequest(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireGrant(cmd, ANSWER, row.areaPath)
  if (row.state !== 'open') throw new Fault('registry.own_answered')
  if (row.version !== input.version) throw new Fault('kernel.stale', { version: row.version })
  const words = cleanText(input.words, { minLength: 2, maxLength: 500, multiline: true, path: 'words' })
  const personId = input.accept ? await carryOut(cmd, row, input) : row.personId
  const salt = randomBytes(SALT_BYTES)
  const commitment = cmd.vault.commitment(salt, canonicalize({ words }) ?? '').toString('hex')
  const change = {
    version: row.version + 1,
    state: input.accept ? 'accepted' : 'refused',
    personId,
    answerSealed: cmd.vault.seal(cmd.county, words),
    answeredBy: cmd.actor.id,
    answeredAt: cmd.now,
  }
  await store.saveRequest(cmd.tx, row, change)
  const next = { ...row, ...change }
  const late = row.dueAt < cmd.now
  const body = { kind: row.kind, accepted: input.accept, account: row.accountId, late, commitment }
  await record(cmd, OwnAnswered, next, body)
  return present(cmd, next)
}

/** @returns whose record it is. */
async function carryOut(cmd: Command, row: store.RequestRow, input: AnswerOwn): Promise<string> {
  const state = await recordOf(cmd, row.personId ?? input.personId ?? row.id)
  if (!state) throw new Fault('registry.own_person_needed')
  if (row.kind === 'claim') {
    if (!mayAt(cmd, ANSWER, pathsOf(state.row.areaPath, state.ties))) throw new Fault('registry.own_person_needed')
    const session = row.sessionId ?? row.id
    await keepConfirmed(cmd, {
      account: row.accountId,
      session,
      person: state.row.id,
      by: cmd.actor.id,
      request: row.id,
    })
    return state.row.id
  }
  if (row.kind === 'correct' && byItself(row.field)) await correct(cmd, state, row)
  return state.row.id
}

async function correct(cmd: Command, state: PersonState, row: store.RequestRow): Promise<void> {
  const field = row.field as OwnField
  const value = valueOf(field, wishOf(cmd, row).wish)
  if (value === null) throw new Fault('registry.own_value_needed')
  const why = { version: state.row.version, source: 'self' as const, reason: '本人申请更正' }
  if (field === 'phone') await fixPhone(cmd, state.row.id, { phone: value, ...why })
  else {
    const { details } = openPerson(cmd, state.row)
    await correctPerson(cmd, state.row.id, { ...correctionOf(field, value, details), ...why })
  }
}
