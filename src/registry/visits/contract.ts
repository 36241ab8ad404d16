import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { ProposedId } from '../../kernel/proposed-id.ts'
import { orNull } from '../../kernel/schema.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { premisesUses } from '../addresses/contract.ts'
import { oneOf } from '../contract.ts'

defineFaults({
  'registry.met_later': {
    status: 400,
    zh: '走访时间不能晚于现在。',
    en: 'The visit cannot lie in the future.',
  },
  'registry.next_past': {
    status: 400,
    zh: '下次上门日期不能早于走访那天。',
    en: 'The next attempt cannot lie before the visit.',
  },
  'registry.campaign_days': {
    status: 400,
    zh: '结束日期不能早于开始日期。',
    en: 'The last day cannot lie before the first.',
  },
  'registry.campaign_closed': {
    status: 409,
    zh: '这次行动已经结束，不能再改。',
    en: 'This campaign is closed and cannot be changed.',
  },
  'registry.campaign_move': {
    status: 409,
    zh: '这次行动现在不能这样做，请刷新后再看。',
    en: 'That is not possible for this campaign now. Please reload.',
  },
  'registry.sensitive_tag': {
    status: 400,
    zh: '“{tag}”是敏感标签，不能用来安排上门：名单本身就会让人知道是谁。',
    en: '“{tag}” is sensitive and cannot choose doors: the list itself would tell who has it.',
  },
  'registry.segment_too_wide': {
    status: 400,
    zh: '这个人群涉及的门户太多（超过 {most} 户），请缩小范围，或直接按区域安排。',
    en: 'This segment finds more than {most} doors. Please narrow it, or plan by area.',
  },
  'registry.question_twice': {
    status: 400,
    zh: '有两个问题或选项用了同一个编号。',
    en: 'Two questions or choices have the same code.',
  },
  'registry.choices_needed': {
    status: 400,
    zh: '选择题至少要有一个选项。',
    en: 'A question to choose from needs a choice.',
  },
  'registry.conflict_decided': {
    status: 409,
    zh: '这处不一致已经有人处理过了。',
    en: 'Somebody has decided this already.',
  },
  'registry.conflict_stale': {
    status: 409,
    zh: '登记内容又变了，请看过现在的内容再决定。',
    en: 'The record has changed again. Please look at it before you decide.',
  },
  'registry.steward_full': {
    status: 409,
    zh: '一位管家最多联系 {most} 户，请换一位。',
    en: 'One steward looks after at most {most} households. Please choose another.',
  },
  'registry.not_steward': {
    status: 400,
    zh: '这位同志在这里没有走访的岗位，不能当管家。',
    en: 'This person holds no post that visits here, so cannot be the steward.',
  },
  'registry.not_your_visit': {
    status: 403,
    zh: '只有上门的人能把它转为办件。',
    en: 'Only who made the visit can make a case of it.',
  },
  'registry.visit_forgotten': {
    status: 410,
    zh: '保存期满，内容已按规定删除。',
    en: 'Its time of keeping is over; the words were deleted as the rules say.',
  },
})

const uuid = Type.String({ format: 'uuid' })
const instant = Type.String({ format: 'date-time' })
const day = Type.String({ format: 'date' })
const path = Type.String({ minLength: 6, maxLength: 200 })
const code = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,30}$' })
const strict = { additionalProperties: false } as const

const Use = oneOf(premisesUses)
export type PremisesUse = (typeof premisesUses)[number]

export const visitResults = ['visited', 'nobodyHome', 'refused'] as const
const Result = oneOf(visitResults)
export type VisitResult = (typeof visitResults)[number]

const Fate = Type.Union([Type.Literal('met'), Type.Literal('vouched'), Type.Literal('away'), Type.Literal('left')])
export type PersonFate = Static<typeof Fate>

export const forces = ['grid', 'police', 'party'] as const
export type Force = (typeof forces)[number]

/** What a door still wants: nothing (`done`), or why it is a gap. */
export const standings = ['done', 'open', 'nobodyHome', 'refused', 'person', 'questions'] as const
const Standing = oneOf(standings)
export type Standing = (typeof standings)[number]

/** Whom a campaign concerns; an empty list means all. */
export const Who = Type.Object(
  {
    uses: Type.Array(Use, { maxItems: 7 }),
    kinds: Type.Array(Type.Union([Type.Literal('registered'), Type.Literal('floating'), Type.Literal('collective')]), {
      maxItems: 3,
    }),
    tags: Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: 10 }),
    ageFrom: orNull(Type.Integer({ minimum: 0, maximum: 130 })),
    ageUntil: orNull(Type.Integer({ minimum: 0, maximum: 130 })),
    segmentId: Type.Optional(
      Type.String({
        format: 'uuid',
        description:
          'Only doors that fit a saved question: those at which it finds somebody or something when it is opened.',
      }),
    ),
  },
  strict,
)
export type Who = Static<typeof Who>

export const CampaignQuestion = Type.Object(
  {
    code,
    label: Type.String({ minLength: 1, maxLength: 100 }),
    widget: Type.Union([
      Type.Literal('radio'),
      Type.Literal('select'),
      Type.Literal('checks'),
      Type.Literal('text'),
      Type.Literal('textarea'),
      Type.Literal('number'),
      Type.Literal('date'),
      Type.Literal('switch'),
    ]),
    options: Type.Array(Type.Object({ value: code, label: Type.String({ minLength: 1, maxLength: 60 }) }, strict), {
      maxItems: 30,
    }),
    required: Type.Boolean(),
  },
  strict,
)
export type CampaignQuestion = Static<typeof CampaignQuestion>

const areaPaths = Type.Array(path, { minItems: 1, maxItems: 50 })

export const PreviewCampaign = Type.Object({ areaPaths, who: Who }, strict)
export type PreviewCampaign = Static<typeof PreviewCampaign>
export const CampaignPreview = Type.Object({
  doors: Type.Integer(),
  households: Type.Integer(),
  persons: Type.Integer(),
})
export type CampaignPreview = Static<typeof CampaignPreview>

export const OpenCampaign = Type.Object(
  {
    id: Type.Optional(ProposedId),
    name: Type.String({ minLength: 2, maxLength: 60 }),
    areaPaths,
    who: Who,
    questions: Type.Array(CampaignQuestion, { maxItems: 20 }),
    fromOn: day,
    untilOn: day,
  },
  strict,
)
export type OpenCampaign = Static<typeof OpenCampaign>

export const MoveCampaign = Type.Object(
  {
    move: Type.Union([Type.Literal('pause'), Type.Literal('resume'), Type.Literal('close')]),
    version: Type.Integer({ minimum: 1 }),
  },
  strict,
)
export type MoveCampaign = Static<typeof MoveCampaign>

/** Figures of some doors; each is a count of rows. */
const figures = {
  doors: Type.Integer(),
  done: Type.Integer(),
  open: Type.Integer(),
  nobodyHome: Type.Integer(),
  refused: Type.Integer(),
  person: Type.Integer({ description: 'Visited, but somebody who should live there was neither met nor vouched for.' }),
  questions: Type.Integer({ description: 'Visited, but its questions are not answered.' }),
  persons: Type.Integer(),
  missing: Type.Integer({ description: 'Persons of whom nobody knows yet.' }),
}
export const Figures = Type.Object(figures)
export type Figures = Static<typeof Figures>

const DrawnForm = Type.Object({ schema: Type.Unknown(), layout: Type.Array(Type.Unknown()) })
const campaignBrief = {
  id: uuid,
  version: Type.Integer(),
  name: Type.String(),
  state: Type.Union([Type.Literal('open'), Type.Literal('paused'), Type.Literal('closed')]),
  fromOn: day,
  untilOn: day,
  areas: Type.Array(Type.Object({ path, name: Type.String() })),
  byLabel: Type.String(),
}
export const CampaignBrief = Type.Object({ ...campaignBrief, figures: Figures })
export type CampaignBrief = Static<typeof CampaignBrief>
export const CampaignPage = Page(CampaignBrief)
export const ListCampaigns = Type.Object({ ...PageQuery.properties, live: Type.Optional(Type.Boolean()) })
export type ListCampaigns = Static<typeof ListCampaigns>

export const Campaign = Type.Object({
  ...campaignBrief,
  figures: Figures,
  who: Who,
  questions: Type.Array(CampaignQuestion),
  filled: Type.Boolean({ description: 'False while the doors of its areas are still being looked up.' }),
  openedAt: instant,
  closedAt: orNull(instant),
  moves: Type.Array(MoveCampaign.properties.move),
})
export type Campaign = Static<typeof Campaign>

export const AskCoverage = Type.Object({ area: Type.Optional(path) })
export type AskCoverage = Static<typeof AskCoverage>
export const Coverage = Type.Object({
  area: Type.Object({ path, name: Type.String() }),
  total: Figures,
  below: Type.Array(
    Type.Object({ path, name: Type.String(), hasBelow: Type.Boolean(), head: Type.String(), ...figures }),
  ),
  buildings: Type.Array(Type.Object({ id: uuid, name: Type.String(), ...figures }), {
    description: 'Of a leaf area, at most 300: more do not stand in one.',
  }),
})
export type Coverage = Static<typeof Coverage>

const person = Type.Object({
  id: uuid,
  version: Type.Integer(),
  name: Type.String(),
  sex: orNull(Type.String()),
  age: orNull(Type.Integer()),
  phone: Type.String({ description: 'Masked; empty where none is known.' }),
  relation: Type.String(),
  headRelation: orNull(Type.String()),
  tags: Type.Array(Type.String(), {
    description: 'Names of those that are not sensitive: these never go onto a phone.',
  }),
})
export type DoorPerson = Static<typeof person>
const target = Type.Object({
  campaignId: uuid,
  standing: Standing,
  tries: Type.Integer(),
  nextOn: orNull(day),
  missing: Type.Array(uuid, { description: 'Persons of whom nobody knows yet.' }),
})
export type DoorTarget = Static<typeof target>
const subject = Type.Object({
  id: uuid,
  householdId: orNull(uuid),
  kind: orNull(Type.String()),
  number: orNull(Type.String()),
  steward: Type.Boolean({ description: 'A household that the actor looks after.' }),
  people: Type.Array(person),
  targets: Type.Array(target),
  last: orNull(Type.Object({ id: uuid, metAt: instant, result: Result, byLabel: Type.String(), force: Type.String() })),
})
export type DoorSubject = Static<typeof subject>
/** Premises with whoever should be found behind the door: what a phone takes along. */
export const Door = Type.Object({
  premisesId: uuid,
  version: Type.Integer(),
  buildingId: uuid,
  building: Type.String(),
  unit: Type.String(),
  floor: orNull(Type.Integer()),
  room: Type.String(),
  address: Type.String(),
  use: Use,
  areaPath: path,
  subjects: Type.Array(subject),
})
export type Door = Static<typeof Door>
export const DoorPage = Page(Door)
export type DoorPage = Static<typeof DoorPage>
export const ListDoors = Type.Object({
  ...PageQuery.properties,
  area: path,
  campaign: Type.Optional(Type.String({ format: 'uuid' })),
})
export type ListDoors = Static<typeof ListDoors>

export const BuildingSheet = Type.Object({
  building: Type.Object({ id: uuid, name: Type.String(), address: Type.String() }),
  campaign: Type.String(),
  areaName: Type.String(),
  head: Type.String(),
  questions: Type.Array(Type.String()),
  doors: Type.Array(Door, { description: 'At most 600: more do not stand in one building.' }),
})
export type BuildingSheet = Static<typeof BuildingSheet>

/** What the phone begins with: where one goes, for which campaigns, and what is asked. */
export const Round = Type.Object({
  areas: Type.Array(Type.Object({ path, name: Type.String(), doors: Type.Integer(), gaps: Type.Integer() })),
  campaigns: Type.Array(
    Type.Object({
      id: uuid,
      name: Type.String(),
      state: Type.String(),
      fromOn: day,
      untilOn: day,
      form: orNull(DrawnForm),
      areas: Type.Array(Type.Object({ path, ...figures })),
    }),
  ),
  duties: Type.Array(Type.Object({ code: Type.String(), name: Type.String() })),
  conflicts: Type.Integer(),
  keepDays: Type.Integer(),
})
export type Round = Static<typeof Round>

const basedOn = Type.Integer({ minimum: 1, description: 'The version of the record that was read at the door.' })
/** What was found to be otherwise at the door; each goes into the registry, or is kept as a conflict. */
export const Correction = Type.Union([
  Type.Object({ kind: Type.Literal('phone'), personId: uuid, basedOn, phone: Type.String({ maxLength: 20 }) }, strict),
  Type.Object({ kind: Type.Literal('left'), personId: uuid, basedOn, on: day }, strict),
  Type.Object(
    {
      kind: Type.Literal('joined'),
      id: ProposedId,
      name: Type.String({ minLength: 1, maxLength: 60 }),
      phone: Type.Optional(Type.String({ maxLength: 20 })),
      citizenId: Type.Optional(Type.String({ maxLength: 30 })),
      relation: Type.Union([
        Type.Literal('owner'),
        Type.Literal('tenant'),
        Type.Literal('family'),
        Type.Literal('lodger'),
        Type.Literal('employee'),
      ]),
    },
    strict,
  ),
  Type.Object({ kind: Type.Literal('use'), basedOn, use: Use }, strict),
])
export type Correction = Static<typeof Correction>

export const RecordVisit = Type.Object(
  {
    id: Type.Optional(ProposedId),
    premisesId: uuid,
    householdId: Type.Optional(uuid),
    result: Result,
    metAt: Type.Optional(instant),
    text: Type.Optional(Type.String({ maxLength: 2000 })),
    duties: Type.Optional(Type.Array(code, { maxItems: 8 })),
    people: Type.Optional(Type.Array(Type.Object({ personId: uuid, fate: Fate }, strict), { maxItems: 60 })),
    answers: Type.Optional(
      Type.Array(
        Type.Object({ campaignId: uuid, values: Type.Record(Type.String({ maxLength: 40 }), Type.Unknown()) }, strict),
        { maxItems: 20 },
      ),
    ),
    corrections: Type.Optional(Type.Array(Correction, { maxItems: 30 })),
    nextOn: Type.Optional(orNull(day)),
    fileIds: Type.Optional(Type.Array(uuid, { maxItems: 9 })),
  },
  strict,
)
export type RecordVisit = Static<typeof RecordVisit>

const shown = {
  id: uuid,
  version: Type.Integer(),
  subjectId: uuid,
  premisesId: uuid,
  householdId: orNull(uuid),
  areaPath: path,
  areaName: Type.String(),
  address: Type.String(),
  metAt: instant,
  writtenAt: instant,
  result: Result,
  force: Type.String(),
  byLabel: Type.String(),
  byName: Type.String(),
  mine: Type.Boolean(),
  duties: Type.Array(Type.Object({ code: Type.String(), name: Type.String() })),
  text: Type.String({ description: 'Numbers of people in it are masked for everybody but the author.' }),
  nextOn: orNull(day),
  photos: Type.Integer(),
  campaigns: Type.Integer({ description: 'How many campaigns it filled.' }),
  corrections: Type.Integer(),
  conflicts: Type.Integer({ description: 'Corrections that a person has to decide.' }),
  forgotten: Type.Boolean(),
  matter: orNull(Type.Object({ id: uuid, number: Type.String(), stateName: Type.String(), tone: Type.String() })),
}
export const VisitBrief = Type.Object(shown)
export type VisitBrief = Static<typeof VisitBrief>
export const VisitPage = Page(VisitBrief)
export type VisitPage = Static<typeof VisitPage>
export const ListVisits = Type.Object({
  ...PageQuery.properties,
  area: Type.Optional(path),
  premises: Type.Optional(Type.String({ format: 'uuid' })),
  subject: Type.Optional(Type.String({ format: 'uuid' })),
})
export type ListVisits = Static<typeof ListVisits>

export const VisitView = Type.Object({
  ...shown,
  fileIds: Type.Array(uuid),
  people: Type.Array(Type.Object({ name: Type.String(), fate: Fate })),
  answers: Type.Array(
    Type.Object({
      campaign: Type.String(),
      values: Type.Array(Type.Object({ label: Type.String(), value: Type.String() })),
    }),
  ),
  keptUntil: day,
  mayFile: Type.Boolean(),
})
export type VisitView = Static<typeof VisitView>

export const FileVisit = Type.Object(
  {
    category: Type.Optional(
      Type.String({ minLength: 1, maxLength: 40, description: 'Left out: the one of what was done there.' }),
    ),
    text: Type.Optional(
      Type.String({ minLength: 1, maxLength: 2000, description: 'Left out: the words of the visit.' }),
    ),
  },
  strict,
)
export type FileVisit = Static<typeof FileVisit>
export const VisitFiledAs = Type.Object({ id: uuid, number: Type.String() })
export type VisitFiledAs = Static<typeof VisitFiledAs>

export const AskGaps = Type.Object({
  ...PageQuery.properties,
  area: Type.Optional(path),
  standing: Type.Optional(Standing),
})
export type AskGaps = Static<typeof AskGaps>
export const Gap = Type.Object({
  subjectId: uuid,
  premisesId: uuid,
  address: Type.String(),
  head: Type.String({ description: 'Of the household; empty where there is none.' }),
  areaPath: path,
  areaName: Type.String(),
  responsible: Type.String(),
  standing: Standing,
  persons: Type.Integer(),
  missing: Type.Integer(),
  tries: Type.Integer(),
  visitedAt: orNull(instant),
  nextOn: orNull(day),
})
export type Gap = Static<typeof Gap>
export const GapPage = Page(Gap)
export type GapPage = Static<typeof GapPage>
export const AskGapSheet = Type.Object({ area: Type.Optional(path), standing: Type.Optional(Standing) })
export type AskGapSheet = Static<typeof AskGapSheet>

export const ListConflicts = Type.Object({ ...PageQuery.properties, area: Type.Optional(path) })
export type ListConflicts = Static<typeof ListConflicts>
export const VisitConflict = Type.Object({
  id: uuid,
  visitId: uuid,
  kind: Type.String(),
  reason: Type.String(),
  address: Type.String(),
  areaName: Type.String(),
  subjectName: Type.String({ description: 'Whose record it is about.' }),
  proposed: Type.String({ description: 'What was seen at this visit; empty once forgotten.' }),
  standing: Type.String({ description: 'What the registry says now.' }),
  recordVersion: Type.Integer({ description: 'Sent back with the decision.' }),
  byLabel: Type.String(),
  byName: Type.String(),
  metAt: instant,
  otherLabel: Type.String({ description: 'Who changed the record meanwhile; empty where that is not known.' }),
  otherAt: orNull(instant),
  mayTake: Type.Boolean(),
})
export type VisitConflict = Static<typeof VisitConflict>
export const ConflictPage = Page(VisitConflict)
export type ConflictPage = Static<typeof ConflictPage>
export const DecideConflict = Type.Object(
  {
    take: Type.Boolean({ description: 'True: what this visit saw goes into the registry; false: the registry stays.' }),
    recordVersion: Type.Integer({ minimum: 0 }),
  },
  strict,
)
export type DecideConflict = Static<typeof DecideConflict>
export const ConflictDecided = Type.Object({ id: uuid, state: Type.String() })

export const ListStewards = Type.Object({ ...PageQuery.properties, area: path })
export type ListStewards = Static<typeof ListStewards>
export const StewardRow = Type.Object({
  householdId: uuid,
  address: Type.String(),
  head: Type.String(),
  members: Type.Integer(),
  accountId: orNull(uuid),
  stewardName: Type.String(),
  fromOn: orNull(day),
})
export type StewardRow = Static<typeof StewardRow>
export const StewardPage = Page(StewardRow)
export const PutSteward = Type.Object({ accountId: orNull(uuid) }, strict)
export type PutSteward = Static<typeof PutSteward>
export const AskStewardPeople = Type.Object({ area: path })
export const StewardPeople = Type.Object({
  items: Type.Array(
    Type.Object({ accountId: uuid, name: Type.String(), label: Type.String(), households: Type.Integer() }),
  ),
  most: Type.Integer(),
})
export type StewardPeople = Static<typeof StewardPeople>

/** What a county may set: key `registry.visits` of its settings. */
export const VisitSetting = Type.Object({ keepDays: Type.Integer({ minimum: 180, maximum: 3650 }) }, strict)
export type VisitSetting = Static<typeof VisitSetting>

const commitment = Type.String({ description: 'Hex of H(salt || JCS of the words); the salt goes with the words.' })
export const CampaignOpened = ledgerEvent(
  'campaign.opened',
  Type.Object({
    areaPaths: Type.Array(Type.String()),
    uses: Type.Array(Type.String()),
    questions: Type.Integer(),
    fromOn: Type.String(),
    untilOn: Type.String(),
  }),
)
export const CampaignMoved = ledgerEvent(
  'campaign.moved',
  Type.Object({
    move: Type.String(),
    from: Type.String(),
    to: Type.String(),
    doors: Type.Integer(),
    done: Type.Integer(),
  }),
)
export const VisitRecorded = ledgerEvent(
  'visit.recorded',
  Type.Object({
    premisesId: Type.String(),
    householdId: orNull(Type.String()),
    areaPath: Type.String(),
    result: Type.String(),
    force: Type.String(),
    duties: Type.Array(Type.String()),
    campaigns: Type.Array(Type.String()),
    photos: Type.Integer(),
    conflicts: Type.Integer(),
    commitment,
  }),
)
export const VisitFiled = ledgerEvent(
  'visit.filed',
  Type.Object({ matterId: Type.String(), areaPath: Type.String(), category: Type.String() }),
)
export const VisitConflictDecided = ledgerEvent(
  'visitConflict.decided',
  Type.Object({ visitId: Type.String(), recordId: Type.String(), kind: Type.String(), taken: Type.Boolean() }),
)
export const VisitsForgotten = ledgerEvent(
  'visits.forgotten',
  Type.Object({ before: Type.String(), visits: Type.Integer(), files: Type.Integer() }),
)
export const StewardAssigned = ledgerEvent(
  'steward.assigned',
  Type.Object({ householdId: Type.String(), account: orNull(Type.String()), areaPath: Type.String() }),
)
export const GapsExported = ledgerEvent(
  'gaps.exported',
  Type.Object({ campaignId: Type.String(), areaPath: Type.String(), rows: Type.Integer(), sha256: Type.String() }),
)
