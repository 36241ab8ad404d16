import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { SheetProblem } from '../../kernel/sheet-problems.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { orNull, Uuid, Version } from '../contract.ts'

defineFaults({
  'grid.sheet_without_headings': {
    status: 400,
    zh: '没有找到表头。第一行（或标题下面一行）要有：{columns}。可以先下载模板对照。',
    en: 'No headings were found. One of the first rows must hold: {columns}. The template shows how.',
  },
  'grid.sheet_has_problems': {
    status: 409,
    zh: '表里还有 {count} 处问题，一行都没有导入。请改好再导。',
    en: 'There are {count} problems in the sheet, and nothing of it was taken in. Please mend them first.',
  },
  'grid.logo_unfit': {
    status: 400,
    zh: '标识要用 PNG、JPG 或 WebP 图片，不超过 2 MB。',
    en: 'The logo must be a PNG, JPEG or WebP picture of at most 2 MB.',
  },
  'grid.no_map_file': {
    status: 404,
    zh: '数据目录的 maps 文件夹里没有这个地图文件。',
    en: 'There is no such map file in the folder maps of the data directory.',
  },
})

/** The steps of setting up a county, in the order in which the wizard shows them. */
export const setupSteps = ['areas', 'staff', 'sms', 'face', 'hours', 'map', 'invitations', 'firstMatter'] as const
export type SetupStep = (typeof setupSteps)[number]
export const SetupStep = Type.Enum(setupSteps)
export const StepParams = Type.Object({ step: SetupStep })
export const StepMark = Type.Enum(['open', 'done', 'skipped'])
export type StepMark = Static<typeof StepMark>
export const MarkStep = Type.Object({ mark: StepMark }, { additionalProperties: false })
export type MarkStep = Static<typeof MarkStep>

export const SetupState = Type.Object({
  county: Type.String(),
  countyName: Type.String(),
  steps: Type.Array(
    Type.Object({
      step: SetupStep,
      mark: StepMark,
      byItself: Type.Boolean({ description: 'Done as the figures show, whoever ticked it.' }),
    }),
  ),
  counts: Type.Object({
    towns: Type.Integer(),
    villages: Type.Integer(),
    grids: Type.Integer(),
    microGrids: Type.Integer(),
    posts: Type.Integer(),
    vacantPosts: Type.Integer(),
    staff: Type.Integer(),
    invited: Type.Integer(),
    active: Type.Integer(),
  }),
})
export type SetupState = Static<typeof SetupState>

const found = {
  rows: Type.Integer(),
  areas: Type.Integer({ description: 'New ones.' }),
  posts: Type.Integer({ description: 'New ones.' }),
  people: Type.Integer({ description: 'New accounts.' }),
  seatings: Type.Integer({ description: 'People put into posts.' }),
  unchanged: Type.Integer({ description: 'Rows that say what is so already.' }),
  sha256: Type.String({ description: 'Of the file; the ledger names it when it is taken in.' }),
}
export const SheetChecked = Type.Object({
  ...found,
  columns: Type.Array(Type.Object({ sheet: Type.String(), headings: Type.Array(Type.String()) })),
  problemCount: Type.Integer(),
  problems: Type.Array(SheetProblem, { description: 'The first 200; the marked sheet has all.' }),
  sample: Type.Array(
    Type.Object({
      place: Type.String(),
      post: Type.String(),
      slot: Type.String(),
      name: Type.String(),
      phone: Type.String(),
    }),
    { description: 'The first of the new seatings, masked.' },
  ),
})
export type SheetChecked = Static<typeof SheetChecked>
export const SheetTaken = Type.Object(found)
export type SheetTaken = Static<typeof SheetTaken>
export const Bytes = Type.Any({ description: 'The file as it is.' })
export const Spreadsheet = Type.String({ description: 'An xlsx file.' })

/** Staff who wait for their first link. */
export const AskInvitations = Type.Object(
  {
    way: Type.Enum(['sms', 'print']),
    after: Type.Optional(Type.String({ maxLength: 60, description: 'Goes on behind this login name.' })),
  },
  { additionalProperties: false },
)
export type AskInvitations = Static<typeof AskInvitations>
export const Invitations = Type.Object({
  items: Type.Array(
    Type.Object({
      loginName: Type.String(),
      name: Type.String(),
      post: Type.String(),
      address: orNull(Type.String({ description: 'Only to be printed, and shown this once.' })),
      expiresAt: Type.String({ format: 'date-time' }),
      sent: Type.Boolean(),
    }),
  ),
  next: orNull(Type.String({ description: 'Where to go on; null when nobody is left.' })),
})
export type Invitations = Static<typeof Invitations>

/** What signs and headers say: whose platform this is. */
export const Organisation = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 40 }),
    version: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
)
export type Organisation = Static<typeof Organisation>
export const Face = Type.Object({
  name: Type.String({ description: 'Empty where none is set.' }),
  version: Type.Integer(),
  logo: orNull(Type.String({ description: 'Address of the picture.' })),
})
export type Face = Static<typeof Face>

export const BaseMap = Type.Object({
  kind: Type.Enum(['schematic', 'tianditu', 'pmtiles']),
  tiandituKey: orNull(Type.String({ description: 'A browser key of lbs.tianditu.gov.cn.' })),
  pmtiles: orNull(Type.String({ description: 'Address of the map file, served in ranges.' })),
  attribution: Type.String(),
  version: Type.Integer(),
})
export type BaseMap = Static<typeof BaseMap>
export const ChooseBaseMap = Type.Object(
  {
    kind: Type.Enum(['schematic', 'tianditu', 'pmtiles']),
    tiandituKey: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{32}$' })),
    file: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,80}\\.pmtiles$' })),
    version: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
)
export type ChooseBaseMap = Static<typeof ChooseBaseMap>
export const MapFiles = Type.Object({
  folder: Type.String(),
  items: Type.Array(Type.Object({ file: Type.String(), sizeBytes: Type.Integer() })),
})
export const MapFileParams = Type.Object({ file: Type.String({ maxLength: 100 }) })

/** What moves when somebody leaves. */
export const HandoverParams = Type.Object({ accountId: Uuid })
export const HandoverView = Type.Object({
  accountId: Uuid,
  name: Type.String(),
  loginName: orNull(Type.String()),
  version: Version,
  posts: Type.Array(
    Type.Object({
      postId: Uuid,
      name: Type.String(),
      areaPath: Type.String(),
      slot: Type.Enum(['A', 'B']),
      version: Version,
      proposed: orNull(Type.Object({ accountId: Uuid, name: Type.String() })),
    }),
  ),
  work: Type.Array(Type.Object({ label: Type.String(), count: Type.Integer() }), {
    description: 'What lies in their hands; it stays with the posts and so comes to who follows.',
  }),
})
export type HandoverView = Static<typeof HandoverView>
export const HandOver = Type.Object(
  {
    version: Version,
    posts: Type.Array(
      Type.Object({ postId: Uuid, slot: Type.Enum(['A', 'B']), version: Version, successorId: orNull(Uuid) }),
      { maxItems: 100 },
    ),
    closesAccount: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type HandOver = Static<typeof HandOver>
export const HandedOver = Type.Object({
  posts: Type.Integer(),
  vacant: Type.Integer({ description: 'Posts in which nobody is left.' }),
  closed: Type.Boolean(),
})
export type HandedOver = Static<typeof HandedOver>

/** A sheet of staff taken in: how much, and the file's hash, so that who keeps the file can show that it was this one. */
export const StaffSheetTaken = ledgerEvent(
  'staffSheet.taken',
  Type.Object({
    rows: Type.Integer(),
    areas: Type.Integer(),
    posts: Type.Integer(),
    people: Type.Integer(),
    seatings: Type.Integer(),
    sha256: Type.String(),
  }),
)
export const InvitationsIssued = ledgerEvent(
  'invitations.issued',
  Type.Object({ way: Type.Enum(['sms', 'print']), count: Type.Integer() }),
)
export const DutyHandedOver = ledgerEvent(
  'duty.handed_over',
  Type.Object({
    account: Uuid,
    posts: Type.Integer(),
    vacant: Type.Integer(),
    closed: Type.Boolean(),
  }),
)
