import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { decodeCursor, encodeCursor } from '../../kernel/pages.ts'
import type { Ranges, Step } from './rules.ts'
import { countRarest, SCANNED_MAX, type Look, type Place } from './store.ts'

const NIL = '00000000-0000-0000-0000-000000000000'
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Where a page ended: in which step, in which range, behind which place and record. */
export type Cursor = readonly [step: number, range: number, path: string, id: string]

/** @throws kernel.bad_request when it is none of ours. */
export function readCursor(text: string): Cursor {
  const [step, range, path, id] = decodeCursor(text, 4)
  const whole = [step, range].every((value) => typeof value === 'number' && Number.isInteger(value) && value >= 0)
  if (!whole || typeof path !== 'string' || typeof id !== 'string' || !uuid.test(id))
    throw new Fault('kernel.bad_request', { field: 'after' })
  return [Number(step), Number(range), path, id]
}

export interface Found<Row> {
  rows: Row[]
  next: string | null
  complete: boolean
}

/** A step, and how its records are fetched. */
export interface Stride<Row> extends Step {
  find(tx: Command['tx'], county: string, tokens: readonly string[], look: Look): Promise<Row[]>
}

export interface Walk {
  ranges: Ranges
  limit: number
  cursor: Cursor | null
}

/** The ranges behind the cursor; a path outside them finds nothing, for the range's end stays. */
function lookFrom(ranges: Ranges, cursor: Cursor | null, limit: number): Look {
  const rest = cursor ? ranges.slice(cursor[1]) : ranges
  const first = rest[0]
  const goesOn = cursor !== null && first !== undefined && cursor[2] >= first[0]
  return {
    low: rest.map(([low], at) => (at === 0 && goesOn ? cursor[2] : low)),
    high: rest.map(([, high]) => high),
    after: rest.map((_range, at) => (at === 0 && goesOn ? cursor[3] : NIL)),
    limit,
  }
}

/**
 * Goes through the steps, the surest first, until the page is full.
 *
 * @param wants drops what the step finds but is not to be shown at this place.
 */
export async function walk<Row extends Place>(
  cmd: Command,
  strides: readonly Stride<Row>[],
  { ranges, limit, cursor }: Walk,
  wants: (row: Row, step: Step) => boolean,
): Promise<Found<Row>> {
  const rows: Row[] = []
  const seen = new Set<string>()
  let complete = true
  let last: Cursor | null = cursor
  for (let at = cursor?.[0] ?? 0; at < strides.length; at++) {
    const stride = strides[at]!
    let here = last?.[0] === at ? last : null
    for (;;) {
      const look = lookFrom(ranges, here, limit - rows.length + 1)
      const found = await stride.find(cmd.tx, cmd.county, stride.tokens, look)
      for (const row of found) {
        const isWanted = !seen.has(row.id) && wants(row, stride)
        if (isWanted && rows.length === limit) return { rows, next: last && encodeCursor([...last]), complete }
        last = [at, (here?.[1] ?? 0) + row.n - 1, row.foundAt, row.id]
        if (!isWanted) continue
        seen.add(row.id)
        rows.push(row)
      }
      if (found.length < look.limit) break
      here = last
    }
    if (stride.tokens.length > 1 && complete) complete = await wasWhole(cmd, stride, ranges)
  }
  return { rows, next: null, complete }
}

async function wasWhole(cmd: Command, { tokens }: Step, ranges: Ranges): Promise<boolean> {
  const look = { low: ranges.map(([low]) => low), high: ranges.map(([, high]) => high) }
  return (await countRarest(cmd.tx, cmd.county, { tokens, look, most: SCANNED_MAX + 1 })) <= SCANNED_MAX
}
