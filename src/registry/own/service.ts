import { randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Command } from '../../kernel/command.ts'
import { dueAfter } from '../../kernel/calendar.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { cleanText } from '../../kernel/text.ts'
import { phoneOf } from '../../identity/index.ts'
import { record } from '../../ledger/index.ts'
import { requireHomeArea } from '../access.ts'
import type { DetailGroup } from '../field-groups.ts'
import { forgetGroups, sealedWithout } from '../history/redacting.ts'
import { listMergedInto, saveDetails } from '../history/store.ts'
import { openPerson, savePeople, type PersonState } from '../people/saving.ts'
import { dayOf } from '../rules.ts'
import { requirePurpose, textHash } from './consent.ts'
import {
  ConsentDecided,
  OwnAsked,
  OwnConfirmed,
  OwnCopied,
  OwnWithdrawn,
  type AskOwn,
  type ClaimOwn,
  type Confirmed,
  type ConfirmOwn,
  type DecideConsent,
  type OwnCopy,
  type OwnRecord,
  type OwnRequest,
  type WithdrawOwn,
} from './contract.ts'
import { byItself } from './fields.ts'
import { presentRequest, recordOf, shownRecord, type Wish } from './record.ts'
import { ANSWER_WORKDAYS, isTailOf, TRIES_A_DAY, valueOf } from './rules.ts'
import * as store from './store.ts'

interface Self {
  account: string
  session: string
}

/** A resident who signed in with a phone. @throws kernel.unauthenticated, kernel.forbidden */
function selfOf(cmd: Command): Self {
  requireActor(cmd, 'resident')
  const { id, sessionId } = cmd.actor
  if (!id || !sessionId) throw new Fault('kernel.unauthenticated')
  return { account: id, session: sessionId }
}

/** The record that was shown to be one's own in this very session. */
async function confirmed(cmd: Command, { session, account }: Self): Promise<PersonState | undefined> {
  const row = await store.findConfirmation(cmd.tx, cmd.county, session)
  return row?.accountId === account ? recordOf(cmd, row.personId) : undefined
}

/** @throws registry.own_not_confirmed */
async function requireConfirmed(cmd: Command, self: Self): Promise<PersonState> {
  const state = await confirmed(cmd, self)
  if (!state) throw new Fault('registry.own_not_confirmed')
  return state
}

/** What is kept about oneself; before it is shown that it is oneself, only what one has asked. */
export async function showOwn(cmd: Command): Promise<OwnRecord> {
  const self = selfOf(cmd)
  const [state, requests, tries] = await Promise.all([
    confirmed(cmd, self),
    store.listOfAccount(cmd.tx, cmd.county, self.account),
    store.triesOn(cmd.tx, cmd.county, self.account, dayOf(cmd.now)),
  ])
  return {
    confirmed: state !== undefined,
    triesLeft: Math.max(0, TRIES_A_DAY - tries),
    // Who got the number later must not read what its last owner asked: words only after the proof.
    requests: state ? requests.map((row) => presentRequest(cmd, row)) : requests.map((row) => bare(cmd, row)),
    record: state ? await shownRecord(cmd, state) : null,
  }
}

const bare = (cmd: Command, row: store.RequestRow): OwnRequest => ({
  ...presentRequest(cmd, row),
  wish: '',
  words: '',
  answer: '',
})

/**
 * Opens one's record in this session: its phone is the one signed in with, and the last six of its ID number are the ones typed.
 *
 * The answer is the same whether nobody has the number or the tail is another's; five tries a day.
 * @throws registry.own_too_many
 */
export async function confirmOwn(cmd: Command, { tail }: ConfirmOwn): Promise<Confirmed> {
  const self = selfOf(cmd)
  const tries = await store.countTry(cmd.tx, cmd.county, self.account, dayOf(cmd.now))
  if (tries > TRIES_A_DAY) throw new Fault('registry.own_too_many')
  const phone = await phoneOf(cmd, self.account)
  const people = phone ? await store.listByPhone(cmd.tx, cmd.county, cmd.vault.blind(cmd.county, 'phone', phone)) : []
  const own = people.find(({ citizenIdSealed }) =>
    isTailOf(citizenIdSealed && cmd.vault.open(cmd.county, citizenIdSealed), tail),
  )
  if (own) await keepConfirmed(cmd, { ...self, person: own.id, by: null, request: null })
  return { confirmed: own !== undefined, triesLeft: Math.max(0, TRIES_A_DAY - tries) }
}

/** Keeps that a session may see a record. */
export async function keepConfirmed(
  cmd: Command,
  { account, session, person, by, request }: Self & { person: string; by: string | null; request: string | null },
): Promise<void> {
  const how = by === null ? 'idTail' : 'staff'
  await store.insertConfirmation(cmd.tx, {
    county: cmd.county,
    sessionId: session,
    accountId: account,
    personId: person,
    how,
    byAccount: by,
    at: cmd.now,
  })
  await record(cmd, OwnConfirmed, { id: uuidv7(cmd.now), version: 1 }, { how, request })
}

interface Asked {
  id: string | undefined
  kind: store.RequestRow['kind']
  personId: string | null
  areaPath: string
  field: string | null
  wish: Wish
}

const SALT_BYTES = 16

/** Writes a request down with the day by which it is answered. @throws registry.own_asked_already, kernel.conflict */
async function ask(cmd: Command, self: Self, asked: Asked): Promise<OwnRequest> {
  const standing = await store.listOfAccount(cmd.tx, cmd.county, self.account)
  const again = standing.find(({ id }) => id === asked.id)
  if (again) return presentRequest(cmd, again)
  const same = (row: store.RequestRow): boolean =>
    row.state === 'open' && row.kind === asked.kind && row.field === asked.field && row.personId === asked.personId
  if (standing.some(same)) throw new Fault('registry.own_asked_already')
  const salt = randomBytes(SALT_BYTES)
  const words = canonicalize(asked.wish) ?? ''
  const { dueAt, provisional } = dueAfter(cmd.calendar, cmd.now, { amount: ANSWER_WORKDAYS, unit: 'workday' })
  const row: store.RequestRow = {
    county: cmd.county,
    id: asked.id ?? uuidv7(cmd.now),
    version: 1,
    kind: asked.kind,
    accountId: self.account,
    sessionId: self.session,
    personId: asked.personId,
    areaPath: asked.areaPath,
    field: asked.field,
    sealed: cmd.vault.seal(cmd.county, JSON.stringify(asked.wish)),
    salt,
    state: 'open',
    askedAt: cmd.now,
    dueAt,
    dueProvisional: provisional,
    toldAt: null,
    answerSealed: null,
    answeredBy: null,
    answeredAt: null,
  }
  if (!(await store.insertRequest(cmd.tx, row))) throw new Fault('kernel.conflict')
  await record(cmd, OwnAsked, row, {
    kind: row.kind,
    field: row.field,
    areaPath: row.areaPath,
    dueAt: dueAt.toISOString(),
    commitment: cmd.vault.commitment(salt, words).toString('hex'),
  })
  return presentRequest(cmd, row)
}

/**
 * Asks to have something corrected or deleted, or objects to it.
 *
 * @throws registry.own_not_confirmed, registry.own_value_needed, registry.own_asked_already
 */
export async function askOwn(cmd: Command, input: AskOwn): Promise<OwnRequest> {
  const self = selfOf(cmd)
  const state = await requireConfirmed(cmd, self)
  const wish = cleanText(input.wish ?? '', { maxLength: 200, path: 'wish' })
  const words = cleanText(input.words ?? '', { maxLength: 500, multiline: true, path: 'words' })
  const corrects = input.kind === 'correct'
  if (corrects && byItself(input.field) && valueOf(input.field, wish) === null)
    throw new Fault('registry.own_value_needed')
  if (wish === '' && words === '') throw new Fault('registry.own_value_needed')
  const { row } = state
  const { id, kind, field } = input
  return ask(cmd, self, { id, kind, field, personId: row.id, areaPath: row.areaPath, wish: { wish, words } })
}

/** Asks the village to open one's record to this phone: where the number or the ID number is not known there. */
export async function claimOwn(cmd: Command, input: ClaimOwn): Promise<OwnRequest> {
  const self = selfOf(cmd)
  await requireHomeArea(cmd, input.areaPath)
  const name = cleanText(input.name, { minLength: 1, maxLength: 60, path: 'name' })
  const words = cleanText(input.words ?? '', { maxLength: 500, multiline: true, path: 'words' })
  const wish: Wish = { wish: '', words, name }
  const { id, areaPath } = input
  return ask(cmd, self, { id, kind: 'claim', field: null, personId: null, areaPath, wish })
}

/** Takes a request back. @throws kernel.not_found, kernel.stale, registry.own_answered */
export async function withdrawOwn(cmd: Command, id: string, input: WithdrawOwn): Promise<OwnRequest> {
  const self = selfOf(cmd)
  const row = await store.lockRequest(cmd.tx, cmd.county, id)
  if (row?.accountId !== self.account) throw new Fault('kernel.not_found')
  if (row.state !== 'open') throw new Fault('registry.own_answered')
  if (row.version !== input.version) throw new Fault('kernel.stale', { version: row.version })
  const change = { state: 'withdrawn', version: row.version + 1 }
  await store.saveRequest(cmd.tx, row, change)
  const next = { ...row, ...change }
  await record(cmd, OwnWithdrawn, next, { areaPath: row.areaPath })
  return bare(cmd, next)
}

/** Everything about oneself as one file; that it was taken stands in the ledger. @throws registry.own_not_confirmed */
export async function copyOwn(cmd: Command): Promise<OwnCopy> {
  const self = selfOf(cmd)
  const state = await requireConfirmed(cmd, self)
  const { groups, residences, consents, looks, exports, changes } = await shownRecord(cmd, state)
  const requests = await store.listOfAccount(cmd.tx, cmd.county, self.account)
  const { row } = state
  await record(cmd, OwnCopied, { id: uuidv7(cmd.now), version: 1 }, { subject: row.id })
  const { citizenId, phone, details } = openPerson(cmd, row)
  const { name, sex, bornOn, registration } = row
  return {
    format: 'tongxin-own-record/1',
    county: cmd.county,
    madeAt: cmd.now.toISOString(),
    person: { name, sex, bornOn, registration, citizenId, phone, details, state: row.state },
    groups,
    residences,
    consents,
    requests: requests.map((request) => presentRequest(cmd, request)),
    looks,
    exports,
    changes,
  }
}

/**
 * Agrees to a purpose in the words that were read, or withdraws; what was kept on that consent alone is deleted at once.
 *
 * @throws registry.own_not_confirmed, registry.unknown_consent, registry.consent_changed when the words are other ones by now
 */
export async function decideConsent(cmd: Command, purposeCode: string, input: DecideConsent): Promise<OwnRecord> {
  const self = selfOf(cmd)
  const state = await requireConfirmed(cmd, self)
  const purpose = requirePurpose(purposeCode)
  const hash = textHash(purpose)
  if (input.agree && hash.toString('hex') !== input.textHash) throw new Fault('registry.consent_changed')
  const given = await store.listConsents(cmd.tx, cmd.county, state.row.id)
  const standing = given.find((row) => row.purpose === purpose.code)
  const textVersion = purpose.version
  const said = { purpose: purpose.code, agreed: input.agree, textVersion, textHash: hash.toString('hex') }
  if (input.agree) {
    const row = { county: cmd.county, id: uuidv7(cmd.now), personId: state.row.id, purpose: purpose.code, textVersion }
    const made = { ...row, textHash: hash, givenAt: cmd.now, givenBy: self.account, withdrawnAt: null }
    if (await store.insertConsent(cmd.tx, made)) {
      await record(cmd, ConsentDecided, { id: row.id, version: 1 }, { ...said, erased: false })
    }
    return showOwn(cmd)
  }
  const erased = purpose.group !== null && (await eraseGroup(cmd, state, purpose.group))
  if (standing) await store.endConsent(cmd.tx, cmd.county, standing.id, cmd.now)
  if (standing || erased) {
    const subject = standing ? { id: standing.id, version: 2 } : { id: uuidv7(cmd.now), version: 1 }
    await record(cmd, ConsentDecided, subject, { ...said, erased })
  }
  return showOwn(cmd)
}

/**
 * Deletes one group of the details: from the record, from what it was merged of, and from the history, which would show it on any
 * day before. @returns whether there was anything.
 */
async function eraseGroup(cmd: Command, before: PersonState, group: DetailGroup): Promise<boolean> {
  const { id, version } = before.row
  const parts = await listMergedInto(cmd.tx, cmd.county, id)
  const held = openPerson(cmd, before.row).details[group] !== undefined
  if (held) {
    const row = {
      ...before.row,
      detailsSealed: sealedWithout(cmd, before.row, [group]),
      version: version + 1,
      updatedAt: cmd.now,
    }
    const step = { act: 'consentWithdrawn', before, after: { ...before, row } }
    await savePeople(cmd, [step], { source: 'self', reason: '' })
  }
  for (const part of parts) {
    const rest = sealedWithout(cmd, { citizenIdSealed: null, phoneSealed: null, ...part }, [group])
    await saveDetails(cmd.tx, cmd.county, part.id, rest)
  }
  await forgetGroups(cmd, [id, ...parts.map((part) => part.id)], [group])
  return held
}
