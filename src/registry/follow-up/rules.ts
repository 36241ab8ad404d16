import { DAY, dateOf, dayNumberOf } from '../../kernel/calendar-days.ts'
import { citizenIdFacts, normaliseCode, normaliseMobile } from '../../kernel/codes.ts'
import { Fault } from '../../kernel/faults.ts'
import type { FollowUpBasis, FollowUpSetting, OpenFollowUp } from './contract.ts'

/**
 * Where a county has set nothing. The articles are to be checked by the county's justice office before use; longest terms
 * follow the law where it names one (drug rehabilitation: three years), else a year, to be asked for anew.
 *
 * @source docs/decisions/0064-follow-up-apart.md
 */
export const shippedSetting: FollowUpSetting = {
  bases: [
    {
      code: 'communityCorrection',
      zh: '社区矫正',
      en: 'Community correction',
      law: '《社区矫正法》第二十五条、第二十六条',
      daysMax: 1096,
    },
    {
      code: 'communityRehabilitation',
      zh: '社区戒毒、社区康复',
      en: 'Drug rehabilitation in the community',
      law: '《禁毒法》第三十三条、第三十四条、第四十八条',
      daysMax: 1096,
    },
    {
      code: 'releaseSupport',
      zh: '安置帮教',
      en: 'Support after release',
      law: '《监狱法》第三十七条',
      daysMax: 366,
    },
    {
      code: 'severeMentalDisorder',
      zh: '严重精神障碍患者服务',
      en: 'Care for severe mental disorder',
      law: '《精神卫生法》第五十五条、第五十六条',
      daysMax: 366,
    },
    {
      code: 'protectionOrder',
      zh: '人身安全保护令协助执行',
      en: 'Personal protection order',
      law: '《反家庭暴力法》第三十二条',
      daysMax: 183,
    },
  ],
  deleteAfterDays: 30,
  remindBeforeDays: 14,
}

/** The day of an instant in Beijing. */
export const dayOf = (at: Date): string => dateOf(dayNumberOf(at))
export const daysAfter = (at: Date, days: number): string => dayOf(new Date(at.getTime() + days * DAY))

/** @throws registry.follow_up_basis */
export function requireBasis(bases: readonly FollowUpBasis[], code: string): FollowUpBasis {
  const found = bases.find((basis) => basis.code === code)
  if (!found) throw new Fault('registry.follow_up_basis')
  return found
}

/** The end is never open and never beyond what the basis allows from today. @throws registry.follow_up_days */
export function requireEnd(now: Date, endsOn: string, basis: FollowUpBasis): void {
  const latest = daysAfter(now, basis.daysMax)
  if (endsOn <= dayOf(now) || endsOn > latest)
    throw new Fault('registry.follow_up_days', { latest, days: basis.daysMax })
}

/** Whom it is about, as it is sealed. */
export interface Person {
  name: string
  citizenId: string
  phone: string
  address: string
  background: string
  personId: string | null
}

/** @throws kernel.invalid_input for an ID number or a phone that cannot be one. */
export function requirePerson(input: OpenFollowUp['person'], today: string): Person {
  const citizenId = normaliseCode(input.citizenId ?? '')
  if (citizenId !== '' && !citizenIdFacts(citizenId, today))
    throw refused('person/citizenId', '身份证号码不对，请核对。', 'This is no valid ID number. Please check it.')
  const phone = input.phone === undefined || input.phone.trim() === '' ? '' : normaliseMobile(input.phone)
  if (phone === undefined)
    throw refused('person/phone', '手机号码不对，请核对。', 'This is no valid mobile number. Please check it.')
  const { name, address = '', background = '', personId = null } = input
  return { name: name.trim(), citizenId, phone, address: address.trim(), background: background.trim(), personId }
}

const refused = (path: string, zh: string, en: string): Fault =>
  new Fault('kernel.invalid_input', { fields: [{ path, message: zh, zh, en }] })

/** 王小明 → 王＊＊: enough for who knows already, nothing for who looks over a shoulder. */
export const labelOf = (name: string): string => {
  const [first = '', ...rest] = [...name]
  return first + '＊'.repeat(Math.max(1, Math.min(2, rest.length)))
}

/** Fewer than five could point at somebody: then only that there are some. */
const SMALL = 5
export const roughly = (count: number): number | null => (count > 0 && count < SMALL ? null : count)
