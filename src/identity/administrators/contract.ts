import { Type, type Static } from 'typebox'
import { Page } from '../../kernel/pages.ts'
import { At, Id, Seat, SignInMethod } from '../contract.ts'

export const Administrator = Type.Object({
  id: Id,
  accountId: Id,
  name: Type.String(),
  seat: Seat,
  heldFrom: At,
  heldUntil: Type.Union([At, Type.Null()]),
  appointedBy: Type.Union([Id, Type.Null()]),
})
export type Administrator = Static<typeof Administrator>
export const AdministratorPage = Page(Administrator)

export const SignInRecord = Type.Object({
  id: Id,
  at: At,
  method: SignInMethod,
  outcome: Type.String({ description: 'accepted, refused, disabled …' }),
  accountId: Type.Union([Id, Type.Null()], { description: 'Null where the login name or phone was unknown.' }),
  name: Type.String(),
  address: Type.String(),
  device: Type.String(),
})
export type SignInRecord = Static<typeof SignInRecord>
export const SignInRecordPage = Page(SignInRecord)
export const Unmasking = Type.Object({
  id: Id,
  at: At,
  accountId: Id,
  name: Type.String({ description: 'Masked, also here.' }),
  by: Type.Union([Id, Type.Null()]),
  byName: Type.String(),
  fields: Type.Array(Type.String()),
  purpose: Type.String(),
  reason: Type.String(),
})
export type Unmasking = Static<typeof Unmasking>
export const UnmaskingPage = Page(Unmasking)

export const SignInQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  after: Type.Optional(Type.String({ maxLength: 400 })),
  accountId: Type.Optional(Id),
})
export type SignInQuery = Static<typeof SignInQuery>

export const IdentitySettings = Type.Object({
  totpRequiredOf: Type.Enum(['nobody', 'administrators', 'everyone']),
  totpForUnmasking: Type.Boolean(),
  staffIdleMinutes: Type.Integer({ minimum: 5, maximum: 720 }),
  staffHours: Type.Integer({ minimum: 1, maximum: 168 }),
  staffPhoneDays: Type.Integer({ minimum: 0, maximum: 30 }),
  residentDays: Type.Integer({ minimum: 1, maximum: 365 }),
  codesPerHour: Type.Integer({ minimum: 10, maximum: 100_000 }),
  version: Type.Integer({ minimum: 0, description: 'Sent back with the change; a stale one is refused.' }),
})
export type IdentitySettings = Static<typeof IdentitySettings>
