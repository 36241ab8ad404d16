import { Type, type Static } from 'typebox'
import { AccountKind, Id, Seat } from '../contract.ts'

export const DemoSignIn = Type.Object({ accountId: Id })
export type DemoSignIn = Static<typeof DemoSignIn>
export const DemoPerson = Type.Object({
  accountId: Id,
  kind: AccountKind,
  name: Type.String(),
  loginName: Type.Union([Type.String(), Type.Null()]),
  seats: Type.Array(Seat),
  title: Type.Union([Type.String(), Type.Null()], { description: 'The role, for those worth trying first.' }),
})
export type DemoPerson = Static<typeof DemoPerson>
export const DemoPeople = Type.Object({ items: Type.Array(DemoPerson, { maxItems: 100 }) })
