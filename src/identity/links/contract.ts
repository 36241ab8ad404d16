import { Type, type Static } from 'typebox'
import { At, Id, OpaqueToken } from '../contract.ts'
import { Password } from '../sign-in/contract.ts'

export const IssueLink = Type.Object({
  dropsTotp: Type.Optional(Type.Boolean({ description: 'Also switches the second factor off: the phone is lost.' })),
})
export type IssueLink = Static<typeof IssueLink>
export const IssuedLink = Type.Object({
  token: OpaqueToken,
  path: Type.String({ description: 'Page on which it is used; shown this once.' }),
  kind: Type.Enum(['invite', 'reset']),
  expiresAt: At,
})
export type IssuedLink = Static<typeof IssuedLink>
export const LinkParams = Type.Object({ token: OpaqueToken })
export const OpenLink = Type.Object({
  kind: Type.Enum(['invite', 'reset']),
  loginName: Type.String(),
  dropsTotp: Type.Boolean(),
  expiresAt: At,
})
export type OpenLink = Static<typeof OpenLink>
export const RedeemLink = Type.Object({ password: Password })
export type RedeemLink = Static<typeof RedeemLink>
export const Redeemed = Type.Object({ accountId: Id, loginName: Type.String() })
export type Redeemed = Static<typeof Redeemed>
