import { Type, type Static } from 'typebox'
import { At, Id } from '../contract.ts'

export const RequestCode = Type.Object({ phone: Type.String({ minLength: 1, maxLength: 30 }) })
export type RequestCode = Static<typeof RequestCode>
/** The same whether the phone is known here or not. */
export const SentCode = Type.Object({
  request: Id,
  expiresAt: At,
  resendAfterSeconds: Type.Integer(),
})
export type SentCode = Static<typeof SentCode>
export const VerifyCode = Type.Object({ request: Id, code: Type.String({ minLength: 4, maxLength: 12 }) })
export type VerifyCode = Static<typeof VerifyCode>
