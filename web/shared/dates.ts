import { language, spaced, t } from './i18n/text.ts'

/** Counties keep Beijing time wherever the phone is. */
const timeZone = 'Asia/Shanghai'
const dayMs = 86_400_000
const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })

/** The day of an instant in Beijing, as `YYYY-MM-DD`. */
export const dayIn = (at: Date) => dayFormat.format(at)
/** Today in Beijing, wherever the phone is. */
export const today = () => dayIn(new Date())
const daysBetween = (from: Date, to: Date) => Math.round((Date.parse(dayIn(to)) - Date.parse(dayIn(from))) / dayMs)

/** Made once for a language: making one takes a cheap phone milliseconds, and a list shows dozens of times. */
const format = (options: Intl.DateTimeFormatOptions) => {
  const made = new Map<string, Intl.DateTimeFormat>()
  return (at: Date) => {
    const locale = language()
    let found = made.get(locale)
    if (!found) made.set(locale, (found = new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', ...options })))
    return found.format(at)
  }
}
const clockOf = format({ hour: '2-digit', minute: '2-digit' })
const weekdayOf = format({ weekday: 'short' })
const monthDayOf = format({ month: 'long', day: 'numeric' })
const secondOf = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
const yearMonthDayOf = format({ year: 'numeric', month: 'long', day: 'numeric' })

const near: Record<'zh-CN' | 'en', Record<number, string>> = {
  'zh-CN': { [-1]: '昨天', 0: '今天', 1: '明天', 2: '后天' },
  en: { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' },
}

/** A time as people say it: 今天 15:30, 明天 09:00, 周四 17:00, 11月3日 08:20, 2025年6月1日. */
export function saidTime(at: string | Date, now = new Date()): string {
  const when = new Date(at)
  const days = daysBetween(now, when)
  const word = near[language()][days]
  const day = word ?? (days > 0 && days < 7 ? weekdayOf(when) : saidDay(when, now))
  return spaced(sameYear(when, now) || word ? `${day} ${clockOf(when)}` : day)
}

export function saidDay(at: string | Date, now = new Date()): string {
  const when = new Date(at)
  return spaced(
    near[language()][daysBetween(now, when)] ?? (sameYear(when, now) ? monthDayOf(when) : yearMonthDayOf(when)),
  )
}

/** How long something is kept, as people say it: 1095 days are 3 years. */
export const saidSpan = (days: number): string =>
  days % 365 === 0 ? t('span.years', { count: days / 365 }) : t('span.days', { count: days })

const sameYear = (a: Date, b: Date) => dayIn(a).slice(0, 4) === dayIn(b).slice(0, 4)

/** The exact instant for hover, tap and print. */
export function exactTime(at: string | Date): string {
  const when = new Date(at)
  return spaced(`${yearMonthDayOf(when)} ${weekdayOf(when)} ${secondOf(when)}`)
}
