import { Type, type Static } from 'typebox'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { Instant, orNull, Uuid, Version } from '../contract.ts'
import { RoleCode, RoleGrant } from '../posts/contract.ts'

export const RoleChangeState = Type.Enum(['pending', 'approved', 'refused', 'withdrawn', 'expired'])
export type RoleChangeState = Static<typeof RoleChangeState>
export const RoleChangeMove = Type.Enum(['approve', 'refuse', 'withdraw'])
export type RoleChangeMove = Static<typeof RoleChangeMove>

/** A wish to give a role something sensitive, as whoever approves it has to see it. */
export const RoleChange = Type.Object({
  id: Uuid,
  role: RoleCode,
  zh: Type.String(),
  en: Type.String(),
  grants: Type.Array(RoleGrant, { description: 'What the role would have.' }),
  sensitive: Type.Array(RoleGrant, { description: 'Of these, what the role has not now and security answers for.' }),
  rung: orNull(Type.Integer()),
  state: RoleChangeState,
  proposedBy: Uuid,
  proposedByName: Type.String(),
  proposedAt: Instant,
  expiresAt: Instant,
  decidedByName: Type.String(),
  decidedAt: orNull(Instant),
  moves: Type.Array(RoleChangeMove),
  version: Version,
})
export type RoleChange = Static<typeof RoleChange>
export const RoleChangePage = Page(RoleChange)
export const RoleChangeQuery = Type.Object({ ...PageQuery.properties, state: Type.Optional(RoleChangeState) })
export type RoleChangeQuery = Static<typeof RoleChangeQuery>

const wish = { by: orNull(Uuid), role: RoleCode, sensitive: Type.Array(Type.String({ description: 'action:purpose' })) }
export const RoleChangeProposed = ledgerEvent('roleChange.proposed', Type.Object({ ...wish, expiresAt: Instant }))
export const RoleChangeDecided = ledgerEvent(
  'roleChange.decided',
  Type.Object({ ...wish, outcome: Type.Enum(['approved', 'refused', 'withdrawn', 'expired']) }),
)
