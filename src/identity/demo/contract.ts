import { Type, type Static } from 'typebox'
import { AccountKind, Id, Seat } from '../contract.ts'

const words = Type.Union([Type.String(), Type.Null()])

export const DemoSignIn = Type.Object({ accountId: Id })
export type DemoSignIn = Static<typeof DemoSignIn>
export const DemoPerson = Type.Object({
  accountId: Id,
  kind: AccountKind,
  name: Type.String(),
  loginName: words,
  seats: Type.Array(Seat),
  title: Type.Union([Type.String(), Type.Null()], { description: 'The role, for those worth trying.' }),
  first: Type.Union([Type.String(), Type.Null()], { description: 'What to try first, for the roles to begin with.' }),
  face: Type.Union([Type.Literal('phone'), Type.Literal('desk'), Type.Null()], {
    description: 'Which face the role works on.',
  }),
  idTail: Type.Union([Type.String(), Type.Null()], {
    description: 'Last six of the invented ID number, for who needs it to open their own record.',
  }),
})
export type DemoPerson = Static<typeof DemoPerson>
export const DemoPeopleQuery = Type.Object({
  titled: Type.Optional(Type.Boolean({ description: 'Only those worth trying; all of them where nobody is.' })),
})
export type DemoPeopleQuery = Static<typeof DemoPeopleQuery>
export const DemoPeople = Type.Object({ items: Type.Array(DemoPerson, { maxItems: 100 }) })

/** How far the rest of the demo data has been loaded beside the running house; null when all is there. */
export const DemoLoading = Type.Object({
  loading: Type.Union([
    Type.Object({ scenario: Type.String(), done: Type.Integer(), total: Type.Integer() }),
    Type.Null(),
  ]),
})
export type DemoLoading = Static<typeof DemoLoading>
