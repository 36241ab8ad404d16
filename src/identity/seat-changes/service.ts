import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { decodeCursor, pageOf, type PageOf } from '../../kernel/pages.ts'
import { record } from '../../ledger/index.ts'
import { findSeat } from '../administrators/store.ts'
import { holdersOfSeat, leaveSeat, requireSeatable, takeSeat } from '../administrators/index.ts'
import { SeatChangeDecided, SeatChangeProposed, type Seat } from '../contract.ts'
import { namesOf } from '../people/index.ts'
import { findAccount, listSeats } from '../store.ts'
import type { AppointAdministrator, SeatChange, SeatChangeQuery } from './contract.ts'
import { changersOf, movesOf, SEAT_CHANGE_DAYS } from './rules.ts'
import * as store from './store.ts'

const DAY_MS = 86_400_000

/**
 * Proposes somebody as administrator; the seat is theirs when the other kind of administrator has confirmed it.
 *
 * @throws identity.other_administrator, identity.not_oneself, identity.own_invitation, identity.seat_excluded,
 *   identity.seat_needs_phone, identity.holds_post, identity.change_pending
 */
export async function proposeAppointment(cmd: Command, input: AppointAdministrator): Promise<{ id: string }> {
  requireProposer(cmd, input.seat)
  await requireSeatable(cmd, input)
  await requireStranger(cmd, input.accountId)
  return propose(cmd, { kind: 'appoint', accountId: input.accountId, seat: input.seat, seatId: null })
}

/** Proposes that somebody's seat ends. @throws identity.last_administrator, identity.other_administrator, identity.change_pending */
export async function proposeDismissal(cmd: Command, administratorId: string): Promise<{ id: string }> {
  requireGrant(cmd, 'identity.appoint', cmd.county)
  const row = await findSeat(cmd.tx, cmd.county, administratorId)
  if (!row) throw new Fault('kernel.not_found')
  const seat = row.seat as Seat
  requireProposer(cmd, seat)
  if (row.heldUntil) throw new Fault('kernel.conflict')
  if ((await holdersOfSeat(cmd, seat)).length === 1) throw new Fault('identity.last_administrator')
  return propose(cmd, { kind: 'dismiss', accountId: row.accountId, seat, seatId: row.id })
}

function requireProposer(cmd: Command, seat: Seat): void {
  requireSeat(requireGrant(cmd, 'identity.appoint', cmd.county).postId, changersOf(seat).proposes)
}

/** Refuses unless the seat that allowed the act is this one. */
function requireSeat(postId: string, seat: Seat): void {
  if (postId.startsWith('seat:') && postId !== `seat:${seat}`) throw new Fault('identity.seat_changed_by_others')
}

/**
 * Whoever makes an account also sees its first link, and could sit down in it. So an account that one invited oneself
 * can be proposed or confirmed by oneself only after somebody signed in to it from a browser that is not one's own.
 */
async function requireStranger(cmd: Command, accountId: string): Promise<void> {
  const account = await findAccount(cmd.tx, cmd.county, accountId)
  if (!cmd.actor.id || account?.invitedBy !== cmd.actor.id) return
  if (!(await store.hasOwnDevice(cmd.tx, cmd.county, accountId, cmd.actor.id)))
    throw new Fault('identity.own_invitation')
}

type Wish = Pick<store.SeatChangeRow, 'accountId' | 'seatId'> & { kind: 'appoint' | 'dismiss'; seat: Seat }

async function propose(cmd: Command, wish: Wish): Promise<{ id: string }> {
  if (wish.accountId === cmd.actor.id) throw new Fault('identity.not_oneself')
  for (const row of await store.lockOverdue(cmd.tx, cmd.county, cmd.now, wish.accountId))
    await decide(cmd, row, 'expired')
  const expiresAt = new Date(cmd.now.getTime() + SEAT_CHANGE_DAYS * DAY_MS)
  const row = await store.insertChange(cmd.tx, {
    county: cmd.county,
    id: uuidv7(cmd.now),
    ...wish,
    state: 'pending',
    proposedBy: cmd.actor.id ?? '',
    proposedAt: cmd.now,
    expiresAt,
    version: 1,
  })
  const { kind, accountId: account, seat } = wish
  const body = {
    by: cmd.actor.id,
    kind,
    account,
    seat,
    confirms: changersOf(seat).confirms,
    expiresAt: expiresAt.toISOString(),
  }
  await record(cmd, SeatChangeProposed, { id: row.id, version: 1 }, body)
  return { id: row.id }
}

type Outcome = 'confirmed' | 'refused' | 'withdrawn' | 'expired'

async function decide(cmd: Command, row: store.SeatChangeRow, outcome: Outcome): Promise<{ id: string }> {
  const saved = await store.saveChange(cmd.tx, row, { state: outcome, decidedBy: cmd.actor.id, decidedAt: cmd.now })
  const { accountId: account, kind, seat } = row
  await record(
    cmd,
    SeatChangeDecided,
    { id: row.id, version: saved.version },
    { by: cmd.actor.id, kind: kind as Wish['kind'], account, seat: seat as Seat, outcome },
  )
  return { id: row.id }
}

async function lockToDecide(cmd: Command, id: string): Promise<store.SeatChangeRow> {
  const row = await store.lockChange(cmd.tx, cmd.county, id)
  if (row.state !== 'pending' || row.expiresAt <= cmd.now) throw new Fault('identity.change_over')
  return row
}

async function lockToConfirm(cmd: Command, id: string): Promise<store.SeatChangeRow> {
  const grant = requireGrant(cmd, 'identity.confirm_seats', cmd.county)
  const row = await lockToDecide(cmd, id)
  requireSeat(grant.postId, changersOf(row.seat as Seat).confirms)
  if ([row.proposedBy, row.accountId].includes(cmd.actor.id ?? '')) throw new Fault('identity.not_oneself')
  return row
}

/**
 * Brings a proposed change into force; every rule is asked again, since days may lie between.
 *
 * @throws identity.change_over, identity.not_oneself, identity.seat_changed_by_others, identity.last_administrator and
 *   whatever an appointment is refused for.
 */
export async function confirmChange(cmd: Command, id: string): Promise<{ id: string }> {
  const row = await lockToConfirm(cmd, id)
  const by = { proposedBy: row.proposedBy, confirmedBy: cmd.actor.id }
  if (row.kind === 'appoint') {
    await requireStranger(cmd, row.accountId)
    await takeSeat(cmd, { accountId: row.accountId, seat: row.seat as Seat }, by)
  } else await leaveSeat(cmd, row.seatId ?? '', by)
  return decide(cmd, row, 'confirmed')
}

/** Says no; things stay as they are. @throws identity.change_over, identity.seat_changed_by_others */
export async function refuseChange(cmd: Command, id: string): Promise<{ id: string }> {
  return decide(cmd, await lockToConfirm(cmd, id), 'refused')
}

/** The proposer thinks better of it. @throws identity.change_over, kernel.forbidden for what somebody else proposed. */
export async function withdrawChange(cmd: Command, id: string): Promise<{ id: string }> {
  requireGrant(cmd, 'identity.appoint', cmd.county)
  const row = await lockToDecide(cmd, id)
  if (row.proposedBy !== cmd.actor.id && cmd.actor.kind !== 'system') throw new Fault('kernel.forbidden')
  return decide(cmd, row, 'withdrawn')
}

/** Closes what nobody answered in time. @returns how many; run again until it says 0. */
export async function expireChanges(cmd: Command): Promise<number> {
  const rows = await store.lockOverdue(cmd.tx, cmd.county, cmd.now)
  for (const row of rows) await decide(cmd, row, 'expired')
  return rows.length
}

/** One change, with what whoever confirms it should know. */
export async function getChange(cmd: Command, id: string): Promise<SeatChange> {
  requireGrant(cmd, 'identity.read_accounts', cmd.county)
  const row = await store.findChange(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  return (await present(cmd, [row]))[0]!
}

/** Waiting and past changes, newest first. */
export async function listChanges(cmd: Command, query: SeatChangeQuery): Promise<PageOf<SeatChange>> {
  requireGrant(cmd, 'identity.read_accounts', cmd.county)
  const limit = query.limit ?? 20
  const before = query.after ? String(decodeCursor(query.after, 1)[0]) : null
  const rows = await store.listChangeRows(cmd.tx, cmd.county, { limit, before, state: query.state })
  const page = pageOf(rows, limit, (row) => [row.id])
  return { ...page, items: await present(cmd, page.items) }
}

async function present(cmd: Command, rows: store.SeatChangeRow[]): Promise<SeatChange[]> {
  const people = rows.flatMap((row) => [row.accountId, row.proposedBy, row.decidedBy ?? row.proposedBy])
  const names = await namesOf(cmd, people)
  const backgrounds = await store.listBackgrounds(cmd.tx, cmd.county, [...new Set(rows.map((row) => row.accountId))])
  const seats = cmd.actor.id ? await listSeats(cmd.tx, cmd.county, cmd.actor.id) : []
  return rows.map((row) => {
    const account = backgrounds.get(row.accountId)
    return {
      id: row.id,
      kind: row.kind as Wish['kind'],
      seat: row.seat as Seat,
      accountId: row.accountId,
      name: names.get(row.accountId) ?? '',
      state: row.state === 'pending' && row.expiresAt <= cmd.now ? 'expired' : (row.state as SeatChange['state']),
      proposedBy: row.proposedBy,
      proposedByName: names.get(row.proposedBy) ?? '',
      proposedAt: row.proposedAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      confirms: changersOf(row.seat as Seat).confirms,
      decidedBy: row.decidedBy,
      decidedByName: names.get(row.decidedBy ?? '') ?? '',
      decidedAt: row.decidedAt?.toISOString() ?? null,
      account: {
        createdAt: (account?.createdAt ?? row.proposedAt).toISOString(),
        lastSignedInAt: account?.lastSignedInAt?.toISOString() ?? null,
        invitedByProposer: account?.invitedBy === row.proposedBy,
      },
      moves: movesOf(row, { id: cmd.actor.id, seats }, cmd.now),
      version: row.version,
    }
  })
}
