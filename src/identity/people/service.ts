import { randomBytes } from 'node:crypto'
import { citizenIdFacts, normaliseCode, normaliseMobile } from '../../kernel/codes.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { cleanText } from '../../kernel/text.ts'
import { record } from '../../ledger/index.ts'
import { AccountCreated, AccountUnmasked, type AccountKind, type AccountStatus } from '../contract.ts'
import { settingsOf } from '../service.ts'
import { findAccount, listSeats, type AccountRow } from '../store.ts'
import { maskName, maskPhone, sightOf } from './rules.ts'
import * as store from './store.ts'

/**
 * The resident of a phone, made when there is none: for clerks who report on somebody's behalf, and for seeds.
 *
 * A known one keeps the id and the name that are there. Of two at once, one makes it and both get it.
 * @throws identity.phone_invalid
 */
export async function findOrCreateResident(
  cmd: Command,
  input: { id?: string; phone: string; name?: string },
): Promise<{ id: string; created: boolean }> {
  return findOrCreateByPhone(cmd, requirePhone(input.phone), { kind: 'resident', name: input.name, id: input.id })
}

/** The person who has just proved a phone: resident if registered, else a guest. The caller has checked the code. */
export const findOrCreateGuest = (cmd: Command, phone: string): Promise<{ id: string; created: boolean }> =>
  findOrCreateByPhone(cmd, phone, { kind: 'guest' })

async function findOrCreateByPhone(
  cmd: Command,
  phone: string,
  make: { kind: 'resident' | 'guest'; name?: string | undefined; id?: string | undefined },
): Promise<{ id: string; created: boolean }> {
  const sealed = sealPhone(cmd, phone)
  const known = await store.findByPhone(cmd.tx, cmd.county, sealed.phoneBlind)
  if (known) return { id: known.id, created: false }
  await store.claimPhone(cmd.tx, { phoneHash: globalPhoneHash(cmd, phone), county: cmd.county, claimedAt: cmd.now })
  const made = await store.insertUnlessPhoneKnown(cmd.tx, {
    ...newAccount(cmd, make.kind, make.id),
    status: 'active',
    ...sealed,
    nameSealed: make.name ? sealName(cmd, make.name) : null,
  })
  if (made) {
    await recordCreated(cmd, made)
    return { id: made.id, created: true }
  }
  const winner = await store.findByPhone(cmd.tx, cmd.county, sealed.phoneBlind)
  if (!winner) throw new Fault('kernel.conflict')
  return { id: winner.id, created: false }
}

/** In which counties the actor's own, proven phone has an account. */
export async function listMyCounties(cmd: Command): Promise<{ items: string[] }> {
  const row = await findAccount(cmd.tx, cmd.county, cmd.actor.id ?? '')
  if (!row?.phoneSealed || row.kind === 'staff') return { items: [cmd.county] }
  const phone = cmd.vault.open(cmd.county, row.phoneSealed)
  return { items: await store.listClaims(cmd.tx, globalPhoneHash(cmd, phone)) }
}

/** A person's name as this actor may see it for this purpose; empty when unknown or not to be seen. */
export async function nameOf(cmd: Command, accountId: string): Promise<string> {
  return (await namesOf(cmd, [accountId])).get(accountId) ?? ''
}

/** Names of several people at once, each as this actor may see it; at most 1,000. */
export async function namesOf(cmd: Command, accountIds: readonly string[]): Promise<Map<string, string>> {
  const ids = [...new Set(accountIds)]
  if (ids.length > 1000) throw new Error('namesOf: more than 1,000 at once')
  const rows = await keptNames(cmd, ids)
  return new Map(rows.map((row) => [row.id, shownName(cmd, row)]))
}

/** A changed name shows this much later, at most: names stand on every matter's page. */
const NAME_MS = 5_000
const NAMES_MAX = 20_000
const heldNames = new WeakMap<object, Map<string, { row: store.NamedRow; until: number }>>()

/** The rows behind names, sealed as they are stored, kept for seconds. */
async function keptNames(cmd: Command, ids: readonly string[]): Promise<store.NamedRow[]> {
  const held = heldNames.get(cmd.ports) ?? new Map<string, { row: store.NamedRow; until: number }>()
  heldNames.set(cmd.ports, held)
  const now = performance.now()
  const rows: store.NamedRow[] = []
  const missing = ids.filter((id) => {
    const kept = held.get(`${cmd.county}/${id}`)
    if (!kept || kept.until <= now) return true
    rows.push(kept.row)
    return false
  })
  if (missing.length === 0) return rows
  if (held.size > NAMES_MAX) held.clear()
  for (const row of await store.listNames(cmd.tx, cmd.county, missing)) {
    held.set(`${cmd.county}/${row.id}`, { row, until: now + NAME_MS })
    rows.push(row)
  }
  return rows
}

/** Masked numbers of several people at once, for other staff; who has no phone is left out. At most 1,000. */
export async function maskedPhonesOf(cmd: Command, accountIds: readonly string[]): Promise<Map<string, string>> {
  const ids = [...new Set(accountIds)]
  if (ids.length > 1000) throw new Error('maskedPhonesOf: more than 1,000 at once')
  if (!['staff', 'system', 'token'].includes(cmd.actor.kind) || cmd.purpose === 'statistics') return new Map()
  const rows = await store.listPhones(cmd.tx, cmd.county, ids)
  return new Map(rows.map((row) => [row.id, maskPhone(cmd.vault.open(cmd.county, row.phoneSealed))]))
}

/**
 * Whether a member of staff may be given a post: active or invited (a post may wait for them), and without an
 * administrator's seat. Locks the account until the transaction ends, so that it gets no seat meanwhile.
 */
export async function lockForPost(cmd: Command, accountId: string): Promise<'free' | 'seated' | 'notStaff'> {
  const row = await store.lockShared(cmd.tx, cmd.county, accountId)
  if (row?.kind !== 'staff' || row.status === 'disabled') return 'notStaff'
  return (await listSeats(cmd.tx, cmd.county, accountId)).length > 0 ? 'seated' : 'free'
}

const STAFF_MAX = 5_000

/**
 * Staff by a part of their name or the beginning of their login name; names are sealed, so they are opened one by one: of a
 * county with more than 5,000 accounts only the first 5,000 by login name are looked at.
 */
export async function findStaff(
  cmd: Command,
  words: string,
): Promise<{ id: string; name: string; loginName: string }[]> {
  const asked = words.normalize('NFKC').trim().toLowerCase()
  const rows = await store.listStaff(cmd.tx, cmd.county, STAFF_MAX)
  return rows
    .map((row) => ({ id: row.id, name: shownName(cmd, row), loginName: row.loginName }))
    .filter(({ name, loginName }) => name.toLowerCase().includes(asked) || loginName.toLowerCase().startsWith(asked))
}

/** A person's phone, 11 digits, for the room that sends messages; null when there is none. Never put it into an answer. */
export async function phoneOf(cmd: Command, accountId: string): Promise<string | null> {
  const row = await findAccount(cmd.tx, cmd.county, accountId)
  return row?.phoneSealed ? cmd.vault.open(cmd.county, row.phoneSealed) : null
}

export type PersonalField = 'name' | 'phone' | 'citizenId'

/**
 * Shows personal data in the clear, with a reason, and leaves an entry. The calling room has checked its own grant on the matter.
 *
 * @throws identity.second_factor_needed where the county asks for it, kernel.invalid_input without a reason.
 */
export async function unmask(
  cmd: Command,
  accountId: string,
  look: { fields: readonly PersonalField[]; reason: string },
): Promise<Partial<Record<PersonalField, string | null>>> {
  await requireSecondFactor(cmd)
  const reason = cleanText(look.reason, { maxLength: 200, minLength: 4, path: 'reason' })
  const row = await findAccount(cmd.tx, cmd.county, accountId)
  if (!row) throw new Fault('kernel.not_found')
  const id = uuidv7(cmd.now)
  const salt = randomBytes(16)
  const fields = [...look.fields]
  await store.insertUnmasking(cmd.tx, {
    county: cmd.county,
    id,
    accountId,
    byAccountId: cmd.actor.id,
    fields,
    purpose: cmd.purpose,
    reason,
    salt,
    at: cmd.now,
  })
  const reasonCommitment = cmd.vault.commitment(salt, reason).toString('hex')
  await record(
    cmd,
    AccountUnmasked,
    { id, version: 1 },
    { by: cmd.actor.id, account: accountId, fields, reasonCommitment },
  )
  const sealed = { name: row.nameSealed, phone: row.phoneSealed, citizenId: row.citizenIdSealed }
  return Object.fromEntries(
    fields.map((field) => [field, sealed[field] ? cmd.vault.open(cmd.county, sealed[field]) : null]),
  )
}

/** Refuses unless this session gave a second factor, where the county asks for one before personal data is shown. */
export async function requireSecondFactor(cmd: Command): Promise<void> {
  if (cmd.secondFactorAt || cmd.actor.kind === 'system') return
  if ((await settingsOf(cmd)).totpForUnmasking) throw new Fault('identity.second_factor_needed')
}

/** The columns that every new account has. */
export const newAccount = (cmd: Command, kind: AccountKind, id = uuidv7(cmd.now)) => ({
  county: cmd.county,
  id,
  kind,
  locale: 'zh-CN',
  elderMode: false,
  version: 1,
  createdAt: cmd.now,
})

export function recordCreated(cmd: Command, row: AccountRow): Promise<unknown> {
  const body = { by: cmd.actor.id, kind: row.kind as AccountKind, status: row.status as AccountStatus }
  return record(cmd, AccountCreated, { id: row.id, version: row.version }, body)
}

export const sealName = (cmd: Command, name: string): Buffer =>
  cmd.vault.seal(cmd.county, cleanText(name, { maxLength: 60, minLength: 1, path: 'name' }))

export const sealPhone = (cmd: Command, phone: string) => ({
  phoneSealed: cmd.vault.seal(cmd.county, phone),
  phoneBlind: cmd.vault.blind(cmd.county, 'phone', phone),
})

/** @throws kernel.invalid_input when the check digit, birth date or division is wrong. */
export function sealCitizenId(cmd: Command, text: string): { citizenIdSealed: Buffer; citizenIdBlind: Buffer } {
  const citizenId = normaliseCode(text)
  if (!citizenIdFacts(citizenId)) {
    const zh = '身份证号不对，请核对。'
    const en = 'This is not a valid ID number.'
    throw new Fault('kernel.invalid_input', { fields: [{ path: 'citizenId', message: zh, zh, en }] })
  }
  return {
    citizenIdSealed: cmd.vault.seal(cmd.county, citizenId),
    citizenIdBlind: cmd.vault.blind(cmd.county, 'citizenId', citizenId),
  }
}

/** The 11 digits. @throws identity.phone_invalid */
export function requirePhone(text: string): string {
  const phone = normaliseMobile(text)
  if (!phone) throw new Fault('identity.phone_invalid')
  return phone
}

/** The same in every county, unlike the blind index of a county's own rows. */
const globalPhoneHash = (cmd: Command, phone: string): Buffer => cmd.vault.blind('000000', 'globalPhone', phone)

/** A name as this actor may see it for this purpose. */
export function shownName(cmd: Command, row: store.NamedRow): string {
  const viewer = { kind: cmd.actor.kind, id: cmd.actor.id, purpose: cmd.purpose }
  const sight = sightOf(viewer, { id: row.id, kind: row.kind as AccountKind })
  if (sight === 'none' || !row.nameSealed) return ''
  const name = cmd.vault.open(cmd.county, row.nameSealed)
  return sight === 'plain' ? name : maskName(name)
}
