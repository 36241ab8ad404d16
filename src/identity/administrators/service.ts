import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor, requireGrant } from '../../kernel/grants.ts'
import { uuidv5, uuidv7 } from '../../kernel/ids.ts'
import { decodeCursor, pageOf, type PageOf, type PageQuery } from '../../kernel/pages.ts'
import { record } from '../../ledger/index.ts'
import { lockAccount } from '../accounts/store.ts'
import {
  AdministratorAppointed,
  AdministratorDismissed,
  IdentitySettingChanged,
  type Seat,
  type SignInMethod,
} from '../contract.ts'
import { namesOf } from '../people/index.ts'
import { settingsOf } from '../service.ts'
import { endSessionsOf } from '../sessions/index.ts'
import { listSeats, saveSettings } from '../store.ts'
import type { Administrator, IdentitySettings, SignInQuery, SignInRecord, Unmasking } from './contract.ts'
import type { AppointAdministrator } from '../seat-changes/contract.ts'
import * as store from './store.ts'

/**
 * Seats the first administrators of a county: only the system itself may (init, seed, wizard), which knows no phones yet.
 *
 * @throws identity.seat_excluded, identity.holds_post
 */
export async function seatAdministrator(cmd: Command, input: AppointAdministrator): Promise<string> {
  requireActor(cmd, 'system')
  return (await takeSeat(cmd, input, { proposedBy: null, confirmedBy: null })).id
}

/** Who decided about a seat: nobody in particular where the system itself did. */
interface Deciders {
  proposedBy: string | null
  confirmedBy: string | null
}

/**
 * Refuses who cannot be an administrator, whoever wishes it.
 *
 * Locks the account, so that no post is given to it meanwhile.
 * @throws kernel.not_found, identity.seat_needs_phone, identity.seat_excluded, identity.holds_post
 */
export async function requireSeatable(cmd: Command, input: AppointAdministrator): Promise<void> {
  const account = await lockAccount(cmd.tx, cmd.county, input.accountId)
  if (account.kind !== 'staff' || account.status === 'disabled') throw new Fault('kernel.not_found')
  if (!account.phoneBlind && cmd.actor.kind !== 'system') throw new Fault('identity.seat_needs_phone')
  if ((await listSeats(cmd.tx, cmd.county, input.accountId)).length > 0) throw new Fault('identity.seat_excluded')
  if (await cmd.ports.duty.holdsPost(cmd, input.accountId)) throw new Fault('identity.holds_post')
}

/** Puts somebody into a seat. The new holder's sessions end, since their rights have changed. */
export async function takeSeat(cmd: Command, input: AppointAdministrator, by: Deciders): Promise<store.SeatRow> {
  await requireSeatable(cmd, input)
  const row = await store.insertSeat(cmd.tx, {
    county: cmd.county,
    id: uuidv7(cmd.now),
    accountId: input.accountId,
    seat: input.seat,
    heldFrom: cmd.now,
    appointedBy: by.proposedBy,
    version: 1,
  })
  await endSessionsOf(cmd, input.accountId, { reason: 'seat_changed' })
  const body = { by: by.proposedBy, confirmedBy: by.confirmedBy, account: input.accountId, seat: input.seat }
  await record(cmd, AdministratorAppointed, { id: row.id, version: 1 }, body)
  return row
}

/** Ends a seat. @throws identity.last_administrator, so that no county is left without one of the three. */
export async function leaveSeat(cmd: Command, id: string, by: Deciders): Promise<void> {
  const found = await store.findSeat(cmd.tx, cmd.county, id)
  if (!found) throw new Fault('kernel.not_found')
  const holders = await store.lockHolders(cmd.tx, cmd.county, found.seat)
  const row = holders.find((holder) => holder.id === id)
  if (!row) throw new Fault('kernel.conflict')
  if (holders.length === 1) throw new Fault('identity.last_administrator')
  const saved = await store.closeSeat(cmd.tx, row, { at: cmd.now, accountId: by.proposedBy })
  await endSessionsOf(cmd, row.accountId, { reason: 'seat_changed' })
  const body = { by: by.proposedBy, confirmedBy: by.confirmedBy, account: row.accountId, seat: row.seat as Seat }
  await record(cmd, AdministratorDismissed, { id, version: saved.version }, body)
}

/** Account ids of those who hold a seat now. */
export const holdersOfSeat = (cmd: Command, seat: Seat): Promise<string[]> =>
  store.listHolderIds(cmd.tx, cmd.county, seat)

/** Present and past administrators, newest first. */
export async function listAdministrators(cmd: Command, query: PageQuery): Promise<PageOf<Administrator>> {
  requireGrant(cmd, 'identity.read_accounts', cmd.county)
  const limit = query.limit ?? 20
  const before = query.after ? String(decodeCursor(query.after, 1)[0]) : null
  const page = pageOf(await store.listSeatRows(cmd.tx, cmd.county, { limit, before }), limit, (row) => [row.id])
  const ids = page.items.map((row) => row.accountId)
  const names = await namesOf(cmd, ids)
  return { ...page, items: page.items.map((row) => present(row, names.get(row.accountId) ?? '')) }
}

/** Who signed in, tried to, and from where: for the audit administrator only. */
export async function listSignIns(cmd: Command, query: SignInQuery): Promise<PageOf<SignInRecord>> {
  requireGrant(cmd, 'identity.read_sign_ins', cmd.county)
  const limit = query.limit ?? 20
  const [at, id] = query.after ? decodeCursor(query.after, 2) : []
  const before = at && id ? { at: new Date(String(at)), id: String(id) } : null
  const rows = await store.listAttempts(cmd.tx, cmd.county, { limit, before, accountId: query.accountId })
  const page = pageOf(rows, limit, (row) => [row.at.toISOString(), row.id])
  const accounts = page.items.flatMap((row) => (row.accountId ? [row.accountId] : []))
  const names = await namesOf(cmd, accounts)
  const items = page.items.map((row) => ({
    id: row.id,
    at: row.at.toISOString(),
    method: row.method as SignInMethod,
    outcome: row.outcome,
    accountId: row.accountId,
    name: names.get(row.accountId ?? '') ?? '',
    address: row.addressSealed ? cmd.vault.open(cmd.county, row.addressSealed) : '',
    device: row.deviceLabel,
  }))
  return { ...page, items }
}

/** Whose personal data was looked at in the clear, by whom and why: for the audit administrator only. */
export async function listUnmaskings(cmd: Command, query: PageQuery): Promise<PageOf<Unmasking>> {
  requireGrant(cmd, 'identity.read_unmaskings', cmd.county)
  const limit = query.limit ?? 20
  const before = query.after ? String(decodeCursor(query.after, 1)[0]) : null
  const page = pageOf(await store.listUnmaskingRows(cmd.tx, cmd.county, { limit, before }), limit, (row) => [row.id])
  const names = await namesOf(
    cmd,
    page.items.flatMap((row) => [row.accountId, row.byAccountId ?? row.accountId]),
  )
  const items = page.items.map((row) => ({
    id: row.id,
    at: row.at.toISOString(),
    accountId: row.accountId,
    name: names.get(row.accountId) ?? '',
    by: row.byAccountId,
    byName: names.get(row.byAccountId ?? '') ?? '',
    fields: row.fields,
    purpose: row.purpose,
    reason: row.reason,
  }))
  return { ...page, items }
}

export async function getSettings(cmd: Command): Promise<IdentitySettings> {
  requireGrant(cmd, 'identity.read_accounts', cmd.county)
  return settingsOf(cmd)
}

/** How the county signs people in; open sessions keep the life they were opened with. @throws kernel.stale */
export async function changeSettings(cmd: Command, input: IdentitySettings): Promise<IdentitySettings> {
  requireGrant(cmd, 'identity.manage_settings', cmd.county)
  const before = await settingsOf(cmd)
  const next = { ...input, version: input.version + 1 }
  if (before.version !== input.version) throw new Fault('kernel.stale', { version: before.version })
  if (!(await saveSettings(cmd.tx, cmd.county, next))) throw new Fault('kernel.stale')
  const fields = (Object.keys(input) as (keyof IdentitySettings)[]).filter((key) => input[key] !== before[key])
  const subject = { id: uuidv5(SETTINGS, cmd.county), version: next.version }
  await record(cmd, IdentitySettingChanged, subject, { by: cmd.actor.id, fields })
  return next
}

/** Names the one row of settings that a county has. */
const SETTINGS = '6f2c3f5e-5d0b-5c67-9a41-3e0e35a0f001'

const present = (row: store.SeatRow, name: string): Administrator => ({
  id: row.id,
  accountId: row.accountId,
  name,
  seat: row.seat as Seat,
  heldFrom: row.heldFrom.toISOString(),
  heldUntil: row.heldUntil?.toISOString() ?? null,
  appointedBy: row.appointedBy,
})
