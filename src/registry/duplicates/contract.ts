import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { orNull } from '../../kernel/schema.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { detailGroups } from '../field-groups.ts'
import { areaPath, instant, oneOf, reason, uuid, version } from '../contract.ts'

defineFaults({
  'registry.merge_itself': {
    status: 400,
    zh: '请选择两条不同的记录。',
    en: 'Please choose two different records.',
  },
  'registry.merged_away': {
    status: 409,
    zh: '其中一条已经并入别的记录，请刷新后再看。',
    en: 'One of the records has been merged into another. Please look again.',
  },
  'registry.undone_already': {
    status: 409,
    zh: '这次合并已经撤销过了。',
    en: 'This merge has been taken back already.',
  },
  'registry.merge_forgotten': {
    status: 410,
    zh: '合并已超过一年，原来的内容已按规定删除，不能撤销；可以用“拆分”。',
    en: 'The merge is more than a year old; what was before is deleted by rule. You can split the record instead.',
  },
  'registry.merged_elsewhere': {
    status: 409,
    zh: '合并后的记录又并入了别的记录，请先撤销后一次合并。',
    en: 'The kept record was itself merged into another. Take that merge back first.',
  },
  'registry.nothing_split': {
    status: 400,
    zh: '请写明拆出去的人叫什么，并选择至少一条居住关系或填写证件号、手机号。',
    en: 'Please give the other person’s name, and a residence, an ID number or a phone.',
  },
})

export const duplicateReasons = [
  'citizenId',
  'phoneName',
  'swappedDigits',
  'nameBirth',
  'nameHome',
  'soundHome',
] as const
export type DuplicateReason = (typeof duplicateReasons)[number]

const closed = { additionalProperties: false } as const
const side = Type.Object({
  id: uuid,
  version: Type.Integer(),
  name: Type.String(),
  sex: orNull(Type.String()),
  age: orNull(Type.Integer()),
  phone: orNull(Type.String({ description: 'Masked.' })),
  citizenId: orNull(Type.String({ description: 'Masked.' })),
  registration: Type.String(),
  address: orNull(Type.String()),
  areaPath: Type.String(),
  areaName: Type.String(),
  source: Type.String(),
  checkedAt: instant,
})
export type DuplicateSide = Static<typeof side>

export const Duplicate = Type.Object({
  one: side,
  other: side,
  reasons: Type.Array(oneOf(duplicateReasons)),
  grade: Type.Integer({ description: '1 sure, 2 likely, 3 possible.' }),
  foundAt: instant,
})
export type Duplicate = Static<typeof Duplicate>
export const DuplicatePage = Page(Duplicate)
export type DuplicatePage = Static<typeof DuplicatePage>
export const ListDuplicates = Type.Object({ ...PageQuery.properties, area: Type.Optional(areaPath) })
export type ListDuplicates = Static<typeof ListDuplicates>

export const pairFields = ['name', 'sex', 'bornOn', 'citizenId', 'phone', 'registration'] as const
export type PairField = (typeof pairFields)[number]

export const AskPair = Type.Object({ one: uuid, other: uuid })
const compared = Type.Object({
  field: Type.String({ description: 'A field, or details:<group>.' }),
  one: orNull(
    Type.String({ description: 'Masked where it is a number; what is sensitive only says that it is there.' }),
  ),
  other: orNull(Type.String()),
  same: Type.Boolean(),
  take: Type.Boolean({ description: 'Proposed: from the other, because here it is empty or older.' }),
})
const tie = Type.Object({
  id: uuid,
  address: Type.String(),
  relation: Type.String(),
  livesHere: Type.Boolean(),
  fromOn: Type.String(),
})
export const PairView = Type.Object({
  one: side,
  other: side,
  reasons: Type.Array(oneOf(duplicateReasons)),
  state: oneOf(['open', 'different', 'merged', 'none']),
  fields: Type.Array(compared),
  oneTies: Type.Array(tie),
  otherTies: Type.Array(tie),
})
export type PairView = Static<typeof PairView>

export const KeepApart = Type.Object({ one: uuid, other: uuid, reason }, closed)
export type KeepApart = Static<typeof KeepApart>
export const Decided = Type.Object({ state: Type.String() })

export const MergePeople = Type.Object(
  {
    keep: uuid,
    keepVersion: version,
    drop: uuid,
    dropVersion: version,
    take: Type.Array(Type.String({ maxLength: 60 }), {
      maxItems: 40,
      description: 'Fields whose value comes from the record that goes; all others stay.',
    }),
    reason,
  },
  closed,
)
export type MergePeople = Static<typeof MergePeople>

export const Merge = Type.Object({
  id: uuid,
  keptId: uuid,
  keptName: Type.String(),
  droppedId: uuid,
  droppedName: Type.String(),
  areaPath: Type.String(),
  areaName: Type.String(),
  reason: Type.String(),
  byLabel: Type.String(),
  at: instant,
  undoneAt: orNull(instant),
  undoneHow: orNull(Type.String()),
  exact: Type.Boolean({ description: 'Taking it back would restore both exactly: nothing has changed since.' }),
})
export type Merge = Static<typeof Merge>
export const MergePage = Page(Merge)
export type MergePage = Static<typeof MergePage>
export const ListMerges = ListDuplicates
export type ListMerges = ListDuplicates

export const UndoMerge = Type.Object({ reason }, closed)
export type UndoMerge = Static<typeof UndoMerge>
export const Undone = Type.Object({ keptId: uuid, droppedId: uuid, how: oneOf(['restored', 'split']) })
export type Undone = Static<typeof Undone>

export const SplitPerson = Type.Object(
  {
    version,
    name: Type.String({ minLength: 1, maxLength: 60 }),
    citizenId: Type.Optional(Type.String({ maxLength: 30 })),
    phone: Type.Optional(Type.String({ maxLength: 30 })),
    residenceIds: Type.Array(uuid, { maxItems: 50, description: 'Ties that are the other person’s.' }),
    tags: Type.Optional(
      Type.Array(Type.String({ maxLength: 32 }), {
        maxItems: 30,
        description: 'Hand-set tags that are the other person’s.',
      }),
    ),
    groups: Type.Optional(
      Type.Array(oneOf(detailGroups), {
        maxItems: detailGroups.length,
        description: 'Groups of details that are the other person’s.',
      }),
    ),
    reason,
  },
  closed,
)
export type SplitPerson = Static<typeof SplitPerson>
export const SplitOff = Type.Object({ id: uuid, version: Type.Integer() })
export type SplitOff = Static<typeof SplitOff>

const where = { areaPath: Type.String() }
export const PeopleMerged = ledgerEvent(
  'merge.made',
  Type.Object({ kept: Type.String(), dropped: Type.String(), taken: Type.Array(Type.String()), ...where }),
)
export const MergeUndone = ledgerEvent(
  'merge.undone',
  Type.Object({ kept: Type.String(), dropped: Type.String(), how: Type.String(), ...where }),
)
export const KeptApart = ledgerEvent(
  'duplicate.set_apart',
  Type.Object({ one: Type.String(), other: Type.String(), ...where }),
)
export const PersonSplit = ledgerEvent(
  'person.split',
  Type.Object({ from: Type.String(), into: Type.String(), ...where }),
)
