import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { SheetProblem } from '../../kernel/sheet-problems.ts'
import { ledgerEvent } from '../../ledger/index.ts'

/** As many tickets as one sheet may bring: a county's busy week. */
export const TICKETS_MAX = 2_000

export const hotlineFaults = defineFaults({
  'loop.sheet_without_headings': {
    status: 400,
    zh: '没有找到表头。前几行里要有：{columns}。可以先下载模板对照。',
    en: 'No headings were found. One of the first rows must hold: {columns}. The template shows how.',
  },
  'loop.sheet_has_problems': {
    status: 409,
    zh: '表里还有 {count} 处问题，一件都没有导入。请改好再导。',
    en: 'There are {count} problems in the sheet, and nothing of it was taken in. Please mend them first.',
  },
  'loop.too_many_tickets': {
    status: 413,
    zh: '一次最多导入 {most} 件工单，这张表有 {count} 件，请分几次导入。',
    en: 'At most {most} tickets at once; this sheet has {count}. Please split it.',
  },
})

/** What the hotline calls something, and what that is here; `form` answers what the kind's report form must know. */
const Meaning = Type.Object(
  {
    said: Type.String({ minLength: 1, maxLength: 60 }),
    kind: Type.String({ maxLength: 60 }),
    category: Type.String({ maxLength: 40 }),
    form: Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 60 }), {
      default: {},
      maxProperties: 10,
    }),
  },
  { additionalProperties: false },
)
/** What a county may set: key `hotline.mapping` of its settings. Towns take sheets in with the same words. */
export const HotlineMeanings = Type.Array(Meaning, { maxItems: 500 })
export type HotlineMeanings = Static<typeof HotlineMeanings>

const HotlineKind = Type.Object({
  kind: Type.String(),
  name: Type.String(),
  categories: Type.Array(Type.Object({ code: Type.String(), name: Type.String() })),
  fields: Type.Array(
    Type.Object({
      field: Type.String(),
      label: Type.String(),
      options: Type.Array(Type.Object({ value: Type.String(), label: Type.String() })),
    }),
    { description: 'What its report form must know besides.' },
  ),
})
export type HotlineKind = Static<typeof HotlineKind>
export const HotlineMapping = Type.Object({
  version: Type.Integer(),
  items: Type.Array(Meaning),
  offers: Type.Array(HotlineKind, { description: 'Kinds that a ticket may become, as the packs in force say.' }),
})
export type HotlineMapping = Static<typeof HotlineMapping>
export const SetHotlineMapping = Type.Object(
  { items: HotlineMeanings, version: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false },
)
export type SetHotlineMapping = Static<typeof SetHotlineMapping>

const counts = {
  rows: Type.Integer({ description: 'Tickets in the sheet.' }),
  fresh: Type.Integer({ description: 'Tickets that become matters.' }),
  known: Type.Integer({ description: 'Tickets that were taken in before.' }),
  located: Type.Integer({ description: 'Of the fresh ones: a village or something finer was found.' }),
  named: Type.Integer({ description: 'Of the fresh ones: the category was found.' }),
  sha256: Type.String({ description: 'Of the file; the ledger names it when it is taken in.' }),
}

export const HotlineChecked = Type.Object({
  ...counts,
  headings: Type.Array(Type.String(), { description: 'The columns that were recognised, as the sheet calls them.' }),
  problemCount: Type.Integer(),
  problems: Type.Array(SheetProblem, { description: 'The first 200; the marked sheet has all.' }),
  words: Type.Array(
    Type.Object({
      said: Type.String({ description: 'The category as the sheet has it.' }),
      count: Type.Integer(),
      kind: Type.String(),
      category: Type.String(),
      isNamed: Type.Boolean({ description: 'False: nothing was found for it.' }),
    }),
    { description: 'What fresh tickets call themselves, the most frequent of them, and what each becomes.' },
  ),
  sample: Type.Array(
    Type.Object({
      ticket: Type.String(),
      caller: Type.String({ description: 'Masked.' }),
      phone: Type.String({ description: 'Masked.' }),
      summary: Type.String(),
      place: Type.String(),
      isLocated: Type.Boolean({ description: 'False: the dispatcher there finds the place.' }),
      category: Type.String(),
    }),
    { description: 'The first of the fresh tickets.' },
  ),
})
export type HotlineChecked = Static<typeof HotlineChecked>

export const HotlineTaken = Type.Object({
  ...counts,
  items: Type.Array(
    Type.Object({
      ticket: Type.String(),
      matterId: Type.String({ format: 'uuid' }),
      number: Type.String(),
      areaName: Type.String(),
    }),
    { description: 'The first 200 of the new matters; the work list has all.' },
  ),
})
export type HotlineTaken = Static<typeof HotlineTaken>
export const Bytes = Type.Any({ description: 'The file as it is.' })
export const Spreadsheet = Type.String({ description: 'An xlsx file.' })

/** A sheet of hotline tickets taken in: how many, and the file's hash, so that who keeps the file can show that it was this one. */
export const HotlineSheetTaken = ledgerEvent(
  'hotlineSheet.taken',
  Type.Object({
    rows: Type.Integer(),
    fresh: Type.Integer(),
    known: Type.Integer(),
    located: Type.Integer(),
    named: Type.Integer(),
    sha256: Type.String(),
  }),
)
