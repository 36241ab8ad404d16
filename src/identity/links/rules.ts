/** A new colleague gets the link before the weekend and uses it after; a reset is used at once. */
export const INVITE_HOURS = 72
export const RESET_HOURS = 24

export interface LinkLife {
  expiresAt: Date
  usedAt: Date | null
  withdrawnAt: Date | null
}

/** Whether a one-time link can still be used. */
export const isLinkGood = (link: LinkLife, now: Date): boolean =>
  link.usedAt === null && link.withdrawnAt === null && now < link.expiresAt
