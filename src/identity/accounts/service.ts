import { normaliseMobile } from '../../kernel/codes.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor, requireGrant } from '../../kernel/grants.ts'
import { decodeCursor, pageOf, type PageOf } from '../../kernel/pages.ts'
import { record } from '../../ledger/index.ts'
import {
  AccountChanged,
  AccountDisabled,
  AccountEnabled,
  AccountRegistered,
  AccountSessionsEnded,
  CredentialChanged,
  type AccountKind,
  type Visitor,
} from '../contract.ts'
import { countRecoveryCodes, hashPassword, hasTotp, requireGoodPassword, savePassword } from '../credentials/index.ts'
import {
  maskPhone,
  newAccount,
  recordCreated,
  requirePhone,
  sealCitizenId,
  sealName,
  sealPhone,
  shownName,
} from '../people/index.ts'
import { isTotpRequired, keeperOf, normaliseLoginName } from '../rules.ts'
import { settingsOf } from '../service.ts'
import { endSessionsOf, listSessionsOf, openSession, type OpenedSession } from '../sessions/index.ts'
import { findAccount, listSeats, type AccountRow } from '../store.ts'
import type {
  Account,
  AccountQuery,
  AccountSessions,
  ChangeMe,
  CorrectAccount,
  InviteStaff,
  Me,
  OwnData,
  RegisterResident,
} from './contract.ts'
import * as store from './store.ts'

/**
 * Makes a staff account; for seeds, wizards and other rooms, which have checked that the actor may.
 *
 * Without password and without `active` it is “invited”: a one-time link gives it its first password.
 * @throws identity.login_name_taken, identity.phone_taken, identity.citizen_id_taken, identity.phone_invalid, kernel.invalid_input
 */
export async function createStaffAccount(
  cmd: Command,
  input: InviteStaff & { id?: string; password?: string; active?: boolean },
): Promise<{ id: string; version: number }> {
  const loginName = normaliseLoginName(input.loginName)
  if (input.password !== undefined) requireGoodPassword(input.password, loginName)
  const account = await store.insertAccount(cmd.tx, {
    ...newAccount(cmd, 'staff', input.id),
    status: input.active || input.password !== undefined ? 'active' : 'invited',
    loginName,
    invitedBy: cmd.actor.id,
    nameSealed: sealName(cmd, input.name),
    ...(input.phone === undefined ? {} : sealPhone(cmd, requirePhone(input.phone))),
    ...(input.citizenId === undefined ? {} : sealCitizenId(cmd, input.citizenId)),
  })
  if (input.password !== undefined) await savePassword(cmd, account.id, await hashPassword(input.password))
  await recordCreated(cmd, account)
  return { id: account.id, version: account.version }
}

/**
 * A guest gives a name and becomes a resident; the id stays, so the own reports stay.
 *
 * @returns a session as resident; the guest's sessions end. @throws identity.already_registered
 */
export async function registerResident(
  cmd: Command,
  input: RegisterResident,
  visitor: Visitor,
): Promise<OpenedSession> {
  requireActor(cmd, 'guest', 'resident')
  const row = await store.lockAccount(cmd.tx, cmd.county, cmd.actor.id ?? '')
  if (row.kind !== 'guest') throw new Fault('identity.already_registered')
  const saved = await store.saveAccount(cmd.tx, row, { kind: 'resident', nameSealed: sealName(cmd, input.name) })
  const body = { by: cmd.actor.id, from: 'guest' as const, to: 'resident' as const }
  await record(cmd, AccountRegistered, { id: row.id, version: saved.version }, body)
  await endSessionsOf(cmd, row.id, { reason: 'registered' })
  return openSession(cmd, { accountId: row.id, method: 'phoneCode', visitor })
}

/** Only the id is answered by the writes below: a kept answer (idempotency) must hold no name. */
export interface Changed {
  id: string
}

/** A staff account by the system administrator. Its first link is issued by `issueLink`. */
export async function inviteStaff(cmd: Command, input: InviteStaff): Promise<Changed> {
  requireKeeper(requireGrant(cmd, 'identity.manage_accounts', cmd.county).postId, 'system')
  const { loginName, name, phone, citizenId } = input
  const { id } = await createStaffAccount(cmd, { loginName, name, phone, citizenId })
  return { id }
}

/**
 * Corrects name or phone of a member of staff.
 *
 * @throws identity.phone_taken, identity.phone_invalid, identity.not_oneself, identity.other_administrator, kernel.stale
 */
export async function correctAccount(cmd: Command, id: string, input: CorrectAccount): Promise<Changed> {
  const row = await lockForKeeper(cmd, id, input.version)
  const fields = (['name', 'phone'] as const).filter((field) => input[field] !== undefined)
  const saved = await store.saveAccount(cmd.tx, row, {
    ...(input.name === undefined ? {} : { nameSealed: sealName(cmd, input.name) }),
    ...(input.phone === undefined ? {} : sealPhone(cmd, requirePhone(input.phone))),
  })
  await record(cmd, AccountChanged, { id, version: saved.version }, { by: cmd.actor.id, fields })
  return { id }
}

/**
 * Closes an account and all its sessions.
 *
 * @throws identity.not_oneself, identity.other_administrator (administrators are closed by their keeper), kernel.stale
 */
export async function disableAccount(cmd: Command, id: string, version: number): Promise<Changed> {
  const row = await lockForKeeper(cmd, id, version)
  if (row.status === 'disabled') throw new Fault('kernel.conflict')
  if ((await listSeats(cmd.tx, cmd.county, id)).length > 0) throw new Fault('identity.still_seated')
  const saved = await store.saveAccount(cmd.tx, row, { status: 'disabled', disabledAt: cmd.now })
  await endSessionsOf(cmd, id, { reason: 'account_disabled' })
  await record(cmd, AccountDisabled, { id, version: saved.version }, { by: cmd.actor.id })
  return { id }
}

/** Opens a closed account again; its sessions stay ended. */
export async function enableAccount(cmd: Command, id: string, version: number): Promise<Changed> {
  const row = await lockForKeeper(cmd, id, version)
  if (row.status !== 'disabled') throw new Fault('kernel.conflict')
  const saved = await store.saveAccount(cmd.tx, row, { status: 'active', disabledAt: null })
  await record(cmd, AccountEnabled, { id, version: saved.version }, { by: cmd.actor.id })
  return { id }
}

async function lockForKeeper(cmd: Command, id: string, version: number): Promise<AccountRow> {
  const grant = requireGrant(cmd, 'identity.manage_accounts', cmd.county)
  const row = await store.lockAccount(cmd.tx, cmd.county, id)
  if (row.kind !== 'staff') throw new Fault('kernel.not_found')
  if (row.id === cmd.actor.id) throw new Fault('identity.not_oneself')
  requireKeeper(grant.postId, keeperOf(await listSeats(cmd.tx, cmd.county, id)))
  if (row.version !== version) throw new Fault('kernel.stale', { version: row.version })
  return row
}

/** Refuses unless the seat that allowed the act is the one that looks after the account. */
export function requireKeeper(postId: string, keeper: 'system' | 'security'): void {
  if (postId.startsWith('seat:') && postId !== `seat:${keeper}`) throw new Fault('identity.other_administrator')
}

/** Staff accounts by login name. */
export async function listAccounts(cmd: Command, query: AccountQuery): Promise<PageOf<Account>> {
  requireGrant(cmd, 'identity.read_accounts', cmd.county)
  const limit = query.limit ?? 20
  const after = query.after ? String(decodeCursor(query.after, 1)[0]) : null
  const page = pageOf(
    await store.listStaff(cmd.tx, cmd.county, { limit, after, status: query.status, ...soughtIn(cmd, query.q) }),
    limit,
    (row) => [row.loginName],
  )
  const ids = page.items.map((row) => row.id)
  const standing = await store.listStanding(cmd.tx, cmd.county, ids)
  const posts = await cmd.ports.duty.postsOf(cmd, ids)
  return {
    ...page,
    items: page.items.map((row) =>
      present(cmd, row, {
        seats: standing.seats.get(row.id) ?? [],
        totp: standing.totp.has(row.id),
        posts: posts.get(row.id) ?? [],
      }),
    ),
  }
}

/** Names are sealed and cannot be searched; a phone is found whole, by its keyed hash. */
function soughtIn(cmd: Command, q: string | undefined): { beginning?: string; phoneBlind?: Buffer } {
  const text = q?.trim()
  if (!text) return {}
  const phone = normaliseMobile(text)
  if (phone) return { phoneBlind: cmd.vault.blind(cmd.county, 'phone', phone) }
  return { beginning: normaliseLoginName(text) }
}

/** Where somebody is signed in, for whoever looks after accounts. @throws kernel.not_found */
export async function listAccountSessions(cmd: Command, id: string): Promise<AccountSessions> {
  requireGrant(cmd, 'identity.manage_accounts', cmd.county)
  if ((await findAccount(cmd.tx, cmd.county, id))?.kind !== 'staff') throw new Fault('kernel.not_found')
  return { items: await listSessionsOf(cmd, id) }
}

/**
 * Signs somebody out everywhere: a lost phone, a desk left open.
 *
 * @throws identity.not_oneself, identity.other_administrator, kernel.not_found, kernel.stale
 */
export async function endAccountSessions(cmd: Command, id: string, version: number): Promise<{ ended: number }> {
  const row = await lockForKeeper(cmd, id, version)
  const ended = await endSessionsOf(cmd, id, { reason: 'ended_by_administrator' })
  const saved = await store.saveAccount(cmd.tx, row, {})
  await record(cmd, AccountSessionsEnded, { id, version: saved.version }, { by: cmd.actor.id, ended })
  return { ended }
}

/** One staff account. */
export async function getAccount(cmd: Command, id: string): Promise<Account> {
  requireGrant(cmd, 'identity.read_accounts', cmd.county)
  const row = await findAccount(cmd.tx, cmd.county, id)
  if (row?.kind !== 'staff') throw new Fault('kernel.not_found')
  return presentAccount(cmd, row)
}

/** The signed-in person's own account. */
export async function getMe(cmd: Command): Promise<Me> {
  const me = await findMe(cmd)
  if (!me) throw new Fault('kernel.unauthenticated')
  return me
}

/** The same for a page that does not know yet whether anybody is signed in. */
export async function findMe(cmd: Command): Promise<Me | null> {
  const row = await findAccount(cmd.tx, cmd.county, cmd.actor.id ?? '')
  return row ? presentMe(cmd, row) : null
}

/** What is kept of the signed-in person: their own to read and to take along (Personal Information Protection Law, art. 45). */
export async function readOwnData(cmd: Command): Promise<OwnData> {
  requireActor(cmd, 'staff', 'resident', 'guest')
  const row = await findAccount(cmd.tx, cmd.county, cmd.actor.id ?? '')
  if (!row) throw new Fault('kernel.unauthenticated')
  const open = (sealed: Buffer | null) => (sealed ? cmd.vault.open(cmd.county, sealed) : null)
  const looks = await store.listLooksAt(cmd.tx, cmd.county, row.id)
  const signIns = await store.listAttemptsOf(cmd.tx, cmd.county, row.id)
  return {
    account: {
      loginName: row.loginName,
      name: open(row.nameSealed) ?? '',
      phone: open(row.phoneSealed),
      hasCitizenId: row.citizenIdSealed !== null,
      kind: row.kind as AccountKind,
      createdAt: row.createdAt.toISOString(),
      lastSignedInAt: row.lastSignedInAt?.toISOString() ?? null,
    },
    posts: (await cmd.ports.duty.postsOf(cmd, [row.id])).get(row.id) ?? [],
    looks: looks.map(({ at, fields, purpose, reason }) => ({ at: at.toISOString(), fields, purpose, reason })),
    signIns: signIns.map(({ at, deviceLabel, outcome }) => ({ at: at.toISOString(), device: deviceLabel, outcome })),
  }
}

/** Changes language and large type; a change that changes nothing leaves no entry. */
export async function changeMe(cmd: Command, change: ChangeMe): Promise<Changed> {
  requireActor(cmd, 'staff', 'resident', 'guest')
  const row = await store.lockAccount(cmd.tx, cmd.county, cmd.actor.id ?? '')
  const fields = (['locale', 'elderMode'] as const).filter(
    (field) => change[field] !== undefined && change[field] !== row[field],
  )
  if (fields.length === 0) return { id: row.id }
  const saved = await store.saveAccount(cmd.tx, row, { locale: change.locale, elderMode: change.elderMode })
  await record(cmd, AccountChanged, { id: row.id, version: saved.version }, { by: cmd.actor.id, fields })
  return { id: row.id }
}

/** Leaves an entry about a password, second factor, recovery code or link of an account: what changed, never the secret. */
export async function noteCredential(
  cmd: Command,
  accountId: string,
  note: { credential: string; change: string },
): Promise<void> {
  const row = await store.lockAccount(cmd.tx, cmd.county, accountId)
  const saved = await store.saveAccount(cmd.tx, row, {})
  await record(cmd, CredentialChanged, { id: accountId, version: saved.version }, { by: cmd.actor.id, ...note })
}

async function presentAccount(cmd: Command, row: AccountRow): Promise<Account> {
  const seats = await listSeats(cmd.tx, cmd.county, row.id)
  const posts = (await cmd.ports.duty.postsOf(cmd, [row.id])).get(row.id) ?? []
  return present(cmd, row, { seats, posts, totp: await hasTotp(cmd, row.id) })
}

const present = (cmd: Command, row: AccountRow, standing: Pick<Account, 'seats' | 'totp' | 'posts'>): Account => ({
  id: row.id,
  kind: row.kind as AccountKind,
  status: row.status as Account['status'],
  loginName: row.loginName,
  name: shownName(cmd, row),
  phone: maskedPhone(cmd, row),
  ...standing,
  createdAt: row.createdAt.toISOString(),
  lastSignedInAt: row.lastSignedInAt?.toISOString() ?? null,
  version: row.version,
})

const maskedPhone = (cmd: Command, row: AccountRow): string | null =>
  row.phoneSealed ? maskPhone(cmd.vault.open(cmd.county, row.phoneSealed)) : null

async function presentMe(cmd: Command, row: AccountRow): Promise<Me> {
  const seats = await listSeats(cmd.tx, cmd.county, row.id)
  return {
    accountId: row.id,
    kind: row.kind as AccountKind,
    county: cmd.county,
    name: shownName(cmd, row),
    loginName: row.loginName,
    phone: maskedPhone(cmd, row),
    locale: row.locale as Me['locale'],
    elderMode: row.elderMode,
    seats,
    totp: await hasTotp(cmd, row.id),
    totpRequired: row.kind === 'staff' && isTotpRequired(await settingsOf(cmd), seats),
    recoveryCodesLeft: await countRecoveryCodes(cmd.tx, cmd.county, row.id),
    secondFactorAt: cmd.secondFactorAt?.toISOString() ?? null,
    version: row.version,
  }
}
