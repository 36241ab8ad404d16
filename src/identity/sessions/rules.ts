import type { AccountKind } from '../contract.ts'
import type { Settings } from '../rules.ts'

/** Open sessions of one account; a further sign-in ends the oldest. */
export const SESSIONS_MAX = 20

export interface Lifetime {
  idleSeconds: number
  lifeSeconds: number
}

/**
 * How long a session lives: idle and in all.
 *
 * A guest has proved a phone for one purpose, to report and to look at the own reports: a day.
 */
export function lifetimeOf(
  who: { kind: AccountKind; seated: boolean; onPhone: boolean },
  settings: Settings,
): Lifetime {
  const { kind } = who
  if (kind === 'staff' && who.onPhone && !who.seated && settings.staffPhoneDays > 0)
    return wholeDays(settings.staffPhoneDays)
  if (kind === 'staff') return { idleSeconds: settings.staffIdleMinutes * 60, lifeSeconds: settings.staffHours * 3600 }
  return wholeDays(kind === 'resident' ? settings.residentDays : 1)
}

const wholeDays = (days: number): Lifetime => ({ idleSeconds: days * 86_400, lifeSeconds: days * 86_400 })

export interface OpenState {
  endedAt: Date | null
  lastSeenAt: Date
  idleSeconds: number
  expiresAt: Date
}

/** Whether a session still opens the door at `now`. */
export const isOpen = (session: OpenState, now: Date): boolean =>
  session.endedAt === null &&
  now < session.expiresAt &&
  now.getTime() < session.lastSeenAt.getTime() + session.idleSeconds * 1000

/** A session's last use is written at most once a minute: idling is counted in minutes, and every click would be a write. */
export const TOUCH_SECONDS = 60
export const needsTouch = (lastSeenAt: Date, now: Date): boolean =>
  now.getTime() - lastSeenAt.getTime() >= TOUCH_SECONDS * 1000

/** A session is believed for so long without asking the database; a revocation elsewhere takes effect after at most this. */
export const CACHE_SECONDS = 5
/** Most sessions remembered; about 1 KiB each. */
export const CACHE_MAX = 20_000
