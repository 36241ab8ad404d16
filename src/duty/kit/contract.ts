import { Type, type Static } from 'typebox'
import { AreaPath, orNull, Uuid } from '../../grid/contract.ts'

/** What a county may set: key `duty.phones` of its settings. The nearest above a place is its duty phone. */
export const DutyPhones = Type.Array(
  Type.Object(
    { areaPath: AreaPath, phone: Type.String({ pattern: '^[0-9+() -]{3,24}$' }) },
    { additionalProperties: false },
  ),
  { maxItems: 500 },
)
export type DutyPhones = Static<typeof DutyPhones>

const Sitting = Type.Object({
  name: Type.String(),
  phone: orNull(Type.String({ description: 'Masked.' })),
  slot: Type.Union([Type.Literal('A'), Type.Literal('B')]),
  away: Type.Boolean(),
  acts: Type.Boolean({ description: 'Answers for the place now.' }),
  self: Type.Boolean(),
})

/** One chair in which the actor sits. */
export const Chair = Type.Object({
  postId: Uuid,
  roleName: Type.String(),
  areaPath: AreaPath,
  areaName: Type.String(),
  acts: Type.Boolean({ description: 'The actor answers for the place now.' }),
  leaf: Type.Boolean({ description: 'A micro-grid: residents can report straight to it.' }),
  dutyPhone: orNull(Type.String()),
  sitting: Type.Array(Sitting),
})
export type Chair = Static<typeof Chair>
export const Kit = Type.Object({ items: Type.Array(Chair) })
export type Kit = Static<typeof Kit>

export const AskPoster = Type.Object({ path: AreaPath })
/** The report page of a place, to be hung in its stairwells. */
export const Poster = Type.Object({
  areaName: Type.String(),
  fullName: Type.String(),
  url: Type.String(),
  qrSvg: Type.String(),
  head: orNull(Type.String({ description: 'Who answers for the place now.' })),
  dutyPhone: orNull(Type.String()),
})
export type Poster = Static<typeof Poster>
