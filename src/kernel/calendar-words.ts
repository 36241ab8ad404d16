import type { Deadline, Explanation, Remaining } from './calendar-terms.ts'
import { DAY, dayNumberOf, startOfDay, weekdayOf, type Words } from './calendar-days.ts'
import type { Locale } from './faults.ts'

const weekdays = {
  'zh-CN': ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
} as const
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const numberOfDate = (on: string): number => Math.round(Date.parse(`${on}T00:00:00Z`) / DAY)

function timeOf(at: Date): string {
  const minutes = Math.floor((at.getTime() - startOfDay(dayNumberOf(at))) / 60_000)
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** A day as people say it on `today`: today, tomorrow, the weekday within a week, else the date. */
function sayDay(number: number, today: number, locale: Locale): string {
  const away = number - today
  const near =
    locale === 'en' ? { '-1': 'yesterday', '0': 'today', '1': 'tomorrow' } : { '-1': '昨天', '0': '今天', '1': '明天' }
  const word = Object.entries(near).find(([days]) => Number(days) === away)?.[1]
  if (word) return word
  const weekday = weekdays[locale][weekdayOf(number)]!
  if (away > 0 && away < 7) return weekday
  const date = new Date(number * DAY)
  const sameYear = date.getUTCFullYear() === new Date(today * DAY).getUTCFullYear()
  if (locale === 'en')
    return `${weekday.slice(0, 3)} ${date.getUTCDate()} ${months[date.getUTCMonth()]}${sameYear ? '' : ` ${date.getUTCFullYear()}`}`
  return `${sameYear ? '' : `${date.getUTCFullYear()}年`}${date.getUTCMonth() + 1}月${date.getUTCDate()}日（${weekday}）`
}

/** An instant as people say it: 今天 15:30, 周四 17:00, 12月3日（周四）17:00; Thursday 17:00. */
export function sayWhen(at: Date, locale: Locale, now: Date): string {
  const day = sayDay(dayNumberOf(at), dayNumberOf(now), locale)
  return day.endsWith('）') ? `${day}${timeOf(at)}` : `${day} ${timeOf(at)}`
}

const units = {
  workHour: ['个工作时', 'working hour'],
  workday: ['个工作日', 'workday'],
  urgentHour: ['个紧急工作时', 'hour'],
  calendarDay: ['天', 'day'],
  day: ['天', 'day'],
  hour: ['小时', 'hour'],
  minute: ['分钟', 'minute'],
} as const

function sayAmount(amount: number, unit: keyof typeof units, locale: Locale): string {
  const [zh, en] = units[unit]
  if (locale === 'en') return `${amount} ${en}${amount === 1 ? '' : 's'}`
  return `${amount} ${zh}`
}

function saySpan(milliseconds: number, locale: Locale): string {
  const minutes = Math.round(milliseconds / 60_000)
  if (minutes < 60) return locale === 'en' ? `${minutes} min` : `${minutes} 分钟`
  const hours = Math.round(minutes / 6) / 10
  return locale === 'en' ? `${hours} h` : `${hours} 小时`
}

const sayReason = (reason: string | Words, locale: Locale): string =>
  typeof reason === 'string' ? reason : locale === 'en' ? reason.en : reason.zh

function sayDates(from: string, to: string, locale: Locale): string {
  const [first, last] = [from, to].map((on) => on.split('-').map(Number) as [number, number, number]) as [
    [number, number, number],
    [number, number, number],
  ]
  if (locale === 'en') {
    const end = `${last[2]} ${months[last[1] - 1]}`
    return from === to
      ? end
      : first[1] === last[1]
        ? `${first[2]}–${end}`
        : `${first[2]} ${months[first[1] - 1]}–${end}`
  }
  const start = `${first[1]}月${first[2]}日`
  return from === to ? start : first[1] === last[1] ? `${start}至${last[2]}日` : `${start}至${last[1]}月${last[2]}日`
}

function sayStep(step: Explanation, locale: Locale, today: number): string {
  const english = locale === 'en'
  switch (step.kind) {
    case 'allowed':
      return sayAmount(step.amount, step.unit, locale)
    case 'extension': {
      const amount = sayAmount(step.amount, step.unit, locale)
      const reason = sayReason(step.reason, locale)
      return english ? `extended by ${amount} (${reason})` : `延期 ${amount}（${reason}）`
    }
    case 'makeUp': {
      const day = sayDay(numberOfDate(step.on), today, locale)
      return english ? `${day} is a make-up workday` : `${day}为调休上班日`
    }
    case 'holiday':
      return english
        ? `${step.name.en} holiday (${sayDates(step.from, step.to, locale)}) is not counted`
        : `${sayDates(step.from, step.to, locale)}${step.name.zh}放假不计`
    case 'county': {
      const name = step.name ? (english ? ` (${step.name.en})` : `（${step.name.zh}）`) : ''
      const day = sayDates(step.on, step.on, locale)
      if (english)
        return step.works ? `${day} is a workday in this county${name}` : `${day} is a day off in this county${name}`
      return step.works ? `${day}本县安排上班${name}` : `${day}本县安排放假${name}`
    }
    case 'rolled':
      return english ? 'the last day is a day off, so it moves to the next workday' : '最后一天休息，顺延到下一个工作日'
    case 'pause': {
      const reason = sayReason(step.reason, locale)
      if (step.milliseconds === null) return english ? `stopped for now (${reason})` : `暂停中（${reason}）`
      return english
        ? `paused ${saySpan(step.milliseconds, locale)} (${reason})`
        : `暂停 ${saySpan(step.milliseconds, locale)}（${reason}）`
    }
    case 'provisional':
      return english
        ? `the holidays of ${step.years.join(', ')} are not published yet, counted on plain weekdays for now`
        : `${step.years.join('、')} 年放假安排尚未公布，暂按周一至周五计算`
  }
}

/**
 * The deadline in a sentence that a villager can check: when, how much was allowed, and every day or pause that surprises.
 *
 * “周四 17:00 到期：3 个工作日；周日为调休上班日；暂停 5 小时（等待反映人补充）” ·
 * "Due Thursday 17:00: 3 workdays; Sunday is a make-up workday; paused 5 h (waiting for the reporter)".
 *
 * @param now The reader's present: decides between 今天, 周四 and a date.
 */
export function explainDeadline(
  deadline: Pick<Deadline, 'dueAt' | 'paused' | 'steps'>,
  locale: Locale,
  now: Date,
): string {
  const when = sayWhen(deadline.dueAt, locale, now)
  const steps = deadline.steps
    .filter((step) => step.kind !== 'pause' || step.milliseconds === null || step.milliseconds >= 60_000)
    .map((step) => sayStep(step, locale, dayNumberOf(now)))
  if (locale === 'en') return `${deadline.paused ? 'Clock stopped' : `Due ${when}`}: ${steps.join('; ')}`
  return `${deadline.paused ? '已暂停计时' : `${when} 到期`}：${steps.join('；')}`
}

function now(overdue: boolean, locale: Locale): string {
  if (locale === 'en') return overdue ? 'Just overdue' : 'Due now'
  return overdue ? '刚刚超期' : '马上到期'
}

/** 还剩 2 个工作日 / 已超期 3 个工作时; 2 workdays left / 3 working hours overdue: over a weekend an hour is not an hour. */
export function sayRemaining(left: Remaining, locale: Locale): string {
  if (left.amount === 0) return now(left.overdue, locale)
  const amount = sayAmount(left.amount, left.unit, locale)
  if (locale === 'en') return left.overdue ? `${amount} overdue` : `${amount} left`
  return left.overdue ? `已超期 ${amount}` : `还剩 ${amount}`
}
