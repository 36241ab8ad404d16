import type { Locale } from '../kernel/faults.ts'
import type { Due, TimeAmount } from './contract.ts'

const units = {
  workHour: ['个工作时', 'working hours'],
  workday: ['个工作日', 'workdays'],
  urgentHour: ['小时', 'hours'],
  calendarDay: ['天', 'days'],
} as const

function sayAmount({ amount, unit }: TimeAmount, locale: Locale): string {
  const [zh, en] = units[unit]
  return locale === 'en' ? `${amount} ${amount === 1 ? en.slice(0, -1) : en}` : `${amount} ${zh}`
}

/** 5 个工作日（紧急 24 小时）; 5 workdays (urgent 24 hours). */
export function sayLimit(due: Due, locale: Locale): string {
  if (!due.urgent) return sayAmount(due, locale)
  const urgent = sayAmount(due.urgent, locale)
  return locale === 'en'
    ? `${sayAmount(due, locale)} (urgent ${urgent})`
    : `${sayAmount(due, locale)}（紧急 ${urgent}）`
}
