import type { WantedColumn } from '../../kernel/sheet-columns.ts'
import type { Level } from '../directory.ts'

export type StaffColumn =
  | 'town'
  | 'townCode'
  | 'village'
  | 'villageCode'
  | 'grid'
  | 'gridCode'
  | 'microGrid'
  | 'microGridCode'
  | 'role'
  | 'unit'
  | 'name'
  | 'phone'
  | 'slot'
  | 'loginName'

/** Headings as clerks write them; the first of each is our own template's. */
export const staffColumns: readonly WantedColumn<StaffColumn>[] = [
  {
    code: 'town',
    names: ['乡镇（街道）', '乡镇', '镇街', '镇', '街道', '所在乡镇', '所属乡镇', '乡镇街道名称', '乡镇名称'],
  },
  { code: 'townCode', names: ['乡镇代码', '街道代码', '镇街代码', '乡镇编码'] },
  {
    code: 'village',
    names: [
      '村（社区）',
      '村',
      '社区',
      '村社',
      '村社区',
      '村居',
      '行政村',
      '所属村',
      '所在村社',
      '村社名称',
      '村社区名称',
    ],
  },
  { code: 'villageCode', names: ['村代码', '社区代码', '村社代码', '村社区代码', '村编码'] },
  { code: 'grid', names: ['网格', '网格名称', '所属网格', '所在网格', '一级网格'] },
  { code: 'gridCode', names: ['网格编码', '网格代码', '网格编号'] },
  { code: 'microGrid', names: ['微网格', '微网格名称', '所属微网格', '所在微网格', '微格'] },
  { code: 'microGridCode', names: ['微网格编码', '微网格代码', '微网格编号'] },
  { code: 'role', names: ['岗位', '职务', '岗位名称', '身份', '角色', '人员类别'] },
  { code: 'unit', names: ['部门', '所属部门', '科室', '站所', '单位'] },
  { code: 'name', names: ['姓名', '人员姓名', '名字'] },
  { code: 'phone', names: ['手机号', '手机', '手机号码', '联系电话', '电话', '联系方式', '移动电话', '电话号码'] },
  { code: 'slot', names: ['AB岗', 'A/B岗', 'AB角', '主副岗', '岗位类型'] },
  { code: 'loginName', names: ['登录名', '账号', '用户名'] },
]

/** What people call a role besides its own name. */
const otherRoleNames: Record<string, readonly string[]> = {
  microGridLead: ['微格长', '兼职网格员', '楼组长', '楼道长'],
  gridWorker: ['专职网格员', '专属网格员', '网格工作人员'],
  gridChief: ['网格负责人', '网格支部书记'],
  villageSecretary: ['村书记', '社区书记', '书记', '党委书记', '党总支书记', '党支部书记', '村社书记'],
  townDispatcher: ['镇调度员', '平台调度员', '调度员', '镇级平台调度员'],
  departmentHandler: ['经办人', '部门经办', '科室经办人'],
  townLeader: ['镇领导', '镇长', '街道领导', '分管领导'],
  clerk: ['窗口', '窗口人员', '受理员'],
  countyDispatcher: ['县调度员', '区调度员', '县级调度员'],
  countyLeader: ['县领导', '区领导'],
  disciplineOfficer: ['纪检干部', '纪委干部', '监察干部'],
}

const plain = (text: string): string => text.normalize('NFKC').replace(/\s/g, '')

/** The role of a name as it stands in a sheet; undefined for one that nobody knows. */
export function roleCalled(name: string, roles: Iterable<{ code: string; zh: string }>): string | undefined {
  const wanted = plain(name)
  for (const { code, zh } of roles) {
    if (plain(zh) === wanted || code === wanted || otherRoleNames[code]?.includes(wanted)) return code
  }
  return undefined
}

/** At which kind of area a role sits; the others sit wherever the row says. */
export const levelOfRole: Readonly<Record<string, Exclude<Level, 'county'>>> = {
  microGridLead: 'microGrid',
  gridWorker: 'grid',
  gridChief: 'grid',
  villageSecretary: 'village',
  townDispatcher: 'town',
  townLeader: 'town',
}

/** Posts of the whole county: a row of theirs names no place and repeats none. */
export const countyRoles: ReadonlySet<string> = new Set(['countyDispatcher', 'countyLeader'])

/** Of these a place has one; of the others as many as there are rows. */
export const singleRoles: ReadonlySet<string> = new Set(['microGridLead', 'gridChief', 'villageSecretary', 'areaLead'])

/** A or B, as people write it; undefined for what is neither, null where nothing is said. */
export function slotCalled(text: string): 'A' | 'B' | null | undefined {
  const word = plain(text)
    .replace(/岗|角|位/g, '')
    .toUpperCase()
  if (word === '') return null
  if (['A', '主', '正', '1'].includes(word)) return 'A'
  if (['B', '副', '备', '2'].includes(word)) return 'B'
  return undefined
}
