import { isWithin } from '../../kernel/grants.ts'
import type { ApiToken, TokenGrant } from './contract.ts'

/** Whoever keeps accounts, posts or roles decides what anybody may do. */
const decidesRights = (action: string): boolean => action.startsWith('identity.') || action === 'grid.manage'

/** Whether a system may be given this: inside its own county, and nothing by which it could make itself more rights. */
export const mayCarry = (county: string, grant: TokenGrant): boolean =>
  isWithin(grant.path, county) && !decidesRights(grant.action)

export interface TokenLife {
  approvedAt: Date | null
  revokedAt: Date | null
  expiresAt: Date
}

export function stateOf(life: TokenLife, now: Date): ApiToken['state'] {
  if (life.revokedAt) return 'revoked'
  if (now >= life.expiresAt) return 'expired'
  return life.approvedAt ? 'live' : 'waiting'
}
