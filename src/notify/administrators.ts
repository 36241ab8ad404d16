import type { Command } from '../kernel/command.ts'
import type { Entry, Handler } from '../kernel/jobs.ts'
import { RoleChangeProposed } from '../grid/index.ts'
import { holdersOfSeat, SeatChangeProposed, type Seat } from '../identity/index.ts'
import { on } from '../ledger/index.ts'
import { tell } from './service.ts'

const DAY_MS = 86_400_000

/** Tells everybody who holds the seat that something waits for them. */
async function tellSeat(cmd: Command, entry: Entry<{ expiresAt: string }>, topic: string, seat: Seat): Promise<void> {
  const days = Math.max(1, Math.round((Date.parse(entry.body.expiresAt) - entry.at.getTime()) / DAY_MS))
  await tell(cmd, {
    topic,
    entryId: entry.id,
    params: { days: String(days) },
    accountIds: await holdersOfSeat(cmd, seat),
  })
}

/** What one of the three administrators proposed and another has to agree to. */
export const administratorHandlers: readonly Handler[] = [
  on(SeatChangeProposed, 'notify.hear_seat_change', (cmd, entry) =>
    tellSeat(cmd, entry, 'identity.seat_change_waiting', entry.body.confirms),
  ),
  on(RoleChangeProposed, 'notify.hear_role_change', (cmd, entry) =>
    tellSeat(cmd, entry, 'grid.role_change_waiting', 'security'),
  ),
]
