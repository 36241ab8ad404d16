const DAY_MINUTES = 24 * 60
const MINUTE_MS = 60_000
const BEIJING_MINUTES = 8 * 60

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** The instant itself, or the end of the silence in which it falls. Equal hours are no silence. */
export function afterQuiet(at: Date, quiet: { from: string; until: string } | undefined): Date {
  if (!quiet) return at
  const from = minutesOf(quiet.from)
  const until = minutesOf(quiet.until)
  const length = (until - from + DAY_MINUTES) % DAY_MINUTES
  const now = (Math.floor(at.getTime() / MINUTE_MS) + BEIJING_MINUTES) % DAY_MINUTES
  const since = (now - from + DAY_MINUTES) % DAY_MINUTES
  if (since >= length) return at
  return new Date((Math.floor(at.getTime() / MINUTE_MS) + length - since) * MINUTE_MS)
}
