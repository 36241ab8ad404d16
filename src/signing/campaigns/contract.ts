import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { orNull } from '../../kernel/schema.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { EnvelopeState } from '../envelopes/contract.ts'

defineFaults({
  'signing.letter_not_approved': {
    status: 409,
    zh: '这份文书还没有批准，批准后才能发起签署。',
    en: 'This letter has not been approved yet.',
  },
  'signing.deadline_past': {
    status: 400,
    zh: '截止时间要晚于现在，最多半年。',
    en: 'The deadline must lie ahead, within half a year.',
  },
  'signing.campaign_fixed': {
    status: 409,
    zh: '这次签署已经发出或截止，不能再这样改。',
    en: 'This signing has begun or ended and cannot be changed like that.',
  },
  'signing.nobody_to_send': {
    status: 409,
    zh: '没有一行可以发送，请先按提示改好名单。',
    en: 'No row can be sent. Please mend the list first.',
  },
  'signing.seal_waits': {
    status: 409,
    zh: '用章还没有批准，请印章保管人先同意。',
    en: 'The use of the seal has not been approved yet.',
  },
  'signing.seal_needed': {
    status: 400,
    zh: '这份文书要盖“{role}”的章，请选一枚印章。',
    en: 'This letter carries the seal of “{role}”. Please choose one.',
  },
  'signing.sheet_without_headings': {
    status: 400,
    zh: '表里没有找到“姓名”和“手机号”两列，请用模板填写。',
    en: 'The sheet has no columns for name and phone number. Please fill in the template.',
  },
  'signing.too_many_rows': {
    status: 400,
    zh: '一次最多 {most} 人，这份有 {count} 行，请分开发起。',
    en: 'At most {most} at once; this has {count} rows. Please split it.',
  },
  'signing.segment_people': {
    status: 400,
    zh: '请选按“人”圈出的人群。',
    en: 'Please choose a segment of people.',
  },
  'signing.row_no_name': { status: 400, zh: '没有姓名。', en: 'The name is missing.' },
  'signing.row_bad_phone': { status: 400, zh: '手机号不对或没有填。', en: 'The mobile number is missing or wrong.' },
  'signing.row_bad_citizen_id': { status: 400, zh: '身份证号不对或没有填。', en: 'The ID number is missing or wrong.' },
  'signing.row_under_age': {
    status: 400,
    zh: '未满 18 周岁，应由监护人签。',
    en: 'Under 18: a guardian has to sign.',
  },
  'signing.row_twice': { status: 400, zh: '和第 {row} 行重复。', en: 'The same as row {row}.' },
  'signing.row_deceased': { status: 400, zh: '登记为已故。', en: 'Registered as deceased.' },
})

const uuid = Type.String({ format: 'uuid' })
const instant = Type.String({ format: 'date-time' })
const path = Type.String({ minLength: 6, maxLength: 200, pattern: '^[0-9A-Za-z_./-]+$' })
const closed = { additionalProperties: false } as const

export const identityLevels = ['phone', 'registry', 'face'] as const
export const campaignStates = ['draft', 'checked', 'running', 'paused', 'closed'] as const
const sealStates = ['none', 'asked', 'approved', 'refused'] as const

export const OpenCampaign = Type.Object(
  {
    title: Type.String({ minLength: 2, maxLength: 60 }),
    letterId: uuid,
    areaPath: path,
    identityLevel: Type.Enum(identityLevels),
    signingOrder: Type.Optional(Type.Enum(['sequence', 'parallel'])),
    minorAllowed: Type.Optional(Type.Boolean({ description: 'Minors may be written to: a guardian helps.' })),
    fixed: Type.Record(Type.String({ maxLength: 40 }), Type.Union([Type.String(), Type.Integer(), Type.Boolean()]), {
      description: 'What the sender says for everybody, by variable.',
    }),
    deadline: instant,
    reminders: Type.Array(Type.Integer({ minimum: 1, maximum: 90 }), {
      maxItems: 6,
      description: 'Days after the first message.',
    }),
    sealId: Type.Optional(orNull(uuid)),
  },
  closed,
)
export type OpenCampaign = Static<typeof OpenCampaign>

export const Figures = Type.Object({
  faulty: Type.Integer(),
  waiting: Type.Integer(),
  sent: Type.Integer(),
  opened: Type.Integer(),
  signed: Type.Integer({ description: 'Signed, and not sealed yet.' }),
  sealed: Type.Integer(),
  declined: Type.Integer(),
  ended: Type.Integer({ description: 'Expired, revoked or superseded.' }),
})
export type Figures = Static<typeof Figures>

const shown = {
  id: uuid,
  version: Type.Integer(),
  title: Type.String(),
  letterId: uuid,
  letterName: Type.String(),
  areaPath: Type.String(),
  areaName: Type.String(),
  organiser: Type.String(),
  identityLevel: Type.Enum(identityLevels),
  state: Type.Enum(campaignStates),
  deadline: instant,
  createdAt: instant,
  startedAt: orNull(instant),
  byLabel: Type.String(),
  figures: Figures,
}
export const CampaignBrief = Type.Object(shown)
export type CampaignBrief = Static<typeof CampaignBrief>
export const CampaignPage = Page(CampaignBrief)
export type CampaignPage = Static<typeof CampaignPage>
export const ListCampaigns = Type.Object({
  ...PageQuery.properties,
  state: Type.Optional(Type.Enum(campaignStates)),
})
export type ListCampaigns = Static<typeof ListCampaigns>

export const CampaignView = Type.Object({
  ...shown,
  letterHash: Type.String(),
  signingOrder: Type.Enum(['sequence', 'parallel']),
  reminders: Type.Array(Type.Integer()),
  source: Type.String(),
  sealId: orNull(uuid),
  sealName: orNull(Type.String()),
  sealState: Type.Enum(sealStates),
  sealLabel: orNull(Type.String()),
  collaborators: Type.Array(
    Type.Object({ accountId: uuid, name: Type.String(), part: Type.Enum(['manage', 'follow']) }),
  ),
  mayManage: Type.Boolean(),
  mayDecideSeal: Type.Boolean(),
})
export type CampaignView = Static<typeof CampaignView>

/** What was found in a list before anything is sent. */
export const Checked = Type.Object({
  rows: Type.Integer(),
  good: Type.Integer(),
  faulty: Type.Integer(),
  problems: Type.Array(
    Type.Object({ row: Type.Integer(), name: Type.String({ description: 'Masked.' }), problem: Type.String() }),
    { maxItems: 200, description: 'The first 200; the list of envelopes has all.' },
  ),
})
export type Checked = Static<typeof Checked>

export const FromSegment = Type.Object({ segmentId: uuid }, closed)
export const OfCampaign = Type.Object({ version: Type.Integer({ minimum: 1 }) }, closed)
export const DecideSeal = Type.Object({ version: Type.Integer({ minimum: 1 }), approve: Type.Boolean() }, closed)
export type DecideSeal = Static<typeof DecideSeal>
export const Collaborate = Type.Object(
  { accountId: uuid, part: Type.Enum(['manage', 'follow', 'none']) },
  { ...closed, description: 'part none takes somebody off again.' },
)
export type Collaborate = Static<typeof Collaborate>

const envelope = {
  id: uuid,
  version: Type.Integer(),
  row: Type.Integer(),
  name: Type.String({ description: 'Masked where the reader only follows.' }),
  phone: Type.String({ description: 'Masked.' }),
  areaPath: Type.String(),
  areaName: Type.String(),
  address: Type.String(),
  state: EnvelopeState,
  trouble: orNull(Type.String()),
  problems: Type.Array(Type.String()),
  signers: Type.Integer(),
  signed: Type.Integer(),
  sentAt: orNull(instant),
  openedAt: orNull(instant),
  signedAt: orNull(instant),
  sealedAt: orNull(instant),
  reminded: Type.Integer(),
}
export const EnvelopeBrief = Type.Object(envelope)
export type EnvelopeBrief = Static<typeof EnvelopeBrief>
export const EnvelopePage = Page(EnvelopeBrief)
export type EnvelopePage = Static<typeof EnvelopePage>
export const ListEnvelopes = Type.Object({
  ...PageQuery.properties,
  state: Type.Optional(EnvelopeState),
  faulty: Type.Optional(Type.Boolean()),
  area: Type.Optional(path),
})
export type ListEnvelopes = Static<typeof ListEnvelopes>

export const EnvelopeView = Type.Object({
  ...envelope,
  campaignId: uuid,
  campaignTitle: Type.String(),
  letterName: Type.String(),
  letterHash: Type.String(),
  verifyCode: Type.String(),
  expiresAt: instant,
  documentSha256: orNull(Type.String()),
  fileId: orNull(uuid),
  supersedes: orNull(uuid),
  supersededBy: orNull(uuid),
  chainHolds: Type.Boolean({ description: 'Whether every event is still bound to the one before.' }),
  evidence: Type.Array(
    Type.Object({
      seq: Type.Integer(),
      kind: Type.String(),
      at: instant,
      by: Type.String(),
      detail: Type.String(),
      hash: Type.String(),
    }),
  ),
  parties: Type.Array(
    Type.Object({
      position: Type.Integer(),
      role: Type.String(),
      name: Type.String(),
      state: Type.String(),
      identifiedBy: orNull(Type.String()),
      signedAt: orNull(instant),
      helper: orNull(Type.String()),
    }),
  ),
  mayManage: Type.Boolean(),
})
export type EnvelopeView = Static<typeof EnvelopeView>

export const EndEnvelope = Type.Object(
  { version: Type.Integer({ minimum: 1 }), reason: Type.String({ minLength: 2, maxLength: 200 }) },
  closed,
)
export type EndEnvelope = Static<typeof EndEnvelope>
export const Correct = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    reason: Type.String({ minLength: 2, maxLength: 200 }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 30 })),
    phone: Type.Optional(Type.String({ maxLength: 20 })),
    values: Type.Record(Type.String({ maxLength: 40 }), Type.Union([Type.String(), Type.Integer(), Type.Boolean()])),
  },
  closed,
)
export type Correct = Static<typeof Correct>

export const Rates = Type.Object({
  areaPath: Type.String(),
  areaName: Type.String(),
  total: Figures,
  parts: Type.Array(Type.Object({ areaPath: Type.String(), areaName: Type.String(), figures: Figures })),
  curve: Type.Array(
    Type.Object({ hour: instant, signed: Type.Integer({ description: 'Up to the end of that hour.' }) }),
  ),
})
export type Rates = Static<typeof Rates>
export const AskRates = Type.Object({ area: Type.Optional(path) })

/** What waits at a micro-grid head's doors. */
export const WorkPage = Page(
  Type.Object({
    id: uuid,
    campaignId: uuid,
    title: Type.String(),
    name: Type.String(),
    phone: Type.String({ description: 'Masked; asked for one by one.' }),
    areaName: Type.String(),
    address: Type.String(),
    state: EnvelopeState,
    expiresAt: instant,
    reminded: Type.Integer(),
  }),
)
export type WorkPage = Static<typeof WorkPage>
export const ListWork = Type.Object({ ...PageQuery.properties, area: Type.Optional(path) })
export type ListWork = Static<typeof ListWork>
export const PhoneNumber = Type.Object({ phone: Type.String() })

export const SealView = Type.Object({
  id: uuid,
  version: Type.Integer(),
  name: Type.String(),
  areaPath: Type.String(),
  areaName: Type.String(),
  state: Type.Enum(['active', 'retired']),
  validUntil: instant,
  byLabel: Type.String(),
  mayDecide: Type.Boolean(),
})
export type SealView = Static<typeof SealView>
export const SealPage = Page(SealView)
export type SealPage = Static<typeof SealPage>
export const MakeSeal = Type.Object({ name: Type.String({ minLength: 2, maxLength: 40 }), areaPath: path }, closed)
export type MakeSeal = Static<typeof MakeSeal>

/** What the caller may do, so that a page shows no button that would be refused. */
export const SigningTerms = Type.Object({
  mayRead: Type.Boolean(),
  mayManage: Type.Boolean(),
  mayApprove: Type.Boolean(),
  maySeal: Type.Boolean(),
  mayHelp: Type.Boolean(),
  places: Type.Array(Type.Object({ areaPath: Type.String(), areaName: Type.String() }), {
    description: 'Where one may send letters, or keep a seal.',
  }),
})
export type SigningTerms = Static<typeof SigningTerms>

export const CampaignChanged = ledgerEvent(
  'signing.campaign_changed',
  Type.Object({
    act: Type.String(),
    areaPath: Type.String(),
    letterHash: Type.String(),
    recipients: orNull(Type.Integer()),
  }),
)
export const SealChanged = ledgerEvent(
  'signing.seal_changed',
  Type.Object({ act: Type.String(), areaPath: Type.String() }),
)
