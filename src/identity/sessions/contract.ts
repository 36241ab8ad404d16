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

/** What became of the session that a browser carries: whether what it keeps for its person may stay. */
export const SessionFate = Type.Object({
  fate: Type.Union([Type.Literal('open'), Type.Literal('lapsed'), Type.Literal('ended'), Type.Literal('none')], {
    description:
      'open; lapsed: it idled out or grew old, the person may come back; ended: somebody ended it or closed the account; none: no session is known by this secret.',
  }),
})
export type SessionFate = Static<typeof SessionFate>
