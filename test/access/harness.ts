import type { TestApp } from '../support/app.ts'

/**
 * Who tries each route. All bytes of a request are the same in every cell but the session token:
 * - nobody: no token;
 * - wrongPlace: holds every action for every purpose, in another subtree (or, for county-wide things, another county);
 * - wrongPurpose: holds every action at the right place, for a purpose that the route does not serve;
 * - right: holds every action at the right place for the right purposes.
 */
export const cells = ['nobody', 'wrongPlace', 'wrongPurpose', 'right'] as const
export type Cell = (typeof cells)[number]

export interface SweepWorld {
  readonly app: TestApp
  readonly county: string
  /** Leaf area path where the things of the sweep lie. */
  readonly rightPlace: string
  /** Leaf area path in another town of the same county. */
  readonly wrongPlace: string
  /** Tokens of staff; a request carries one as a bearer token. */
  readonly tokens: { readonly right: string; readonly wrongPlace: string; readonly wrongPurpose: string }
  readonly accounts: { readonly right: string; readonly wrongPlace: string; readonly wrongPurpose: string }
  /** Two residents, the owner of own things and another one. */
  readonly residents: {
    readonly owner: string
    readonly other: string
    readonly ownerId: string
    readonly otherId: string
  }
  /** Administrators of the county, and of another county. */
  readonly administrators: {
    readonly system: string
    readonly security: string
    readonly audit: string
    readonly otherCounty: { readonly system: string; readonly security: string; readonly audit: string }
  }
}

export interface AccessCase {
  /** 'POST /api/v1/matters/:id/moves', exactly as in the route table. */
  readonly route: string
  /**
   * Makes what the request needs and gives the request; it must succeed (2xx) when sent by the right cell.
   * Called once per case: the refused requests and the accepted one are the same bytes.
   */
  prepare(world: SweepWorld): Promise<{ url: string; payload?: unknown; headers?: Record<string, string> }>
  /** Who stands in each cell when it is not staff with grants. Default: tokens.right / wrongPlace / wrongPurpose. */
  readonly actors?: (world: SweepWorld) => Partial<Record<Exclude<Cell, 'nobody'>, string>>
  /**
   * What the wrong place gets: `refused` (401, 403 or 404, the default), or `ownData`: an answer in which no text of
   * `secrets` occurs (lists of one's own things).
   */
  readonly wrongPlace?: 'refused' | 'ownData'
  /** Texts that may stand only in the right cell's answer. */
  readonly secrets?: (world: SweepWorld) => string[]
  /**
   * How the wrong purpose is shown: `grants` (the default: the wrongPurpose actor sends the same bytes), or `header`: the
   * right actor states `tongxin-purpose: statistics` (routes open to a session without a grant).
   */
  readonly wrongPurpose?: 'grants' | 'header'
}
