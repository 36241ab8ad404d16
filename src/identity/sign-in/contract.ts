import { Type, type Static } from 'typebox'
import { OpaqueToken } from '../contract.ts'

export const Password = Type.String({ minLength: 1, maxLength: 512 })
export const Digits = Type.String({ minLength: 6, maxLength: 12 })

export const PasswordSignIn = Type.Object({
  loginName: Type.String({ minLength: 1, maxLength: 60 }),
  password: Password,
})
export type PasswordSignIn = Static<typeof PasswordSignIn>
export const Ticket = Type.Object({ ticket: OpaqueToken })
export type Ticket = Static<typeof Ticket>
export const TicketCode = Type.Object({ ticket: OpaqueToken, code: Digits })
export type TicketCode = Static<typeof TicketCode>
export const TicketRecovery = Type.Object({
  ticket: OpaqueToken,
  recoveryCode: Type.String({ minLength: 10, maxLength: 20 }),
})
export type TicketRecovery = Static<typeof TicketRecovery>

export const TotpOffer = Type.Object({
  secret: Type.String({ description: 'For typing in, when the camera is not at hand.' }),
  uri: Type.String(),
  qrSvg: Type.String({ description: 'The QR code as SVG.' }),
})
