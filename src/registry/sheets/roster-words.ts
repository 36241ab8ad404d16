import type { Locale } from '../../kernel/faults.ts'
import type { ExportList } from './contract.ts'

/** Words of an exported roster, in both languages. */
interface Words {
  readonly zh: string
  readonly en: string
}
const w = (zh: string, en: string): Words => ({ zh, en })
export const inWords = (words: Words | undefined, locale: Locale): string =>
  words === undefined ? '' : locale === 'en' ? words.en : words.zh

const codes: Record<string, Words> = {
  male: w('男', 'male'),
  female: w('女', 'female'),
  registered: w('户籍', 'registered here'),
  elsewhere: w('人户分离', 'registered elsewhere'),
  floating: w('新居民', 'new resident'),
  foreign: w('境外', 'foreign'),
  unknown: w('', ''),
  owner: w('业主', 'owner'),
  tenant: w('租客', 'tenant'),
  family: w('家庭成员', 'family'),
  lodger: w('借住', 'lodger'),
  employee: w('在此工作', 'works here'),
  registeredOnly: w('仅户籍在此', 'registered only'),
  head: w('户主', 'head'),
  spouse: w('配偶', 'spouse'),
  child: w('子女', 'child'),
  childInLaw: w('儿媳或女婿', 'child in law'),
  grandchild: w('孙辈', 'grandchild'),
  parent: w('父母', 'parent'),
  parentInLaw: w('岳父母或公婆', 'parent in law'),
  grandparent: w('祖辈', 'grandparent'),
  sibling: w('兄弟姐妹', 'sibling'),
  other: w('其他', 'other'),
  present: w('在住', 'present'),
  away: w('外出', 'away'),
  ownerOccupied: w('自住', 'owner-occupied'),
  let: w('出租', 'let'),
  vacant: w('空置', 'vacant'),
  enterprise: w('企业', 'enterprise'),
  merchant: w('商户', 'merchant'),
  public: w('公共', 'public'),
  collective: w('集体户', 'collective'),
  partner: w('共建单位', 'partner unit'),
  supplier: w('供应商', 'supplier'),
  socialOrganisation: w('社会组织', 'social organisation'),
  partyOrganisation: w('党组织', 'Party organisation'),
}
/** A code as people say it; one without words says nothing. */
export const said = (code: string | null, locale: Locale): string =>
  inWords(code === null ? undefined : codes[code], locale)

export const headings: Record<ExportList, readonly Words[]> = {
  people: [
    w('网格', 'Area'),
    w('地址', 'Address'),
    w('姓名', 'Name'),
    w('性别', 'Sex'),
    w('出生日期', 'Born'),
    w('证件号', 'ID number'),
    w('手机号', 'Phone'),
    w('与户主关系', 'To the head'),
    w('居住性质', 'Tie'),
    w('是否住在这里', 'Lives here'),
    w('户籍性质', 'Registration'),
    w('人员状态', 'State'),
    w('标签', 'Tags'),
    w('最近核对', 'Checked'),
  ],
  households: [
    w('网格', 'Area'),
    w('地址', 'Address'),
    w('户号', 'Number'),
    w('户类型', 'Kind'),
    w('户主', 'Head'),
    w('在住人数', 'Members'),
    w('最近核对', 'Checked'),
  ],
  premises: [
    w('网格', 'Area'),
    w('地址', 'Address'),
    w('单元', 'Unit'),
    w('室', 'Room'),
    w('用途', 'Use'),
    w('户数', 'Households'),
    w('在住人数', 'Residents'),
    w('最近核对', 'Checked'),
  ],
  organisations: [
    w('网格', 'Area'),
    w('名称', 'Name'),
    w('类型', 'Kind'),
    w('统一社会信用代码', 'Code'),
    w('行业', 'Trade'),
    w('地址', 'Address'),
    w('负责人', 'In charge'),
    w('电话', 'Phone'),
    w('从业人数', 'Headcount'),
    w('最近核对', 'Checked'),
  ],
}

export const titles: Record<ExportList, Words> = {
  people: w('人员名册', 'People'),
  households: w('住户名册', 'Households'),
  premises: w('房屋名册', 'Premises'),
  organisations: w('单位名册', 'Organisations'),
}
export const sheetWords = {
  by: w(
    '{who} 于 {at} 导出，仅限工作使用，用途：{reason}，已记入账本（{id}）。筛选：{said}',
    'Exported by {who} at {at} for work only: {reason}; noted in the ledger ({id}). Filter: {said}',
  ),
  all: w('共 {count} 行，全部列出。', 'All {count} rows are listed.'),
  cut: w(
    '只列出前 {count} 行：一次最多导出 {count} 行，请缩小范围分次导出。',
    'Only the first {count} rows: one sheet holds {count} at most. Please narrow the filter.',
  ),
  mark: w('导出标记', 'Mark'),
  yes: w('是', 'yes'),
  no: w('否', 'no'),
}
