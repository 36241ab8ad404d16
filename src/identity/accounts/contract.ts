import { Type, type Static } from 'typebox'
import { Page } from '../../kernel/pages.ts'
import { AccountKind, AccountLocale, AccountStatus, At, Id, Seat } from '../contract.ts'

export const LoginName = Type.String({
  minLength: 2,
  maxLength: 40,
  pattern: '^[^\\s@/]+$',
  description: 'Compared without case; no blanks, @ or slash.',
})

export const InviteStaff = Type.Object({
  loginName: LoginName,
  name: Type.String({ minLength: 1, maxLength: 60 }),
  phone: Type.Optional(Type.String({ maxLength: 30 })),
  citizenId: Type.Optional(Type.String({ maxLength: 30 })),
})
export type InviteStaff = Static<typeof InviteStaff>

export const Account = Type.Object({
  id: Id,
  kind: AccountKind,
  status: AccountStatus,
  loginName: Type.Union([Type.String(), Type.Null()]),
  name: Type.String({ description: 'Plain, masked or empty, as the purpose allows.' }),
  phone: Type.Union([Type.String(), Type.Null()], { description: 'Masked.' }),
  seats: Type.Array(Seat),
  posts: Type.Array(Type.String(), { description: 'What the account does in the grid, in words.' }),
  totp: Type.Boolean({ description: 'Whether the second factor is on.' }),
  createdAt: At,
  lastSignedInAt: Type.Union([At, Type.Null()]),
  version: Type.Integer({ description: 'Sent back with the next change; a stale one is refused.' }),
})
export type Account = Static<typeof Account>
export const AccountPage = Page(Account)
export const AccountQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  after: Type.Optional(Type.String({ maxLength: 400 })),
  status: Type.Optional(AccountStatus),
  q: Type.Optional(
    Type.String({ maxLength: 40, description: 'The beginning of a login name, or a whole phone number.' }),
  ),
})
export type AccountQuery = Static<typeof AccountQuery>

export const ChangeAccount = Type.Object({ version: Type.Integer({ minimum: 1 }) })
export type ChangeAccount = Static<typeof ChangeAccount>

export const CorrectAccount = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  phone: Type.Optional(Type.String({ maxLength: 30 })),
})
export type CorrectAccount = Static<typeof CorrectAccount>

export const Me = Type.Object({
  accountId: Id,
  kind: AccountKind,
  county: Type.String(),
  name: Type.String(),
  loginName: Type.Union([Type.String(), Type.Null()]),
  phone: Type.Union([Type.String(), Type.Null()], { description: 'Masked.' }),
  locale: AccountLocale,
  elderMode: Type.Boolean(),
  seats: Type.Array(Seat),
  totp: Type.Boolean(),
  totpRequired: Type.Boolean(),
  recoveryCodesLeft: Type.Integer(),
  secondFactorAt: Type.Union([At, Type.Null()]),
  version: Type.Integer(),
})
export type Me = Static<typeof Me>

export const Who = Type.Object({
  me: Type.Union([Me, Type.Null()], { description: 'Whoever is signed in in this browser; null: nobody.' }),
})
export type Who = Static<typeof Who>

export const ChangeMe = Type.Object({
  locale: Type.Optional(AccountLocale),
  elderMode: Type.Optional(Type.Boolean()),
})
export type ChangeMe = Static<typeof ChangeMe>

export const RegisterResident = Type.Object({ name: Type.String({ minLength: 1, maxLength: 60 }) })
export type RegisterResident = Static<typeof RegisterResident>

export const MyCounties = Type.Object({ items: Type.Array(Type.String()) })

/** Where an account is signed in, for whoever looks after it: no addresses. */
export const AccountSessions = Type.Object({
  items: Type.Array(Type.Object({ id: Id, device: Type.String(), signedInAt: At, lastSeenAt: At })),
})
export type AccountSessions = Static<typeof AccountSessions>
export const EndedSessions = Type.Object({ ended: Type.Integer() })

/** What is kept of oneself, to read and to take along. */
export const OwnData = Type.Object({
  account: Type.Object({
    loginName: Type.Union([Type.String(), Type.Null()]),
    name: Type.String(),
    phone: Type.Union([Type.String(), Type.Null()]),
    hasCitizenId: Type.Boolean(),
    kind: AccountKind,
    createdAt: At,
    lastSignedInAt: Type.Union([At, Type.Null()]),
  }),
  posts: Type.Array(Type.String()),
  looks: Type.Array(
    Type.Object({ at: At, fields: Type.Array(Type.String()), purpose: Type.String(), reason: Type.String() }),
    { description: 'When somebody looked at one’s data in the clear, and why; the last 50.' },
  ),
  signIns: Type.Array(Type.Object({ at: At, device: Type.String(), outcome: Type.String() }), {
    description: 'The last 50 attempts to sign in.',
  }),
})
export type OwnData = Static<typeof OwnData>
