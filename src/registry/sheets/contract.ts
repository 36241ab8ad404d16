import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { orNull } from '../../kernel/schema.ts'
import { SheetProblem } from '../../kernel/sheet-problems.ts'
import { ledgerEvent } from '../../ledger/index.ts'
import { areaPath, day, instant, oneOf, uuid } from '../contract.ts'
import { sheetKinds, type SheetField } from './columns.ts'

export const SHEET_BYTES_MAX = 300 * 1024 * 1024
export const SHEET_ROWS_MAX = 1_000_000
/** More rows than these that are wrong mean that the columns are, not the rows. */
export const PROBLEM_ROWS_MAX = 20_000
export const KEPT_DAYS = 30
/** A spreadsheet holds 1,048,576 rows. */
export const EXPORT_ROWS_MAX = 1_000_000

export const sheetsFaults = defineFaults({
  'registry.sheet_too_large': {
    status: 413,
    zh: '文件不能超过 {megabytes} MB，请分几次导入。',
    en: 'A file has {megabytes} MB at most. Please import it in parts.',
  },
  'registry.sheet_empty': { status: 400, zh: '文件是空的。', en: 'The file is empty.' },
  'registry.columns_missing': {
    status: 400,
    zh: '请先指明哪一列是：{columns}。',
    en: 'Please say first which column holds: {columns}.',
  },
  'registry.column_unknown': {
    status: 400,
    zh: '表里没有第 {column} 列。',
    en: 'The sheet has no column {column}.',
  },
  'registry.import_not_now': {
    status: 409,
    zh: '这次导入现在是“{state}”，不能这样操作。请刷新看看进度。',
    en: 'This import is “{state}” now, so this cannot be done. Please look again.',
  },
  'registry.too_many_problem_rows': {
    status: 400,
    zh: '有问题的行超过 {most} 行，多半是列认错了。请检查各列的对应关系再试算。',
    en: 'More than {most} rows have problems: most likely columns were taken for others. Please check the columns and try again.',
  },
  'registry.sheet_gone': {
    status: 410,
    zh: '原表已按期限删除，请重新上传。',
    en: 'The sheet was deleted on schedule. Please upload it again.',
  },
  'registry.export_reason_needed': {
    status: 400,
    zh: '请写明导出用途，至少 4 个字。',
    en: 'Please say what the export is for, in four characters or more.',
  },
})

export const importStates = [
  'reading',
  'mapping',
  'checking',
  'checked',
  'running',
  'paused',
  'done',
  'failed',
  'cancelled',
] as const
export type ImportState = (typeof importStates)[number]

export const Counts = Type.Object({
  rows: Type.Integer({ description: 'Records that were looked at.' }),
  fresh: Type.Integer({ description: 'People or organisations who are not known yet.' }),
  known: Type.Integer({ description: 'Known, and as they stand here: confirmed.' }),
  changed: Type.Integer({ description: 'Known, and something is new.' }),
  conflict: Type.Integer({
    description: 'Known, but they contradict what is registered: left for a person to decide.',
  }),
  refused: Type.Integer({ description: 'Rows with something wrong in them.' }),
  repeated: Type.Integer({ description: 'Rows that say again what an earlier row says.' }),
  homes: Type.Integer({ description: 'Homes that are not known yet.' }),
  buildings: Type.Integer({ description: 'Buildings that are not known yet.' }),
  households: Type.Integer({ description: 'Households that are not known yet.' }),
  coarse: Type.Integer({ description: 'Rows that name no micro-grid and stay at the area chosen for the import.' }),
})
export type Counts = Static<typeof Counts>
export const noCounts = (): Counts => ({
  rows: 0,
  fresh: 0,
  known: 0,
  changed: 0,
  conflict: 0,
  refused: 0,
  repeated: 0,
  homes: 0,
  buildings: 0,
  households: 0,
  coarse: 0,
})

const columns = Type.Record(Type.String({ maxLength: 40 }), Type.Integer({ minimum: 0, maximum: 199 }), {
  description: 'Column of each field, from 0.',
})

export const LookedSheet = Type.Object({
  name: Type.String(),
  headingRow: Type.Integer(),
  headingRows: Type.Integer({ description: '1 or 2.' }),
  headings: Type.Array(Type.String()),
  columns,
  remembered: Type.Boolean({ description: 'Somebody said so once for sheets with these headings.' }),
  recognised: Type.Boolean(),
  samples: Type.Array(Type.Array(Type.String()), { description: 'The first records; numbers covered.' }),
})
export type LookedSheet = Static<typeof LookedSheet>

const settings = {
  sheet: Type.String({ maxLength: 100 }),
  headingRow: Type.Integer({ minimum: 1, maximum: 1000 }),
  headingRows: Type.Integer({ minimum: 1, maximum: 2 }),
  columns,
  area: Type.Optional(areaPath),
  estate: Type.Optional(Type.String({ maxLength: 60, description: 'Of rows that name neither estate nor street.' })),
  asOf: Type.Optional(day),
}
export const MapSheet = Type.Object(settings, { additionalProperties: false })
export type MapSheet = Static<typeof MapSheet>

export const Import = Type.Object({
  id: uuid,
  kind: oneOf(sheetKinds),
  state: oneOf(importStates),
  areaPath: Type.String(),
  areaName: Type.String(),
  fileName: Type.String(),
  sizeBytes: Type.Integer(),
  sha256: Type.String(),
  settings: orNull(Type.Object(settings)),
  rowsTotal: orNull(Type.Integer()),
  rowsDone: Type.Integer(),
  checked: orNull(Counts),
  taken: orNull(Counts),
  trouble: orNull(Type.String({ description: 'What ended it, in the reader’s language.' })),
  byName: Type.String(),
  createdAt: instant,
  finishedAt: orNull(instant),
  fileKept: Type.Boolean({ description: 'False once the sheet itself was deleted on schedule.' }),
})
export type Import = Static<typeof Import>
export const ImportPage = Page(Import)
export type ImportPage = Static<typeof ImportPage>

export const SheetFieldView = Type.Object({ code: Type.String(), name: Type.String(), group: Type.String() })
export const ImportView = Type.Object({
  ...Import.properties,
  sheets: Type.Array(LookedSheet),
  fields: Type.Array(SheetFieldView, { description: 'What a column may hold.' }),
})
export type ImportView = Static<typeof ImportView>

export const BeginImport = Type.Object({
  kind: oneOf(sheetKinds),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  area: Type.Optional(areaPath),
})
export type BeginImport = Static<typeof BeginImport>

export const importActs = ['run', 'pause', 'resume', 'cancel', 'remap'] as const
export const ActOnImport = Type.Object({ act: oneOf(importActs) }, { additionalProperties: false })
export type ActOnImport = Static<typeof ActOnImport>

export const ListImports = Type.Object({ ...PageQuery.properties })
export const ProblemPage = Page(
  Type.Object({
    row: Type.Integer(),
    outcome: oneOf(['refused', 'conflict'] as const),
    problems: Type.Array(SheetProblem),
  }),
)
export type ProblemPage = Static<typeof ProblemPage>

export const exportLists = ['people', 'households', 'premises', 'organisations'] as const
export type ExportList = (typeof exportLists)[number]
export const ExportRoster = Type.Object(
  {
    list: oneOf(exportLists),
    area: Type.Optional(areaPath),
    registration: Type.Optional(oneOf(['registered', 'elsewhere', 'floating', 'foreign', 'unknown'] as const)),
    tag: Type.Optional(Type.String({ maxLength: 40, pattern: '^[a-z][A-Za-z0-9]*$' })),
    use: Type.Optional(
      oneOf(['ownerOccupied', 'let', 'vacant', 'enterprise', 'merchant', 'public', 'unknown'] as const),
    ),
    said: Type.Optional(
      Type.String({ maxLength: 200, description: 'The filter as the page shows it; stands at the head of the sheet.' }),
    ),
    reason: Type.String({ minLength: 4, maxLength: 200, description: 'What it is for; kept sealed beside its entry.' }),
  },
  { additionalProperties: false },
)
export type ExportRoster = Static<typeof ExportRoster>

export const Spreadsheet = Type.String({ description: 'An xlsx file.' })

export const SheetHandedIn = ledgerEvent(
  'registry.sheet_handed_in',
  Type.Object({ kind: Type.String(), areaPath: Type.String(), sha256: Type.String(), sizeBytes: Type.Integer() }),
)
export const SheetTaken = ledgerEvent(
  'registry.sheet_taken',
  Type.Object({
    kind: Type.String(),
    areaPath: Type.String(),
    sha256: Type.String(),
    act: Type.String({ description: 'run, pause, resume, cancel, done, failed' }),
    counts: Counts,
  }),
)
export const RosterExported = ledgerEvent(
  'registry.exported',
  Type.Object({
    list: Type.String(),
    areaPaths: Type.Array(Type.String()),
    filters: Type.Array(Type.String({ description: 'field=code' })),
    commitment: Type.String({ description: 'Hex of H(salt || reason).' }),
  }),
)

/** What is wrong with a row as it is kept, sealed: the field, what stands in its cell, and the words. */
export interface KeptProblem {
  readonly field: SheetField | null
  readonly cell: string
  readonly zh: string
  readonly en: string
}
