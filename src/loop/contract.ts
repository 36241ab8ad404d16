import { Type, type Static } from 'typebox'
import { defineFaults } from '../kernel/faults.ts'
import { Page, PageQuery } from '../kernel/pages.ts'
import { orNull } from '../kernel/schema.ts'
import { ProposedId } from '../kernel/proposed-id.ts'
import { ledgerEvent } from '../ledger/index.ts'

export const loopFaults = defineFaults({
  'loop.not_holder': { status: 403, zh: '这件事现在不在您手上。', en: 'This matter is not in your hands now.' },
  'loop.same_person': {
    status: 403,
    zh: '办理的人不能自己核查，请换一位同事核查。',
    en: 'The person who handled it cannot verify it. Please ask a colleague.',
  },
  'loop.guard_refused': {
    status: 409,
    zh: '条件不满足，这一步不能做。',
    en: 'The conditions for this step are not met.',
  },
  'loop.too_early': {
    status: 409,
    zh: '还没到时候，{at} 起才能办这一步。',
    en: 'It is too early: this step is possible from {at} on.',
  },
  'loop.outside_area': {
    status: 422,
    zh: '这个位置不在本县（市、区）的网格范围内，请核对位置，或自己选择所在的村、社区。',
    en: 'This position lies outside the grids of this county. Please check it, or choose the village yourself.',
  },
  'loop.place_needed': {
    status: 422,
    zh: '不能确定是哪个微网格，请选一下。',
    en: 'We cannot tell which micro-grid this is in. Please choose it.',
  },
  'loop.unknown_category': {
    status: 400,
    zh: '没有这个类别，请重新选择。',
    en: 'There is no such category. Please choose again.',
  },
  'loop.bad_target': {
    status: 400,
    zh: '不能转给这个单位或岗位，请重新选择。',
    en: 'It cannot be handed to this unit or post. Please choose again.',
  },
  'loop.rated_already': { status: 409, zh: '您已经评价过了。', en: 'You have rated this already.' },
  'loop.rating_too_early': { status: 409, zh: '办结以后才能评价。', en: 'You can rate it once it is closed.' },
  'loop.contact_needed': {
    status: 400,
    zh: '请填反映人的手机号；没有手机的填称呼，办好后当面或打电话告知。',
    en: 'Please give the reporter’s mobile number; without one, their name, so that they can be told in person or by phone.',
  },
  'loop.photo_needed': {
    status: 400,
    zh: '这一步要附上现场照片作为依据。',
    en: 'This step needs a photo taken on site as evidence.',
  },
})

const uuid = Type.String({ format: 'uuid' })
const instant = Type.String({ format: 'date-time' })
const path = Type.String({ maxLength: 200 })

/** Where something is, in degrees. GCJ-02 is converted at the door; what was sent is kept. */
export const Position = Type.Object({
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  accuracyMetres: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000 })),
  system: Type.Optional(Type.Union([Type.Literal('wgs84'), Type.Literal('gcj02')])),
  source: Type.Optional(Type.Union([Type.Literal('gps'), Type.Literal('map'), Type.Literal('photo')])),
})
export type Position = Static<typeof Position>

export const ReportMatter = Type.Object(
  {
    id: Type.Optional(ProposedId),
    kind: Type.String({ maxLength: 40, description: 'One of `GET /kinds`.' }),
    category: Type.String({ maxLength: 40, description: 'Code of the pack’s category list.' }),
    text: Type.String({ minLength: 1, maxLength: 2000 }),
    position: Type.Optional(Position),
    areaPath: Type.Optional(
      Type.String({ maxLength: 200, description: 'The micro-grid (or higher area) that the person chose.' }),
    ),
    address: Type.Optional(Type.String({ maxLength: 200 })),
    fileIds: Type.Optional(Type.Array(uuid, { maxItems: 9 })),
    form: Type.Optional(Type.Record(Type.String({ maxLength: 60 }), Type.Unknown())),
    contact: Type.Optional(
      Type.Object({
        name: Type.Optional(Type.String({ maxLength: 60 })),
        phone: Type.Optional(Type.String({ maxLength: 20 })),
        channel: Type.Optional(
          Type.Union([Type.Literal('visit'), Type.Literal('phone'), Type.Literal('hotline'), Type.Literal('patrol')]),
        ),
      }),
    ),
  },
  { additionalProperties: false },
)
export type ReportMatter = Static<typeof ReportMatter>

export const Deadline = Type.Object({
  dueAt: instant,
  provisional: Type.Boolean({ description: 'Counted on plain weekdays: the year’s holiday list is not known yet.' }),
  sentence: Type.Optional(
    Type.String({ description: 'The deadline explained in the reader’s language; not in lists.' }),
  ),
  left: Type.String({ description: 'What is left, as people say it.' }),
  overdue: Type.Boolean(),
})
export type Deadline = Static<typeof Deadline>

export const Receipt = Type.Object({
  id: uuid,
  number: Type.String(),
  progressCode: orNull(
    Type.String({ description: 'Shows the progress without an account; given out once, to the reporter.' }),
  ),
  state: Type.String(),
  stateName: Type.String(),
  areaPath: path,
  areaName: Type.String(),
  due: orNull(Deadline),
  next: Type.String({ description: 'What happens next, in a sentence.' }),
})
export type Receipt = Static<typeof Receipt>

export const Target = Type.Object({
  role: Type.String(),
  unit: Type.String({ description: 'Department of the post; empty where the role has none.' }),
  areaPath: path,
  label: Type.String(),
  group: Type.String({ description: 'The role’s name, under which a long list is grouped.' }),
})
export type Target = Static<typeof Target>

export const MoveOffer = Type.Object({
  move: Type.String(),
  name: Type.String(),
  hint: Type.String(),
  emphasis: Type.Union([Type.Literal('primary'), Type.Literal('normal'), Type.Literal('danger')]),
  form: orNull(Type.Object({ schema: Type.Unknown(), layout: Type.Unknown() })),
  targets: Type.Array(Target, { description: 'To whom it may be given; empty when the pack decides.' }),
  photoNeeded: Type.Boolean(),
  opensAt: orNull(Type.String({ format: 'date-time', description: 'Possible only from then on.' })),
})
export type MoveOffer = Static<typeof MoveOffer>

export const TimelineItem = Type.Object({
  entryId: uuid,
  version: Type.Integer(),
  at: instant,
  event: Type.String(),
  title: Type.String({ description: 'What happened, in the reader’s language.' }),
  by: Type.String({ description: 'Post or role of who did it; a deputy says for whom.' }),
  byName: orNull(Type.String()),
  from: orNull(Type.String()),
  to: orNull(Type.String()),
  details: Type.Array(Type.Object({ label: Type.String(), value: Type.String() })),
  fileIds: Type.Array(uuid),
})
export type TimelineItem = Static<typeof TimelineItem>

const brief = {
  id: uuid,
  number: Type.String(),
  kind: Type.String(),
  category: Type.String(),
  categoryName: Type.String(),
  summary: Type.String({ description: 'The first words of what was reported.' }),
  state: Type.String(),
  stateName: Type.String(),
  tone: Type.Union([
    Type.Literal('waiting'),
    Type.Literal('running'),
    Type.Literal('parked'),
    Type.Literal('done'),
    Type.Literal('void'),
  ]),
  urgent: Type.Boolean(),
  areaPath: path,
  areaName: Type.String(),
  holder: Type.String({ description: 'Whose hands it is in: post and area.' }),
  due: orNull(Deadline),
  overdue: Type.Boolean(),
  reportedAt: instant,
  closedAt: orNull(instant),
  version: Type.Integer(),
}
/** A row of a work list. */
export const MatterBrief = Type.Object(brief)
export type MatterBrief = Static<typeof MatterBrief>

export const MatterFile = Type.Object({
  id: uuid,
  role: Type.String(),
  mediaType: Type.String(),
  name: Type.String(),
  state: Type.String(),
  at: instant,
})
export type MatterFile = Static<typeof MatterFile>

/** A matter tied to another: a complaint to the work that was notified where it was heard. */
export const LinkedMatter = Type.Object({
  id: uuid,
  number: Type.String(),
  categoryName: Type.String(),
  stateName: Type.String(),
  tone: brief.tone,
  reportedAt: instant,
})
export type LinkedMatter = Static<typeof LinkedMatter>

export const Matter = Type.Object({
  ...brief,
  packVersion: Type.Integer(),
  text: Type.String(),
  address: Type.String(),
  position: orNull(
    Type.Object({ longitude: Type.Number(), latitude: Type.Number(), accuracyMetres: orNull(Type.Number()) }),
  ),
  areaNames: Type.Array(Type.String(), { description: 'From the county down to the micro-grid.' }),
  reporter: Type.Object({
    label: Type.String(),
    name: orNull(Type.String({ description: 'Masked.' })),
    phone: orNull(Type.String({ description: 'Masked; the full number asks for a reason.' })),
    mayUnmask: Type.Boolean(),
  }),
  dutyBasis: Type.String({ description: 'The item of the town’s duty list that this kind falls under.' }),
  handledBy: orNull(Type.String()),
  duplicateOf: orNull(uuid),
  linked: Type.Array(LinkedMatter),
  rating: orNull(Type.Object({ score: Type.String(), comment: Type.String(), at: instant })),
  moves: Type.Array(MoveOffer, { description: 'Legal next moves of this actor; one button each.' }),
  timeline: Type.Array(TimelineItem),
  files: Type.Array(MatterFile),
})
export type Matter = Static<typeof Matter>

export const MakeMove = Type.Object(
  {
    id: Type.Optional(ProposedId),
    move: Type.String({ maxLength: 60 }),
    version: Type.Integer({ minimum: 1, description: 'The version last seen; a stale one is refused.' }),
    form: Type.Optional(Type.Record(Type.String({ maxLength: 60 }), Type.Unknown())),
    target: Type.Optional(
      Type.Object({
        role: Type.String({ maxLength: 60 }),
        unit: Type.Optional(Type.String({ maxLength: 60 })),
        areaPath: path,
      }),
    ),
    fileIds: Type.Optional(Type.Array(uuid, { maxItems: 9 })),
  },
  { additionalProperties: false },
)
export type MakeMove = Static<typeof MakeMove>

/** Words and photos that somebody who sees the matter leaves beside it; its state stays. */
export const RemarkMatter = Type.Object(
  {
    id: Type.Optional(ProposedId),
    text: Type.String({ minLength: 1, maxLength: 2000 }),
    fileIds: Type.Optional(Type.Array(uuid, { maxItems: 9 })),
  },
  { additionalProperties: false },
)
export type RemarkMatter = Static<typeof RemarkMatter>
export const Remarked = Type.Object({ id: uuid, version: Type.Integer() })
export type Remarked = Static<typeof Remarked>

export const Day = Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' })

/** What a work list is narrowed down to; also what a saved view keeps. */
export const WorkFilter = Type.Object(
  {
    scope: Type.Optional(Type.Enum(['open', 'mine', 'unit', 'overdue', 'dueSoon', 'closed', 'all'])),
    area: Type.Optional(path),
    state: Type.Optional(Type.String({ maxLength: 60 })),
    tone: Type.Optional(Type.Enum(['waiting', 'running', 'parked', 'done', 'void'])),
    kind: Type.Optional(Type.String({ maxLength: 40, description: 'One of `GET /kinds`.' })),
    category: Type.Optional(Type.String({ maxLength: 40 })),
    channel: Type.Optional(
      Type.String({ maxLength: 20, description: 'How it came in: phone, visit, hotline, patrol, resident …' }),
    ),
    due: Type.Optional(Type.Enum(['overdue', 'soon', 'later', 'none'])),
    holder: Type.Optional(
      Type.String({
        maxLength: 300,
        pattern: '^[A-Za-z0-9]+\\.[A-Za-z0-9]*@[0-9]{6}(/[A-Za-z0-9_-]{1,24})*$',
        description: 'In whose hands: role.department@area.',
      }),
    ),
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    number: Type.Optional(Type.String({ maxLength: 40, description: 'The exact matter number.' })),
    text: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 60,
        description: 'Words of the report or its address, or part of its number.',
      }),
    ),
    sort: Type.Optional(Type.Enum(['newest', 'oldest', 'due'])),
  },
  { additionalProperties: false },
)
export type WorkFilter = Static<typeof WorkFilter>

export const ListMatters = Type.Object({ ...PageQuery.properties, ...WorkFilter.properties })
export type ListMatters = Static<typeof ListMatters>
export const MatterPage = Page(MatterBrief)
export type MatterPage = Static<typeof MatterPage>

export const FindDuplicates = Type.Object({
  kind: Type.Optional(Type.String({ maxLength: 40 })),
  category: Type.Optional(Type.String({ maxLength: 40 })),
  text: Type.String({ maxLength: 2000 }),
  position: Type.Optional(Position),
  areaPath: Type.Optional(path),
})
export type FindDuplicates = Static<typeof FindDuplicates>

/** A matter that may be the same. The public sees no text and no id. */
export const Duplicate = Type.Object({
  id: orNull(uuid),
  number: orNull(Type.String()),
  categoryName: Type.String(),
  stateName: Type.String(),
  summary: orNull(Type.String()),
  reportedAt: instant,
  distanceMetres: orNull(Type.Integer()),
  likeness: Type.Integer({ minimum: 0, maximum: 100, description: 'Percent, from distance, time and words.' }),
})
export type Duplicate = Static<typeof Duplicate>
export const Duplicates = Type.Object({ items: Type.Array(Duplicate) })

/** What a reporter sees by the code, without an account. */
export const Progress = Type.Object({
  number: Type.String(),
  categoryName: Type.String(),
  text: Type.String(),
  stateName: Type.String(),
  tone: MatterBrief.properties.tone,
  areaName: Type.String(),
  reportedAt: instant,
  closedAt: orNull(instant),
  due: orNull(Deadline),
  next: Type.String(),
  steps: Type.Array(
    Type.Object({ entryId: uuid, at: instant, title: Type.String(), by: Type.String(), note: orNull(Type.String()) }),
  ),
  fileIds: Type.Array(uuid),
  version: Type.Integer(),
  moves: Type.Array(MoveOffer, { description: 'What the reporter may do now: add something, have it taken up again.' }),
  mayRate: Type.Boolean(),
  rating: Matter.properties.rating,
})
export type Progress = Static<typeof Progress>

export const RateMatter = Type.Object(
  {
    score: Type.Union([Type.Literal('satisfied'), Type.Literal('fair'), Type.Literal('unsatisfied')]),
    comment: Type.Optional(Type.String({ maxLength: 500 })),
    reopen: Type.Optional(
      Type.Boolean({ description: 'Asks for the matter to be taken up again; only when unsatisfied.' }),
    ),
  },
  { additionalProperties: false },
)
export type RateMatter = Static<typeof RateMatter>

export const Unmask = Type.Object(
  { reason: Type.String({ minLength: 4, maxLength: 200 }) },
  { additionalProperties: false },
)
export type Unmask = Static<typeof Unmask>
export const Contact = Type.Object({ name: orNull(Type.String()), phone: orNull(Type.String()) })
export type Contact = Static<typeof Contact>

/** Counts for the tabs of a work list, live, within the actor's places. */
export const WorkCounts = Type.Object({
  mine: Type.Integer(),
  unit: Type.Integer({ description: 'In the hands of posts of one’s own unit or area.' }),
  overdue: Type.Integer(),
  dueSoon: Type.Integer({ description: 'Due within one workday.' }),
  open: Type.Integer(),
})
export type WorkCounts = Static<typeof WorkCounts>

/** The answer to a move: the page then shows the matter anew. */
export const Moved = Type.Object({
  id: uuid,
  version: Type.Integer(),
  state: Type.String(),
  stateName: Type.String(),
  tone: MatterBrief.properties.tone,
  holder: Type.String(),
  due: orNull(Deadline),
  moves: Type.Array(Type.String(), { description: 'Legal next moves of this actor.' }),
})
export type Moved = Static<typeof Moved>

const commitment = Type.String({
  description: 'Hex of H(salt || JCS of what was written); the salt dies with the row.',
})
const holder = { holderRole: Type.String(), holderUnit: Type.String(), holderPath: Type.String() }

export const MatterReported = ledgerEvent(
  'matter.reported',
  Type.Object({
    kind: Type.String(),
    packVersion: Type.Integer(),
    number: Type.String(),
    category: Type.String(),
    areaPath: Type.String(),
    channel: Type.String(),
    state: Type.String(),
    dueAt: orNull(Type.String()),
    commitment,
    links: Type.Optional(Type.Boolean({ description: 'The pack ties such reports to what runs near them.' })),
    ...holder,
  }),
)
/** Two matters were tied together; each of them gets an entry. */
export const MatterLinked = ledgerEvent(
  'matter.linked',
  Type.Object({
    otherId: Type.String(),
    otherKind: Type.String(),
    isTarget: Type.Boolean({ description: 'The fresh report was tied to this one.' }),
    areaPath: Type.String(),
    commitment,
    ...holder,
  }),
)
export const MatterMoved = ledgerEvent(
  'matter.moved',
  Type.Object({
    kind: Type.String(),
    packVersion: Type.Integer(),
    move: Type.String(),
    from: Type.String(),
    to: Type.String(),
    areaPath: Type.String(),
    deputyFor: orNull(Type.String()),
    dueAt: orNull(Type.String()),
    commitment,
    closed: Type.Boolean(),
    effects: Type.Integer({ description: 'How many effects the pack’s step names.' }),
    ...holder,
  }),
)
export const MatterReminded = ledgerEvent(
  'matter.reminded',
  Type.Object({ state: Type.String(), areaPath: Type.String(), dueAt: Type.String(), ...holder }),
)
export const MatterOverdue = ledgerEvent(
  'matter.overdue',
  Type.Object({
    state: Type.String(),
    areaPath: Type.String(),
    dueAt: Type.String(),
    level: Type.Integer({ description: '1 for the first time past due, one more at each further escalation.' }),
    toldRole: Type.String(),
    toldPath: Type.String(),
    ...holder,
  }),
)
export const MatterRated = ledgerEvent(
  'matter.rated',
  Type.Object({ score: Type.String(), areaPath: Type.String(), commitment }),
)
export const MatterRemarked = ledgerEvent(
  'matter.remarked',
  Type.Object({ state: Type.String(), areaPath: Type.String(), commitment }),
)
export const MatterUnmasked = ledgerEvent(
  'matter.unmasked',
  Type.Object({ matterId: Type.String(), areaPath: Type.String(), commitment }),
)
