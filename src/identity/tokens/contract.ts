import { Type, type Static } from 'typebox'
import { Page } from '../../kernel/pages.ts'
import { At, Id } from '../contract.ts'

export const TokenGrant = Type.Object({
  action: Type.String({
    pattern: '^[a-z]+\\.[a-z_]+$',
    maxLength: 60,
    description: 'room.word, as in the list of grants.',
  }),
  path: Type.String({ minLength: 6, maxLength: 200, pattern: '^[0-9]{6}(/[A-Za-z0-9_-]+)*$' }),
  purpose: Type.Enum(['handling', 'supervision', 'audit', 'administration', 'statistics']),
})
export interface TokenGrant {
  action: string
  path: string
  purpose: string
}
export const CreateApiToken = Type.Object({
  label: Type.String({ minLength: 1, maxLength: 60, description: 'The system that will hold it.' }),
  grants: Type.Array(TokenGrant, { minItems: 1, maxItems: 50 }),
  expiresInDays: Type.Integer({ minimum: 1, maximum: 366 }),
})
export type CreateApiToken = Static<typeof CreateApiToken>
export const ApiToken = Type.Object({
  id: Id,
  label: Type.String(),
  state: Type.Enum(['waiting', 'live', 'expired', 'revoked']),
  grants: Type.Array(Type.Object({ action: Type.String(), path: Type.String(), purpose: Type.String() })),
  createdBy: Id,
  createdAt: At,
  approvedBy: Type.Union([Id, Type.Null()]),
  expiresAt: At,
  lastUsedAt: Type.Union([At, Type.Null()]),
  version: Type.Integer(),
})
export type ApiToken = Static<typeof ApiToken>
export const CreatedApiToken = Type.Object({
  apiToken: ApiToken,
  token: Type.String({ description: 'Shown this once; begins with its county.' }),
})
export type CreatedApiToken = Static<typeof CreatedApiToken>
export const ApiTokenPage = Page(ApiToken)
