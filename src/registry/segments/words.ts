import type { Locale } from '../../kernel/faults.ts'
import { registrations, relations, sexes } from '../people/contract.ts'
import { listTags } from '../tags/rules.ts'
import { fieldsOf } from './conditions.ts'
import { segmentSubjects, type Condition, type SegmentSubject, type SegmentTerms } from './contract.ts'
import type { Shown } from './store.ts'

interface Words {
  readonly zh: string
  readonly en: string
}
const w = (zh: string, en: string): Words => ({ zh, en })
const said = (words: Words, locale: Locale): string => (locale === 'en' ? words.en : words.zh)

const codes: Readonly<Record<string, Words>> = {
  male: w('男', 'male'),
  female: w('女', 'female'),
  registered: w('本地户籍', 'registered here'),
  elsewhere: w('人户分离', 'registered elsewhere'),
  floating: w('流动人口', 'floating'),
  foreign: w('境外人员', 'from abroad'),
  unknown: w('不详', 'unknown'),
  owner: w('产权人', 'owner'),
  tenant: w('承租人', 'tenant'),
  family: w('家庭成员', 'family'),
  lodger: w('借住', 'lodger'),
  employee: w('从业', 'works there'),
  registeredOnly: w('空挂户口', 'only registered there'),
  ownerOccupied: w('自住', 'owner-occupied'),
  let: w('出租', 'let'),
  vacant: w('空置', 'vacant'),
  enterprise: w('企业', 'enterprise'),
  merchant: w('商户', 'merchant'),
  public: w('公用', 'public'),
  collective: w('集体户', 'collective'),
  partner: w('共建单位', 'partner unit'),
  supplier: w('供应商', 'supplier'),
  socialOrganisation: w('社会组织', 'social organisation'),
  partyOrganisation: w('党组织', 'Party organisation'),
  other: w('其他', 'other'),
}
const uses = ['ownerOccupied', 'let', 'vacant', 'enterprise', 'merchant', 'public', 'unknown'] as const
const householdKinds = ['registered', 'floating', 'collective'] as const
const organisationKinds = [
  'enterprise',
  'merchant',
  'partner',
  'supplier',
  'socialOrganisation',
  'partyOrganisation',
  'other',
] as const

type Kind = SegmentTerms['fields'][number]['kind']
interface Field {
  readonly name: Words
  readonly kind: Kind
  readonly unit?: Words
  readonly words?: readonly string[]
}

const fields: Readonly<Record<Condition['field'], Field>> = {
  age: { name: w('年龄', 'Age'), kind: 'bounds', unit: w('岁', 'years') },
  sex: { name: w('性别', 'Sex'), kind: 'words', words: sexes },
  registration: { name: w('户籍类别', 'Registration'), kind: 'words', words: registrations },
  tag: { name: w('人员标签', 'Tag'), kind: 'words' },
  relation: { name: w('与房屋的关系', 'Relation to premises'), kind: 'words', words: relations },
  premisesUse: { name: w('房屋用途', 'Use of premises'), kind: 'words', words: uses },
  householdKind: { name: w('户类型', 'Kind of household'), kind: 'words', words: householdKinds },
  organisationKind: { name: w('单位类型', 'Kind of organisation'), kind: 'words', words: organisationKinds },
  members: { name: w('户内人数', 'Members'), kind: 'bounds', unit: w('人', 'people') },
  headcount: { name: w('从业人数', 'Headcount'), kind: 'bounds', unit: w('人', 'people') },
  hasPhone: { name: w('留有手机号', 'Has a phone'), kind: 'flag' },
  notCheckedForDays: { name: w('多久没核实', 'Not confirmed for'), kind: 'bounds', unit: w('天以上', 'days or more') },
  area: { name: w('所在区域', 'Area'), kind: 'area' },
  visited: { name: w('走访活动中已走访', 'Visited in a campaign'), kind: 'campaign' },
}

const order = Object.keys(fields) as Condition['field'][]

/** What a question may ask, in the reader's language. */
export const termsIn = (locale: Locale): SegmentTerms['fields'] =>
  order.map((field) => {
    const { name, kind, unit, words = [] } = fields[field]
    const listed = words.map((code) => ({ code, name: said(codes[code]!, locale), sensitive: false }))
    return {
      field,
      subjects: segmentSubjects.filter((subject) => fieldsOf[subject].includes(field)),
      name: said(name, locale),
      kind,
      unit: unit ? said(unit, locale) : null,
      words: field === 'tag' ? listTags(locale).items : listed,
    }
  })

/** The line under a record's name. */
export function detailOf(subject: SegmentSubject, { code, count }: Shown, locale: Locale): string {
  const kind = codes[code] ? said(codes[code], locale) : code
  if (count === null) return kind
  const counted = subject === 'person' ? w(`${count} 岁`, `${count} years`) : w(`${count} 人`, `${count} people`)
  return `${kind} · ${said(counted, locale)}`
}
