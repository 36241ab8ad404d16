import { hot, type Tx } from '../kernel/db.ts'

/** The columns of a table beside `county`, each with the type of its array. One a table: statements are named by it. */
export interface Sheet<Row> {
  readonly table: string
  readonly types: { readonly [Field in keyof Row]: string }
  /** Columns that an UPDATE finds the row by. */
  readonly key?: readonly (keyof Row & string)[]
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const AT_ONCE = 2_000

/** What an array parameter is read as: bytes travel as text, which is quicker than an array of bytea. */
const columnsOf = <Row>(sheet: Sheet<Row>): [field: string, type: string][] => Object.entries<string>(sheet.types)

const quoted = (text: string): string => `"${/["\\]/.test(text) ? text.replace(/["\\]/g, String.raw`\$&`) : text}"`

/** A value inside an array as PostgreSQL reads it: what holds no quotation mark by its type is not looked at for one. */
function elementOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'string') return quoted(value)
  if (Buffer.isBuffer(value)) return `"\\\\x${value.toString('hex')}"`
  if (value instanceof Date) return `"${value.toISOString()}"`
  return Array.isArray(value) ? quoted(value.join(',')) : String(value)
}

/** An array parameter as text: made here, it takes a third of the time that it takes in pg, which looks at each value again. */
export const arrayText = (values: readonly unknown[]): string => `{${values.map(elementOf).join(',')}}`

const arraysOf = <Row>(columns: readonly [string, string][], rows: readonly Row[]): string[] =>
  columns.map(([field]) => arrayText(rows.map((row) => (row as Record<string, unknown>)[field])))

/** Lists of codes travel joined: an array of arrays would be one long list to unnest(). */
const isList = (type: string): boolean => type === 'text[]'

/** Inserts many rows of one county, two thousand in a statement. */
export async function insertRows<Row>(tx: Tx, sheet: Sheet<Row>, county: string, rows: readonly Row[]): Promise<void> {
  const columns = columnsOf(sheet)
  const names = columns.map(([field]) => snake(field)).join(', ')
  const arrays = columns.map(([, type], at) => `$${at + 2}::${isList(type) ? 'text' : type}[]`).join(', ')
  const read = columns.map(([field, type]) =>
    isList(type) ? `string_to_array(r.${snake(field)}, ',')` : `r.${snake(field)}`,
  )
  const text = `insert into ${sheet.table} (county, ${names})
    select $1, ${read.join(', ')} from unnest(${arrays}) r (${names})`
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const part = rows.slice(from, from + AT_ONCE)
    await hot(tx, `registry_insert_${sheet.table}`, text, [county, ...arraysOf(columns, part)])
  }
}

/**
 * Writes whole rows over those of the version before.
 *
 * @returns how many were; fewer than given when somebody else was quicker.
 */
export async function updateRows<Row extends { id: string; version: number }>(
  tx: Tx,
  sheet: Sheet<Row>,
  county: string,
  rows: readonly Row[],
): Promise<number> {
  const columns = columnsOf(sheet)
  const names = columns.map(([field]) => snake(field))
  const arrays = columns.map(([, type], at) => `$${at + 2}::${type}[]`).join(', ')
  const set = names.filter((name) => name !== 'id').map((name) => `${name} = r.${name}`)
  const text = `update ${sheet.table} t set ${set.join(', ')} from unnest(${arrays}) r (${names.join(', ')})
    where t.county = $1 and t.id = r.id and t.version = r.version - 1 returning t.id`
  let saved = 0
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const part = rows.slice(from, from + AT_ONCE)
    const done = await hot(tx, `registry_update_${sheet.table}`, text, [county, ...arraysOf(columns, part)])
    saved += done.length
  }
  return saved
}

export interface ChangeRow {
  subjectId: string
  version: number
  subjectKind: string
  areaPath: string
  act: string
  /** Which fields changed, by name. */
  fields: string[]
  source: string
  reason: string
  byAccount: string | null
  byLabel: string
  at: Date
  changesSealed: Buffer | null
  salt: Buffer | null
  batchId: string | null
  batchPosition: number | null
}

const CHANGES: Sheet<ChangeRow> = {
  table: 'registry_change',
  types: {
    subjectId: 'uuid',
    version: 'integer',
    subjectKind: 'text',
    areaPath: 'text',
    act: 'text',
    fields: 'text[]',
    source: 'text',
    reason: 'text',
    byAccount: 'uuid',
    byLabel: 'text',
    at: 'timestamptz',
    changesSealed: 'bytea',
    salt: 'bytea',
    batchId: 'uuid',
    batchPosition: 'integer',
  },
}

export const insertChanges = (tx: Tx, county: string, rows: readonly ChangeRow[]): Promise<void> =>
  insertRows(tx, CHANGES, county, rows)

export interface UnmaskingRow {
  id: string
  subjectKind: string
  subjectId: string
  byAccount: string
  byLabel: string
  fields: string[]
  purpose: string
  reason: string
  salt: Buffer
  at: Date
}

export async function insertUnmasking(tx: Tx, county: string, row: UnmaskingRow): Promise<void> {
  await tx
    .insertInto('registryUnmasking')
    .values({ county, ...row })
    .execute()
}

export interface Look {
  at: Date
  byAccount: string
  byLabel: string
  fields: string[]
  reason: string
}

/** Looks behind the mask of a record, newest first; at most 100. */
export const listLooks = (tx: Tx, county: string, subjectId: string): Promise<Look[]> =>
  hot<Look>(
    tx,
    'registry_looks',
    `select at, by_account as "byAccount", by_label as "byLabel", fields, reason from registry_unmasking
     where county = $1 and subject_id = $2 order by at desc, id limit 100`,
    [county, subjectId],
  )
