import { Type, type Static } from 'typebox'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { At, Id, Seat } from '../contract.ts'

const orNull = <T extends typeof At | typeof Id>(type: T) => Type.Union([type, Type.Null()])

export const AppointAdministrator = Type.Object({ accountId: Id, seat: Seat })
export type AppointAdministrator = Static<typeof AppointAdministrator>

export const SeatChangeState = Type.Enum(['pending', 'confirmed', 'refused', 'withdrawn', 'expired'])
export type SeatChangeState = Static<typeof SeatChangeState>
export const SeatChangeMove = Type.Enum(['confirm', 'refuse', 'withdraw'])
export type SeatChangeMove = Static<typeof SeatChangeMove>

export const SeatChange = Type.Object({
  id: Id,
  kind: Type.Enum(['appoint', 'dismiss']),
  seat: Seat,
  accountId: Id,
  name: Type.String(),
  state: SeatChangeState,
  proposedBy: Id,
  proposedByName: Type.String(),
  proposedAt: At,
  expiresAt: At,
  confirms: Type.Enum(['security', 'audit'], { description: 'Which administrator has to agree.' }),
  decidedBy: orNull(Id),
  decidedByName: Type.String(),
  decidedAt: orNull(At),
  /** What whoever confirms should know of the account. */
  account: Type.Object({
    createdAt: At,
    lastSignedInAt: orNull(At),
    invitedByProposer: Type.Boolean({ description: 'The proposer made this account.' }),
  }),
  moves: Type.Array(SeatChangeMove, { description: 'What the reader may do with it now.' }),
  version: Type.Integer(),
})
export type SeatChange = Static<typeof SeatChange>
export const SeatChangePage = Page(SeatChange)
export const SeatChangeQuery = Type.Object({ ...PageQuery.properties, state: Type.Optional(SeatChangeState) })
export type SeatChangeQuery = Static<typeof SeatChangeQuery>
