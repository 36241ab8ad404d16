import { Type, type Static } from 'typebox'
import type { Locale } from '../kernel/faults.ts'

/** The groups in which a person's details are kept, each sealed under its name; what stands in the open has groups too. */
export const detailGroups = ['identity', 'work', 'education', 'family', 'health', 'remark'] as const
export type DetailGroup = (typeof detailGroups)[number]

interface Words {
  readonly zh: string
  readonly en: string
}

/** What is kept about people, homes and organisations, and why. */
interface FieldGroup {
  readonly code: string
  readonly name: Words
  readonly fields: Words
  readonly purpose: Words
  readonly basis: Words
  readonly source: Words
  /** After so many months somebody asks again. */
  readonly freshMonths: number
  /** So many months after the person has left or died, or the record was closed, it is deleted. */
  readonly keepMonths: number
  /** Shown only with a reason, to those who may unmask. */
  readonly sensitive: boolean
}

const w = (zh: string, en: string): Words => ({ zh, en })
const doors = w('居民登记、网格员上门走访、表格导入', 'The person, visits at the door, sheets')
const selfTold = w('本人自愿提供', 'Told by the person, of their own will')
const duty = w(
  '个人信息保护法第十三条第一款第三项：为履行法定职责所必需',
  'Personal Information Protection Law art. 13(1)(3): needed for a statutory duty',
)
const consent = w('个人信息保护法第二十九条：单独同意', 'Personal Information Protection Law art. 29: separate consent')
const service = w('上门服务、走访和应急联系', 'Service at the door, visits and emergencies')

/**
 * The county's record of what it keeps.
 *
 * @source docs/decisions/0063-a-room-for-the-registry.md; retention as a county may be audited on it, three years after leaving
 */
export const fieldGroups: readonly FieldGroup[] = [
  {
    code: 'name',
    name: w('姓名、性别、出生日期', 'Name, sex, date of birth'),
    fields: w('姓名、性别、出生日期', 'Name, sex, date of birth'),
    purpose: w('知道谁住在哪里，按年龄提供服务', 'To know who lives where, and serve by age'),
    basis: duty,
    source: doors,
    freshMonths: 12,
    keepMonths: 36,
    sensitive: false,
  },
  {
    code: 'citizenId',
    name: w('身份证号', 'Citizen ID number'),
    fields: w('公民身份号码', 'Citizen ID number'),
    purpose: w('确认是同一个人，避免重复登记', 'To tell one person from another, once and for all'),
    basis: duty,
    source: doors,
    freshMonths: 120,
    keepMonths: 36,
    sensitive: true,
  },
  {
    code: 'phone',
    name: w('手机号', 'Phone'),
    fields: w('手机号码', 'Mobile number'),
    purpose: service,
    basis: duty,
    source: doors,
    freshMonths: 12,
    keepMonths: 36,
    sensitive: true,
  },
  {
    code: 'registration',
    name: w('户籍类别', 'Registration'),
    fields: w('本地户籍、人户分离、流动人口', 'Registered here, elsewhere, floating'),
    purpose: w('办理居住登记，统计实有人口', 'Residence registration and population figures'),
    basis: w(
      '浙江省流动人口居住登记条例；个人信息保护法第十三条',
      'Zhejiang Regulations on residence registration; PIPL art. 13',
    ),
    source: doors,
    freshMonths: 12,
    keepMonths: 36,
    sensitive: false,
  },
  {
    code: 'residence',
    name: w('住处和房屋关系', 'Homes'),
    fields: w('住址、产权或租住关系、起止日期', 'Address, ownership or tenancy, from and until'),
    purpose: w('知道哪套房屋住着谁，出租房管理', 'To know who lives where, and look after let homes'),
    basis: duty,
    source: doors,
    freshMonths: 6,
    keepMonths: 36,
    sensitive: false,
  },
  {
    code: 'identity',
    name: w('民族、籍贯、政治面貌', 'Ethnicity, origin, political status'),
    fields: w('民族、籍贯、政治面貌', 'Ethnicity, origin, political status'),
    purpose: w('党员管理和民族政策落实', 'Party membership and ethnic policy'),
    basis: consent,
    source: selfTold,
    freshMonths: 36,
    keepMonths: 12,
    sensitive: true,
  },
  {
    code: 'work',
    name: w('就业', 'Work'),
    fields: w('单位、职业', 'Employer, occupation'),
    purpose: w('就业帮扶和应急联系', 'Help into work and emergencies'),
    basis: consent,
    source: selfTold,
    freshMonths: 12,
    keepMonths: 12,
    sensitive: false,
  },
  {
    code: 'education',
    name: w('教育', 'Education'),
    fields: w('学历、就读学校', 'Education, school'),
    purpose: w('入学服务', 'School places'),
    basis: consent,
    source: selfTold,
    freshMonths: 24,
    keepMonths: 12,
    sensitive: false,
  },
  {
    code: 'family',
    name: w('婚姻和家庭', 'Marriage and family'),
    fields: w('婚姻状况、紧急联系人', 'Marriage, emergency contact'),
    purpose: w('家庭服务和紧急联系', 'Family services and emergencies'),
    basis: consent,
    source: selfTold,
    freshMonths: 24,
    keepMonths: 12,
    sensitive: true,
  },
  {
    code: 'health',
    name: w('健康和照护', 'Health and care'),
    fields: w('残疾等级、慢性病、照护需要', 'Disability, chronic illness, care'),
    purpose: w('困难照护和应急救助', 'Care and rescue'),
    basis: consent,
    source: selfTold,
    freshMonths: 12,
    keepMonths: 6,
    sensitive: true,
  },
  {
    code: 'remark',
    name: w('备注', 'Remark'),
    fields: w('走访时记下的情况', 'What was noted at a visit'),
    purpose: service,
    basis: duty,
    source: w('网格员上门走访', 'Visits at the door'),
    freshMonths: 12,
    keepMonths: 12,
    sensitive: false,
  },
  {
    code: 'tags',
    name: w('人员标签', 'Tags'),
    fields: w('老年人、新居民、党员、残疾人等', 'Older people, new residents, Party members, disabled …'),
    purpose: w('按需要提供服务', 'Service by need'),
    basis: duty,
    source: w('按规则得出，或由网格员标注', 'By rule, or set by grid workers'),
    freshMonths: 12,
    keepMonths: 12,
    sensitive: false,
  },
  {
    code: 'dossier',
    name: w('家庭情况档案', 'Situation file of a household'),
    fields: w('家庭情况、困难、需求', 'Situation, hardship, needs'),
    purpose: w('一户两档：情况档案', 'The situation file of each household'),
    basis: duty,
    source: w('网格员上门走访', 'Visits at the door'),
    freshMonths: 12,
    keepMonths: 12,
    sensitive: true,
  },
  {
    code: 'premises',
    name: w('房屋', 'Premises'),
    fields: w('地址、用途、一房一策', 'Address, use, plan of the house'),
    purpose: w('标准地址和房屋安全', 'Standard addresses and safe homes'),
    basis: duty,
    source: doors,
    freshMonths: 12,
    keepMonths: 120,
    sensitive: false,
  },
  {
    code: 'organisation',
    name: w('单位', 'Organisations'),
    fields: w('名称、统一社会信用代码、负责人', 'Name, credit code, officers'),
    purpose: w('实有单位管理和安全检查', 'Actual units and safety checks'),
    basis: duty,
    source: w('单位登记、走访、表格导入', 'The organisation, visits, sheets'),
    freshMonths: 12,
    keepMonths: 60,
    sensitive: false,
  },
]

const byCode = new Map(fieldGroups.map((group) => [group.code, group]))

/** @throws Error for a group that does not stand above. */
export function groupOf(code: string): FieldGroup {
  const group = byCode.get(code)
  if (!group) throw new Error(`no field group ${code}`)
  return group
}

/** After how many months somebody asks again. */
export const freshMonths = (code: string): number => groupOf(code).freshMonths

export const FieldGroups = Type.Object({
  items: Type.Array(
    Type.Object({
      code: Type.String(),
      name: Type.String(),
      fields: Type.String(),
      purpose: Type.String(),
      basis: Type.String(),
      source: Type.String(),
      freshMonths: Type.Integer(),
      keepMonths: Type.Integer(),
      sensitive: Type.Boolean(),
    }),
  ),
})
export type FieldGroups = Static<typeof FieldGroups>

/** What is kept and why, in the reader's language: for pages, and for the person it is about. */
export function listFieldGroups(locale: Locale): FieldGroups {
  const said = (words: Words): string => (locale === 'en' ? words.en : words.zh)
  return {
    items: fieldGroups.map((group) => ({
      code: group.code,
      name: said(group.name),
      fields: said(group.fields),
      purpose: said(group.purpose),
      basis: said(group.basis),
      source: said(group.source),
      freshMonths: group.freshMonths,
      keepMonths: group.keepMonths,
      sensitive: group.sensitive,
    })),
  }
}
