import { hot, type Tx } from '../../kernel/db.ts'

/** Which of the tickets were taken in before; at most as many as are asked for. */
export async function listTaken(tx: Tx, county: string, tickets: readonly string[]): Promise<Set<string>> {
  const text = `select ticket from hotline_ticket where county = $1 and ticket = any($2::text[])`
  const rows = await hot<{ ticket: string }>(tx, 'hotline_taken', text, [county, tickets])
  return new Set(rows.map(({ ticket }) => ticket))
}

/** Writes down which matters the tickets became. @returns how many were not there before. */
export async function insertTickets(
  tx: Tx,
  county: string,
  rows: readonly { ticket: string; matterId: string }[],
  at: Date,
): Promise<number> {
  const text = `insert into hotline_ticket (county, ticket, matter_id, taken_at)
    select $1, t.ticket, t.matter, $4 from unnest($2::text[], $3::uuid[]) as t (ticket, matter)
    on conflict (county, ticket) do nothing returning ticket`
  const tickets = rows.map(({ ticket }) => ticket)
  const matters = rows.map(({ matterId }) => matterId)
  return (await hot<{ ticket: string }>(tx, 'hotline_insert', text, [county, tickets, matters, at])).length
}
