import type { Locale } from '../../kernel/faults.ts'
import type { DetailGroup } from '../field-groups.ts'
import type { Details } from '../people/contract.ts'
import type { OwnField } from './contract.ts'

interface Field {
  readonly zh: string
  readonly en: string
  /** The field group it belongs to. */
  readonly group: string
  /** Where it is sealed among the details. */
  readonly at?: readonly [group: DetailGroup, field: string]
}

/** What can be corrected, as people say it. */
export const fields: Readonly<Record<OwnField, Field>> = {
  name: { zh: '姓名', en: 'Name', group: 'name' },
  sex: { zh: '性别', en: 'Sex', group: 'name' },
  bornOn: { zh: '出生日期', en: 'Date of birth', group: 'name' },
  citizenId: { zh: '身份证号', en: 'ID number', group: 'citizenId' },
  phone: { zh: '手机号', en: 'Phone', group: 'phone' },
  registration: { zh: '户籍类别', en: 'Registration', group: 'registration' },
  home: { zh: '住处', en: 'Home', group: 'residence' },
  ethnicity: { zh: '民族', en: 'Ethnicity', group: 'identity', at: ['identity', 'ethnicity'] },
  nativePlace: { zh: '籍贯', en: 'Native place', group: 'identity', at: ['identity', 'nativePlace'] },
  political: { zh: '政治面貌', en: 'Political status', group: 'identity', at: ['identity', 'political'] },
  employer: { zh: '工作单位', en: 'Employer', group: 'work', at: ['work', 'employer'] },
  occupation: { zh: '职业', en: 'Occupation', group: 'work', at: ['work', 'occupation'] },
  degree: { zh: '学历', en: 'Education', group: 'education', at: ['education', 'degree'] },
  school: { zh: '就读学校', en: 'School', group: 'education', at: ['education', 'school'] },
  marriage: { zh: '婚姻状况', en: 'Marriage', group: 'family', at: ['family', 'marriage'] },
  emergencyName: { zh: '紧急联系人', en: 'Emergency contact', group: 'family', at: ['family', 'emergencyName'] },
  emergencyPhone: { zh: '紧急联系电话', en: 'Emergency phone', group: 'family', at: ['family', 'emergencyPhone'] },
  other: { zh: '其他内容', en: 'Something else', group: 'remark' },
}

/** Details that are read and not corrected at a tap: one says in words what is wrong. */
const further: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  workPlace: ['工作地点', 'Place of work'],
  cameFrom: ['来自哪里', 'Came from'],
  disability: ['残疾情况', 'Disability'],
  illness: ['慢性病', 'Illness'],
  care: ['照护需要', 'Care'],
  text: ['备注', 'Remark'],
}

export function fieldName(field: string | null, locale: Locale): string {
  if (field === null) return ''
  const known = Object.hasOwn(fields, field) ? fields[field as OwnField] : undefined
  if (known) return locale === 'en' ? known.en : known.zh
  const [zh, en] = further[field] ?? [field, field]
  return locale === 'en' ? en : zh
}

/** Fields whose correction is carried out by itself when it is accepted. */
export const byItself = (field: string | null): boolean =>
  field !== null && Object.hasOwn(fields, field) && field !== 'home' && field !== 'other'

/** The details of one group, in words. */
export const valuesOf = (
  details: Details,
  group: string,
  locale: Locale,
): { field: string; label: string; value: string }[] =>
  Object.entries((details as Record<string, Record<string, string> | undefined>)[group] ?? {}).map(
    ([field, value]) => ({ field, label: fieldName(field, locale), value }),
  )

const shownWords: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  male: ['男', 'male'],
  female: ['女', 'female'],
  registered: ['本地户籍', 'registered here'],
  elsewhere: ['人户分离', 'registered elsewhere'],
  floating: ['流动人口', 'floating'],
  foreign: ['境外人员', 'from abroad'],
  unknown: ['不详', 'unknown'],
  owner: ['房主', 'owner'],
  tenant: ['租客', 'tenant'],
  family: ['家人', 'family'],
  lodger: ['合住', 'lodger'],
  employee: ['在此工作', 'works there'],
  registeredOnly: ['户口在此', 'only registered there'],
  counter: ['窗口登记', 'counter'],
  visit: ['上门走访', 'visit'],
  sheet: ['表格导入', 'sheet'],
  self: ['本人', 'yourself'],
  police: ['公安', 'police'],
  department: ['部门数据', 'department'],
  demo: ['演示数据', 'demo'],
  citizenId: ['身份证号', 'ID number'],
  phone: ['手机号', 'phone'],
  details: ['详细资料', 'details'],
  confirmed: ['核实无误', 'confirmed'],
  corrected: ['更正', 'corrected'],
  phoneFixed: ['更正手机号', 'phone corrected'],
  consentWithdrawn: ['撤回同意，删除内容', 'consent withdrawn, deleted'],
  moved: ['变更住处', 'moved'],
  movedHere: ['迁入', 'moved here'],
  tagged: ['标签调整', 'tags changed'],
  merged: ['合并重复登记', 'merged'],
  present: ['在住', 'present'],
  away: ['暂时外出', 'away'],
  left: ['迁出', 'left'],
  deceased: ['去世', 'deceased'],
  tied: ['登记居住关系', 'home registered'],
  untied: ['结束居住关系', 'home ended'],
}

/** A code in the reader's language; `registered` as an act differs from the kind of registration. */
export function said(code: string, locale: Locale): string {
  const [zh, en] = shownWords[code] ?? [code, code]
  return locale === 'en' ? en : zh
}
