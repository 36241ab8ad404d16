import { Type, type Static } from 'typebox'
import { At, Id, SignInMethod } from '../contract.ts'

export const OpenSession = Type.Object({
  id: Id,
  device: Type.String({ description: 'Browser and system as the person knows them.' }),
  method: SignInMethod,
  signedInAt: At,
  lastSeenAt: At,
  expiresAt: At,
  isThis: Type.Boolean({ description: 'The session that asks.' }),
})
export type OpenSession = Static<typeof OpenSession>
export const OpenSessions = Type.Object({ items: Type.Array(OpenSession, { maxItems: 100 }) })
