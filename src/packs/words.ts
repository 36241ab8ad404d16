import type { Locale } from '../kernel/faults.ts'
import type { Due, TimeAmount } from './contract.ts'

const units = {
  workHour: ['工作时', 'working hours'],
  workday: ['个工作日', 'workdays'],
  urgentHour: ['小时', 'hours'],
  calendarDay: ['天', 'days'],
} as const

const sayAmount = ({ amount, unit }: TimeAmount, locale: Locale): string =>
  `${amount} ${units[unit][locale === 'en' ? 1 : 0]}`

/** 5 个工作日（紧急 24 小时）; 5 workdays (urgent 24 hours). */
export function sayLimit(due: Due, locale: Locale): string {
  if (!due.urgent) return sayAmount(due, locale)
  const urgent = sayAmount(due.urgent, locale)
  return locale === 'en'
    ? `${sayAmount(due, locale)} (urgent ${urgent})`
    : `${sayAmount(due, locale)}（紧急 ${urgent}）`
}
