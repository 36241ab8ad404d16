import type { Seat } from '../contract.ts'
import type { SeatChangeMove } from './contract.ts'

/** Long enough for a fortnightly office day, short enough that nobody confirms what everybody has forgotten. */
export const SEAT_CHANGE_DAYS = 7

/**
 * Who changes a seat: always the two others, one proposing and one confirming, so that no administrator alone can make
 * or unmake another, and none has a say in their own kind.
 */
export function changersOf(seat: Seat): { proposes: 'system' | 'security'; confirms: 'security' | 'audit' } {
  if (seat === 'system') return { proposes: 'security', confirms: 'audit' }
  return { proposes: 'system', confirms: seat === 'audit' ? 'security' : 'audit' }
}

export interface Standing {
  state: string
  proposedBy: string
  accountId: string
  seat: string
  expiresAt: Date
}

/** What somebody with these seats may do with a change now. */
export function movesOf(
  change: Standing,
  reader: { id: string | null; seats: readonly string[] },
  now: Date,
): SeatChangeMove[] {
  if (change.state !== 'pending' || change.expiresAt <= now || !reader.id) return []
  if (change.proposedBy === reader.id) return ['withdraw']
  const confirms = reader.seats.includes(changersOf(change.seat as Seat).confirms)
  return confirms && change.accountId !== reader.id ? ['confirm', 'refuse'] : []
}
