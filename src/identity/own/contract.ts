import { Type, type Static } from 'typebox'
import { Digits, Password } from '../sign-in/contract.ts'

export const Code = Type.Object({ code: Digits })
export type Code = Static<typeof Code>
export const RecoveryCodes = Type.Object({
  recoveryCodes: Type.Array(Type.String(), { description: 'Shown this once.' }),
})
export type RecoveryCodes = Static<typeof RecoveryCodes>

export const ChangePassword = Type.Object({ current: Password, next: Password })
export type ChangePassword = Static<typeof ChangePassword>
