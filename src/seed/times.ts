import type { App } from '../kernel/app.ts'
import { FixedClock } from '../kernel/clock.ts'

/** The demo's ground and people have been there since the January before last, so that its stories can have a past. */
export function longAgo(app: App): App {
  const since = new Date(Date.UTC(app.clock.now().getUTCFullYear() - 1, 0, 1))
  return { ...app, clock: new FixedClock(since) }
}
