import { setImmediate as breathe } from 'node:timers/promises'
import { coveredDigits } from '../../kernel/sheet-problems.ts'
import type { Bytes } from '../../kernel/sheet-bytes.ts'
import { readSheets, type SheetLimits, type SheetRow } from '../../kernel/sheets.ts'
import { normaliseAddress } from '../addresses/rules.ts'
import { SHEET_ROWS_MAX, type LookedSheet, type MapSheet } from './contract.ts'
import type { SheetKind } from './columns.ts'
import { fingerprintOf, headingOf, type Heading } from './headings.ts'
import { RowReader, type ReadRow } from './rows.ts'
import { keyOfId, keyOfText, SeenKeys } from './seen.ts'

/** What a roster of a county may cost: a million rows, whatever lies packed. */
export const rosterLimits: SheetLimits = {
  unpackedBytesMax: 1_600 * 1024 * 1024,
  rowsMax: SHEET_ROWS_MAX + 1_000,
  columnsMax: 200,
  cellCharactersMax: 32_767,
  sharedCharactersMax: 40_000_000,
}

const HEAD_ROWS = 40
const SHEETS_MAX = 20
const SAMPLES = 4
const SAMPLE_CHARACTERS = 40

/** The sheets of a file with what their columns seem to hold; reads the top of each. */
export async function lookAt(
  bytes: Bytes,
  kind: SheetKind,
  remembered: (fingerprint: string) => Promise<Record<string, number> | undefined>,
): Promise<LookedSheet[]> {
  const heads = new Map<string, SheetRow[]>()
  for await (const { sheet, rows } of readSheets(bytes, rosterLimits, { firstRows: HEAD_ROWS })) {
    const held = heads.get(sheet) ?? []
    if (heads.size < SHEETS_MAX || heads.has(sheet)) heads.set(sheet, [...held, ...rows].slice(0, HEAD_ROWS))
    await breathe()
  }
  const looked: LookedSheet[] = []
  for (const [name, rows] of heads) {
    if (rows.length === 0) continue
    const found = headingOf(rows, kind)
    const heading: Heading = found ?? { row: rows[0]!.number, rows: 1, headings: rows[0]!.cells, columns: {} }
    const known = await remembered(fingerprintOf(kind, heading.headings))
    const first = heading.row + heading.rows
    looked.push({
      name,
      headingRow: heading.row,
      headingRows: heading.rows,
      headings: heading.headings.map((text) => text.slice(0, SAMPLE_CHARACTERS)),
      columns: known ?? heading.columns,
      remembered: known !== undefined,
      recognised: found !== undefined,
      samples: rows
        .filter(({ number }) => number >= first)
        .slice(0, SAMPLES)
        .map(({ cells }) =>
          heading.headings.map((_, at) => coveredDigits(cells[at] ?? '').slice(0, SAMPLE_CHARACTERS)),
        ),
    })
  }
  return looked
}

/** The heading that somebody has confirmed. */
export const headingFrom = (settings: MapSheet, headings: readonly string[]): Heading => ({
  row: settings.headingRow,
  rows: settings.headingRows === 2 ? 2 : 1,
  headings,
  columns: settings.columns,
})

/** Notices rows that say again what an earlier row said, and people who live at two doors at once. */
class Repeats {
  readonly #seen = new SeenKeys()

  mark(row: ReadRow): ReadRow {
    const { person, door, number } = row
    if (!person || row.problems.length > 0) return row
    const said = `${door.street}${door.houseNumber}${door.estate}${door.building}|${door.unit}|${door.room}`
    const address = keyOfText(normaliseAddress(said)) % 0x7fffffff
    const key = person.citizenId
      ? keyOfId(person.citizenId)
      : keyOfText(`${person.name}|${person.bornOn ?? ''}|${person.phone ?? ''}|${address}`)
    const seen = this.#seen.find(key)
    if (!seen) {
      this.#seen.add(key, person.livesHere ? number : -number, address)
      return row
    }
    const again = seen.beside === address || !this.#seen.add(keyOfText(`${key}|${address}`), number, address)
    if (again) return { ...row, repeated: true }
    if (seen.row < 0 || !person.livesHere) return row
    const zh = `第 ${seen.row} 行写着同一个证件号住在另一处，请核对哪一处对。`
    const en = `Row ${seen.row} has the same ID number living at another door; please see which is right.`
    return { ...row, problems: [{ field: 'citizenId', zh, en }] }
  }
}

/** Rows of one transaction and one entry of the ledger. */
const BATCH_ROWS = 5_000
/** A household is not cut in two unless it is as large as this. */
const OVER_ROWS = 500
const BREATH_ROWS = 500

/** Some records of a sheet, in their order. */
export interface Batch {
  readonly rows: readonly ReadRow[]
  /** Records before them. */
  readonly before: number
}

export interface SheetToRead {
  readonly kind: SheetKind
  readonly settings: MapSheet
  readonly headings: readonly string[]
  readonly today: string
}

/** Every row of the chosen sheet as it is understood, noise left out; the loop breathes between them. */
export async function* readRows(bytes: Bytes, sheet: SheetToRead): AsyncGenerator<ReadRow> {
  const { kind, settings, headings, today } = sheet
  const reader = new RowReader(kind, headingFrom(settings, headings), today, settings.estate ?? '')
  let since = 0
  for await (const part of readSheets(bytes, rosterLimits, { sheet: settings.sheet })) {
    for (const row of part.rows) {
      const read = reader.read(row)
      if (read && !read.noise) yield read
      if (++since % BREATH_ROWS === 0) await breathe()
    }
  }
}

/** The records of a sheet in batches; those that are done with are read for what later rows inherit, and passed over. */
export async function* batchesOf(
  bytes: Bytes,
  sheet: SheetToRead,
  { done, most = BATCH_ROWS }: { done: number; most?: number | undefined },
): AsyncGenerator<Batch> {
  const repeats = new Repeats()
  let rows: ReadRow[] = []
  let count = 0
  let door = ''
  for await (const read of readRows(bytes, sheet)) {
    const row = repeats.mark(read)
    if (++count <= done) continue
    const here = JSON.stringify(row.door)
    if (rows.length >= most && (here !== door || rows.length >= most + OVER_ROWS)) {
      yield { rows, before: count - 1 - rows.length }
      rows = []
    }
    door = here
    rows.push(row)
  }
  if (rows.length > 0) yield { rows, before: count - rows.length }
}

/** The same batches, the next one read while the one before is worked off. */
export async function* ahead<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  let next = items.next()
  try {
    for (;;) {
      const { done, value } = await next
      if (done) return
      next = items.next()
      // Its failure is heard when it is its turn.
      next.catch(() => {})
      yield value
    }
  } finally {
    await next.catch(() => {})
    await items.return(undefined)
  }
}
