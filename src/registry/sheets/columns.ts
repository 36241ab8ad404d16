import type { WantedColumn } from '../../kernel/sheet-columns.ts'

/** What a column of a sheet may hold. `people` sheets also bring homes without anybody in them. */
export const sheetKinds = ['people', 'organisations'] as const
export type SheetKind = (typeof sheetKinds)[number]

export const peopleFields = [
  'name',
  'citizenId',
  'phone',
  'sex',
  'bornOn',
  'ethnicity',
  'headRelation',
  'householdNumber',
  'headName',
  'registration',
  'tenure',
  'livesHere',
  'state',
  'movedInOn',
  'origin',
  'education',
  'employer',
  'marriage',
  'remark',
  'partyMember',
  'disabled',
  'pregnant',
  'veteran',
  'lowIncome',
  'livesAlone',
] as const
export const addressFields = [
  'village',
  'grid',
  'microGrid',
  'estate',
  'street',
  'houseNumber',
  'building',
  'unit',
  'room',
  'address',
] as const
export const organisationFields = [
  'organisationName',
  'organisationCode',
  'organisationKind',
  'trade',
  'headcount',
  'legalName',
  'legalPhone',
  'safetyName',
  'safetyPhone',
  'contactPhone',
  'organisationRemark',
] as const
export type PeopleField = (typeof peopleFields)[number]
export type AddressField = (typeof addressFields)[number]
export type OrganisationField = (typeof organisationFields)[number]
export type SheetField = PeopleField | AddressField | OrganisationField

/** Headings as clerks write them; the first of each is our own template's. Width, blanks, stars and brackets do not count. */
const peopleNames: Record<PeopleField, readonly string[]> = {
  name: ['姓名', '人员姓名', '居民姓名', '住户姓名', '名字', '常住人员', '家庭成员', '成员姓名', '租客姓名', '承租人', '承租人姓名', '人口姓名'],
  citizenId: [
    '公民身份号码',
    '身份证号',
    '身份证号码',
    '身份证',
    '证件号码',
    '证件号',
    '公民身份证号码',
    '公民身份证号',
    '居民身份证号码',
    '身份号码',
    '身份证编号',
  ],
  phone: ['手机号', '联系电话', '手机', '电话', '手机号码', '联系方式', '本人电话', '联系号码', '移动电话', '电话号码'],
  sex: ['性别'],
  bornOn: ['出生日期', '出生年月', '出生年月日', '生日', '出生'],
  ethnicity: ['民族'],
  headRelation: ['与户主关系', '家庭关系', '关系', '与户主的关系', '与房东关系', '成员关系', '称谓', '和户主关系', '与承租人关系'],
  householdNumber: ['户号', '户籍号', '户口簿号', '户编号', '户口号'],
  headName: ['户主姓名', '户主'],
  registration: ['户籍性质', '人口类型', '人口性质', '户口类型', '人员类别', '人口类别', '人员类型', '是否新居民', '户籍类型', '居民类型'],
  tenure: ['居住性质', '与房屋关系', '住房性质', '房屋性质', '居住类型', '房屋类型', '业主/租客', '业主或租客', '自住/出租', '房屋使用情况', '房屋用途', '房屋状态', '房屋现状', '住房状态', '使用情况'],
  livesHere: ['是否在住', '是否居住', '是否常住', '是否实际居住', '在住情况'],
  state: ['人员状态', '居住状态', '现状', '去向', '状态'],
  movedInOn: ['入住日期', '入住时间', '来嘉时间', '起租日期', '租住时间', '居住起始日期', '入住年月', '登记日期', '来本地时间'],
  origin: ['户籍地', '户籍地址', '户口所在地', '籍贯', '来源地', '户籍所在地', '原籍'],
  education: ['文化程度', '学历', '受教育程度'],
  employer: ['工作单位', '单位', '服务处所', '从业单位', '就业单位', '工作地点', '职业'],
  marriage: ['婚姻状况', '婚姻', '婚否', '婚姻情况'],
  remark: ['备注', '说明', '其他', '备注说明', '情况说明'],
  partyMember: ['是否党员', '党员', '政治面貌'],
  disabled: ['是否残疾', '残疾人', '残疾', '是否残疾人'],
  pregnant: ['是否孕妇', '孕妇', '怀孕'],
  veteran: ['是否退役军人', '退役军人', '退伍军人', '是否退伍'],
  lowIncome: ['是否低保', '低保', '低保户', '困难户'],
  livesAlone: ['是否独居', '独居', '独居老人', '空巢老人', '是否独居老人'],
}
const addressNames: Record<AddressField, readonly string[]> = {
  village: ['村（社区）', '村', '社区', '所属村', '所属社区', '村社', '行政村', '所在社区', '村居'],
  grid: ['网格', '所属网格', '网格名称', '所在网格'],
  microGrid: ['微网格', '所属微网格', '微格', '微网格名称', '微网格编码', '网格编码', '所在微网格', '微网格号'],
  estate: ['小区', '小区名称', '所属小区', '楼盘', '自然村', '自然村名称', '小区自然村', '村组'],
  street: ['道路', '街路', '路名', '路', '街路巷', '街'],
  houseNumber: ['门牌号', '门牌', '门牌号码', '号', '弄号'],
  building: ['幢', '楼栋', '楼号', '栋', '楼幢', '幢号', '栋号', '楼幢号', '号楼', '楼栋号', '楼'],
  unit: ['单元', '单元号', '梯'],
  room: ['室', '房号', '室号', '房间号', '房间', '户室', '室房号', '门牌房号', '房屋编号', '户号室', '房屋号'],
  address: ['地址', '住址', '现住址', '居住地址', '详细地址', '家庭住址', '家庭地址', '现居住地址', '居住地', '房屋地址', '房屋坐落', '坐落', '现住地址', '经营地址', '注册地址', '单位地址'],
}
const organisationNames: Record<OrganisationField, readonly string[]> = {
  organisationName: ['单位名称', '企业名称', '名称', '商户名称', '店名', '公司名称', '店铺名称', '字号名称', '招牌名称', '商铺名称'],
  organisationCode: ['统一社会信用代码', '信用代码', '社会信用代码', '营业执照号', '组织机构代码', '执照号码', '统一代码'],
  organisationKind: ['单位类型', '类型', '性质', '企业类型', '单位性质', '主体类型'],
  trade: ['行业', '经营范围', '业态', '所属行业', '主营业务', '行业类别', '经营项目'],
  headcount: ['从业人数', '员工数', '人数', '职工人数', '员工人数', '从业人员'],
  legalName: ['法定代表人', '负责人', '法人', '经营者', '法人代表', '老板', '负责人姓名', '经营者姓名', '法人姓名'],
  legalPhone: ['负责人电话', '法人电话', '法定代表人电话', '经营者电话', '负责人手机', '法人联系电话', '老板电话'],
  safetyName: ['安全员', '安全管理员', '安全负责人', '安全员姓名', '安全管理人员'],
  safetyPhone: ['安全员电话', '安全管理员电话', '安全负责人电话', '安全员手机'],
  contactPhone: ['联系电话', '电话', '手机号', '手机', '联系方式', '单位电话', '联系人电话'],
  organisationRemark: ['备注', '说明', '其他'],
}

const listed = <Field extends SheetField>(names: Record<Field, readonly string[]>): WantedColumn<SheetField>[] =>
  (Object.entries(names) as [Field, readonly string[]][]).map(([code, called]) => ({ code, names: called }))

const wanted: Record<SheetKind, readonly WantedColumn<SheetField>[]> = {
  people: [...listed(peopleNames), ...listed(addressNames)],
  organisations: [...listed(organisationNames), ...listed(addressNames)],
}

/** The columns that a kind of sheet may have, in the order of our template. */
export const columnsOf = (kind: SheetKind): readonly WantedColumn<SheetField>[] => wanted[kind]

/** The heading of our own template, which is also what a page calls the field. */
export const fieldName = (kind: SheetKind, field: string): string =>
  wanted[kind].find(({ code }) => code === field)?.names[0] ?? field
