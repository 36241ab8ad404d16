import { Type, type Static } from 'typebox'
import { purposes } from '../../kernel/grants.ts'
import { ProposedId } from '../../kernel/proposed-id.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { AreaPath, Instant, orNull, Uuid, Version } from '../contract.ts'
import { grantActions } from './roles.ts'

export const Slot = Type.Union([Type.Literal('A'), Type.Literal('B')])
export type Slot = Static<typeof Slot>
export const RoleCode = Type.String({ pattern: '^[a-z][A-Za-z0-9]{1,40}$' })
export const UnitCode = Type.String({ pattern: '^[a-z][A-Za-z0-9]{1,40}$' })

export const RoleGrant = Type.Object({
  action: Type.Enum(grantActions),
  purpose: Type.Enum(purposes),
})
export const Role = Type.Object({
  code: RoleCode,
  zh: Type.String(),
  en: Type.String(),
  grants: Type.Array(RoleGrant),
  rung: orNull(Type.Integer()),
  changed: Type.Boolean({ description: 'True where the county decided otherwise than the shipped defaults.' }),
  version: Type.Integer({ minimum: 0 }),
  pending: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    format: 'uuid',
    description: 'A change that waits for the security administrator; the role stays as it is until then.',
  }),
})
export type Role = Static<typeof Role>
export const Roles = Type.Object({ items: Type.Array(Role) })
export type Roles = Static<typeof Roles>
export const SetRole = Type.Object(
  {
    zh: Type.String({ minLength: 1, maxLength: 40 }),
    en: Type.String({ minLength: 1, maxLength: 60 }),
    grants: Type.Array(RoleGrant, { maxItems: 100 }),
    rung: orNull(Type.Integer({ minimum: 1, maximum: 1000 })),
    version: Type.Integer({ minimum: 0, description: '0 while the shipped default holds.' }),
  },
  { additionalProperties: false },
)
export type SetRole = Static<typeof SetRole>

/** Somebody in a post. Phones are masked; the full number asks for a reason. */
export const Holder = Type.Object({
  accountId: Uuid,
  name: Type.String(),
  phone: orNull(Type.String({ description: 'Masked.' })),
  slot: Slot,
  since: Instant,
  away: Type.Boolean(),
  onDuty: Type.Boolean({ description: 'Acts now: A, or B while A is away or missing.' }),
})
export type Holder = Static<typeof Holder>

const Duties = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
  maxItems: 20,
  description: 'What the post is there for, a line each; no personal data.',
})
export const SetDuties = Type.Object({ duties: Duties, version: Version }, { additionalProperties: false })
export type SetDuties = Static<typeof SetDuties>

export const Post = Type.Object({
  id: Uuid,
  areaId: Uuid,
  areaPath: AreaPath,
  role: RoleCode,
  roleName: Type.String(),
  unit: orNull(UnitCode),
  name: Type.String(),
  place: Type.Integer(),
  duties: Duties,
  version: Version,
  holders: Type.Array(Holder),
})
export type Post = Static<typeof Post>
export const Posts = Type.Object({ items: Type.Array(Post) })
export type Posts = Static<typeof Posts>

export const ListPosts = Type.Object({ path: AreaPath })
export type ListPosts = Static<typeof ListPosts>
export const AskPlace = Type.Object({
  path: Type.Optional(AreaPath),
  lng: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  at: Type.Optional(Type.String({ format: 'date-time', description: 'Who it was then; without it, who it is now.' })),
})
export type AskPlace = Static<typeof AskPlace>
export const ListAbsences = Type.Object({ under: Type.Optional(AreaPath) })
export type ListAbsences = Static<typeof ListAbsences>
export const RoleParams = Type.Object({ code: RoleCode })

/** The posts of one's own, and what for one may look at things through them. */
export const MyPosts = Type.Object({
  purposes: Type.Array(Type.Enum(purposes)),
  watches: Type.Array(Type.Enum(purposes), { description: 'For what one may look at counts and the wall.' }),
  takesSheets: Type.Boolean({ description: 'Takes reports in for a town or the county, also by the sheet.' }),
  items: Type.Array(
    Type.Object({
      postId: Uuid,
      role: RoleCode,
      roleName: Type.String(),
      unit: Type.String(),
      areaPath: AreaPath,
      label: Type.String(),
      slot: Slot,
      deputyFor: orNull(Uuid),
    }),
  ),
})
export type MyPosts = Static<typeof MyPosts>

/** One row of the sheet by which posts are taken in and out; people are seated one by one. */
export const PostRow = Type.Object({
  areaPath: AreaPath,
  role: RoleCode,
  unit: Type.String({ maxLength: 41, description: 'Department code; empty where the post has none.' }),
  name: Type.String({ maxLength: 60, description: 'Empty: the usual name.' }),
})
export type PostRow = Static<typeof PostRow>
export const ImportPosts = Type.Object(
  {
    rows: Type.Optional(Type.Array(PostRow, { minItems: 1, maxItems: 2_000 })),
    csv: Type.Optional(
      Type.String({ maxLength: 2_000_000, description: 'Instead of rows: columns areaPath, role, unit, name.' }),
    ),
    dryRun: Type.Optional(Type.Boolean({ default: false })),
  },
  { additionalProperties: false },
)
export type ImportPosts = Static<typeof ImportPosts>
export const ImportedPosts = Type.Object({ created: Type.Integer(), unchanged: Type.Integer() })
export type ImportedPosts = Static<typeof ImportedPosts>
export const SheetOfPosts = Type.Object({ under: Type.Optional(AreaPath) })

export const CreatePost = Type.Object(
  {
    id: Type.Optional(ProposedId),
    areaPath: AreaPath,
    role: RoleCode,
    unit: Type.Optional(orNull(UnitCode)),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  },
  { additionalProperties: false },
)
export type CreatePost = Static<typeof CreatePost>
export const ClosePost = Type.Object({ version: Version }, { additionalProperties: false })
export type ClosePost = Static<typeof ClosePost>
export const AssignPost = Type.Object(
  {
    accountId: Uuid,
    slot: Slot,
    from: Type.Optional(Instant),
    until: Type.Optional(orNull(Instant)),
    version: Version,
  },
  { additionalProperties: false },
)
export type AssignPost = Static<typeof AssignPost>
export const RelievePost = Type.Object({ slot: Slot, version: Version }, { additionalProperties: false })
export type RelievePost = Static<typeof RelievePost>

export const HolderOnce = Type.Object({
  accountId: Uuid,
  name: Type.String(),
  slot: Slot,
  from: Instant,
  until: orNull(Instant),
})
export const HolderHistory = Type.Object({ items: Type.Array(HolderOnce) })
export type HolderHistory = Static<typeof HolderHistory>

export const Responsible = Type.Object({
  postId: Uuid,
  postName: Type.String(),
  role: RoleCode,
  roleName: Type.String(),
  areaPath: AreaPath,
  areaName: Type.String(),
  accountId: Uuid,
  name: Type.String(),
  slot: Slot,
  deputyFor: orNull(Uuid),
  standsIn: Type.Boolean({ description: 'True when the post asked for is vacant and somebody further up answers.' }),
})
export type Responsible = Static<typeof Responsible>
export const AskResponsible = Type.Object({
  path: AreaPath,
  role: RoleCode,
  at: Type.Optional(Instant),
})
export type AskResponsible = Static<typeof AskResponsible>
export const FoundResponsible = Type.Object({ responsible: orNull(Responsible), chain: Type.Array(Responsible) })
export type FoundResponsible = Static<typeof FoundResponsible>

/** Who answers for one place in each of the four nets. */
export const PlaceDuty = Type.Object({
  at: Instant,
  path: orNull(AreaPath),
  place: Type.String({ description: 'What the finest base area was called then, from the town down.' }),
  items: Type.Array(
    Type.Object({
      overlay: Type.String(),
      path: AreaPath,
      name: Type.String(),
      kind: Type.String(),
      posts: Type.Array(Post),
    }),
  ),
})
export type PlaceDuty = Static<typeof PlaceDuty>

/** Colleagues who may be seated in a post, found by name. */
export const FindStaff = Type.Object({ q: Type.String({ minLength: 1, maxLength: 40 }) })
export type FindStaff = Static<typeof FindStaff>
export const FoundStaff = Type.Object({
  items: Type.Array(
    Type.Object({
      accountId: Uuid,
      name: Type.String(),
      loginName: Type.String(),
      posts: Type.Array(Type.String(), { description: 'Their posts where the asker manages the grid.' }),
      elsewhere: Type.Boolean({ description: 'Holds a post where the asker does not.' }),
      away: Type.Boolean(),
    }),
  ),
})
export type FoundStaff = Static<typeof FoundStaff>

export const AbsenceReason = Type.Enum(['leave', 'trip', 'sick', 'training', 'rest', 'other'])
export const Absence = Type.Object({
  id: Uuid,
  accountId: Uuid,
  name: Type.String(),
  reason: AbsenceReason,
  from: Instant,
  until: orNull(Instant),
  version: Version,
})
export type Absence = Static<typeof Absence>
export const Absences = Type.Object({ items: Type.Array(Absence) })
export type Absences = Static<typeof Absences>
export const DeclareAbsence = Type.Object(
  {
    id: Type.Optional(ProposedId),
    accountId: Type.Optional(Uuid),
    reason: AbsenceReason,
    from: Type.Optional(Instant),
    until: Type.Optional(orNull(Instant)),
  },
  { additionalProperties: false },
)
export type DeclareAbsence = Static<typeof DeclareAbsence>
export const EndAbsence = Type.Object({ version: Version }, { additionalProperties: false })
export type EndAbsence = Static<typeof EndAbsence>

export const Unmask = Type.Object(
  { accountId: Uuid, reason: Type.String({ minLength: 4, maxLength: 200 }) },
  { additionalProperties: false },
)
export type Unmask = Static<typeof Unmask>
export const Unmasked = Type.Object({ name: Type.String(), phone: orNull(Type.String()) })
export type Unmasked = Static<typeof Unmasked>

export const PostCreated = ledgerEvent(
  'post.created',
  Type.Object({ area: Uuid, path: AreaPath, role: RoleCode, unit: orNull(UnitCode) }),
)
export const PostDuties = ledgerEvent(
  'post.duties',
  Type.Object({ path: AreaPath, lines: Type.Integer(), sha256: Type.String() }),
)
export const PostClosed = ledgerEvent('post.closed', Type.Object({ path: AreaPath }))
export const PostAssigned = ledgerEvent(
  'post.assigned',
  Type.Object({ path: AreaPath, account: Uuid, slot: Slot, from: Instant, until: orNull(Instant) }),
)
export const PostRelieved = ledgerEvent('post.relieved', Type.Object({ path: AreaPath, account: Uuid, slot: Slot }))
export const AbsenceDeclared = ledgerEvent(
  'absence.declared',
  Type.Object({ account: Uuid, from: Instant, until: orNull(Instant) }),
)
export const AbsenceEnded = ledgerEvent('absence.ended', Type.Object({ account: Uuid }))
export const RoleChanged = ledgerEvent(
  'role.changed',
  Type.Object({
    role: RoleCode,
    grants: Type.Array(Type.String({ description: 'action:purpose' })),
    rung: orNull(Type.Integer()),
  }),
)
