import type { Purpose } from '../../kernel/grants.ts'

/**
 * Every grant action of the platform that a post may give. Administrators' seats (identity) give others; a test holds
 * every route's action against this list and the seats'.
 */
export const grantActions = [
  'loop.report',
  'loop.read',
  'loop.accept',
  'loop.dispatch',
  'loop.handle',
  'loop.verify',
  'loop.close',
  'loop.supervise',
  'loop.void',
  'loop.unmask',
  'duty.write',
  'duty.read',
  'duty.unmask',
  'ledger.read',
  'grid.read',
  'grid.manage',
  'grid.unmask',
  'files.read',
  'notify.read',
  'notify.manage',
  'packs.read',
  'packs.manage',
  'registry.read',
  'registry.write',
  'registry.unmask',
  'registry.merge',
  'registry.import',
  'registry.export',
  'registry.campaign',
  'registry.visit',
  'registry.answer',
  'registry.followUp',
  'signing.read',
  'signing.manage',
  'signing.approve',
  'signing.seal',
  'signing.help',
  'insight.read',
] as const
export type GrantAction = (typeof grantActions)[number]

/** `action:purpose` as the tables below write it. */
export interface RoleGrant {
  action: GrantAction
  purpose: Purpose
}

export interface Role {
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly grants: readonly RoleGrant[]
  /**
   * The step on the ladder of responsibility, lowest first: who answers when nobody below does. Null: never stands in
   * for the ground, only for its own duty.
   */
  readonly rung: number | null
}

const as = (purpose: Purpose, ...actions: GrantAction[]): RoleGrant[] => actions.map((action) => ({ action, purpose }))
const seesGround = as('handling', 'loop.read', 'grid.read', 'files.read', 'packs.read', 'ledger.read', 'insight.read')
/** Who knows the doors: what is registered of them, and each visit. */
const knowsDoors = as('handling', 'registry.read', 'registry.write', 'registry.unmask', 'registry.visit')
const oversees = as('supervision', 'loop.read', 'grid.read', 'files.read', 'packs.read', 'ledger.read', 'insight.read')

/**
 * What each role may do where a county has not decided otherwise (table post_role). The place comes from the post: a
 * role at a village reaches the village's subtree and nothing else.
 */
export const shippedRoles: readonly Role[] = [
  {
    code: 'microGridLead',
    zh: '微网格长',
    en: 'Micro-grid head',
    rung: 10,
    grants: [
      ...knowsDoors,
      ...seesGround,
      ...as('handling', 'loop.report', 'loop.accept', 'loop.handle', 'loop.unmask', 'duty.write', 'signing.help'),
    ],
  },
  {
    code: 'gridWorker',
    zh: '网格员',
    en: 'Grid worker',
    rung: 20,
    grants: [
      ...knowsDoors,
      ...seesGround,
      ...as('handling', 'loop.report', 'loop.accept', 'loop.handle', 'loop.unmask', 'duty.write', 'signing.help'),
    ],
  },
  {
    code: 'gridChief',
    zh: '网格长',
    en: 'Grid chief',
    rung: 30,
    grants: [
      ...knowsDoors,
      ...as('handling', 'registry.merge', 'registry.campaign', 'signing.read', 'signing.help'),
      ...seesGround,
      ...as('handling', 'loop.report', 'loop.accept', 'loop.handle', 'loop.verify', 'loop.unmask', 'grid.unmask'),
      ...as('handling', 'duty.write', 'duty.read', 'duty.unmask'),
    ],
  },
  {
    code: 'villageSecretary',
    zh: '党组织书记',
    en: 'Village secretary',
    rung: 40,
    grants: [
      ...knowsDoors,
      ...as(
        'handling',
        'registry.merge',
        'registry.import',
        'registry.export',
        'registry.campaign',
        'registry.answer',
        'registry.followUp',
      ),
      ...as('handling', 'signing.read', 'signing.manage', 'signing.seal', 'signing.help'),
      ...as('statistics', 'registry.read'),
      ...seesGround,
      ...as(
        'handling',
        'loop.report',
        'loop.accept',
        'loop.dispatch',
        'loop.handle',
        'loop.verify',
        'loop.unmask',
        'grid.unmask',
      ),
      ...as('handling', 'duty.write', 'duty.read', 'duty.unmask'),
      ...as('statistics', 'loop.read', 'grid.read', 'packs.read', 'insight.read'),
    ],
  },
  {
    code: 'areaLead',
    zh: '片长',
    en: 'Head of a large area',
    rung: null,
    grants: [...seesGround, ...oversees, ...as('supervision', 'loop.supervise')],
  },
  {
    code: 'clerk',
    zh: '窗口受理员',
    en: 'Counter clerk',
    rung: null,
    grants: [...seesGround, ...as('handling', 'loop.report', 'registry.read', 'registry.write', 'registry.import')],
  },
  {
    code: 'townDispatcher',
    zh: '镇平台调度员',
    en: 'Town dispatcher',
    rung: 50,
    grants: [
      ...as('handling', 'registry.read', 'registry.export', 'registry.unmask', 'registry.campaign'),
      ...as('handling', 'signing.read', 'signing.manage', 'signing.approve'),
      ...as('statistics', 'registry.read'),
      ...seesGround,
      ...as(
        'handling',
        'loop.report',
        'loop.accept',
        'loop.dispatch',
        'loop.close',
        'loop.void',
        'loop.unmask',
        'grid.unmask',
      ),
      ...as('handling', 'duty.read', 'duty.unmask'),
      ...as('statistics', 'loop.read', 'grid.read', 'packs.read', 'insight.read'),
    ],
  },
  {
    code: 'departmentHandler',
    zh: '部门经办人',
    en: 'Department handler',
    rung: null,
    grants: [...seesGround, ...as('handling', 'loop.handle', 'loop.unmask')],
  },
  {
    code: 'verifier',
    zh: '核查员',
    en: 'Verifier',
    rung: null,
    grants: [...seesGround, ...as('handling', 'loop.verify', 'loop.close', 'loop.unmask')],
  },
  {
    code: 'townLeader',
    zh: '镇领导',
    en: 'Town leader',
    rung: 60,
    grants: [
      ...as('handling', 'signing.read', 'signing.seal', 'signing.approve'),
      ...as('statistics', 'registry.read'),
      ...seesGround,
      ...oversees,
      ...as('handling', 'loop.dispatch', 'loop.unmask', 'duty.read'),
      ...as('supervision', 'loop.supervise', 'registry.followUp'),
      ...as('statistics', 'loop.read', 'grid.read', 'packs.read', 'insight.read'),
    ],
  },
  {
    code: 'disciplineOfficer',
    zh: '纪检监察干部',
    en: 'Discipline officer',
    rung: null,
    grants: [...oversees, ...as('supervision', 'loop.supervise', 'loop.unmask', 'registry.followUp')],
  },
  {
    code: 'countyDispatcher',
    zh: '县级平台调度员',
    en: 'County dispatcher',
    rung: 70,
    grants: [
      ...as('statistics', 'registry.read'),
      ...seesGround,
      ...as(
        'handling',
        'loop.report',
        'loop.accept',
        'loop.dispatch',
        'loop.close',
        'loop.void',
        'loop.unmask',
        'grid.unmask',
      ),
      ...as('statistics', 'loop.read', 'grid.read', 'packs.read', 'insight.read'),
    ],
  },
  {
    code: 'countyLeader',
    zh: '县级领导',
    en: 'County leader',
    rung: 80,
    grants: [
      ...as('statistics', 'registry.read'),
      ...oversees,
      ...as('handling', 'loop.read', 'grid.read', 'files.read', 'packs.read', 'insight.read'),
      ...as('supervision', 'loop.supervise'),
      ...as('statistics', 'loop.read', 'grid.read', 'packs.read', 'insight.read'),
    ],
  },
  {
    code: 'gridOffice',
    zh: '网格管理员',
    en: 'Grid office',
    rung: null,
    grants: [
      ...as(
        'handling',
        'registry.read',
        'registry.write',
        'registry.merge',
        'registry.import',
        'registry.export',
        'registry.campaign',
        'registry.answer',
      ),
      ...as('statistics', 'registry.read'),
      ...as('handling', 'grid.read', 'packs.read'),
      ...as('administration', 'grid.read', 'grid.manage', 'packs.read', 'packs.manage', 'notify.read', 'notify.manage'),
      ...as('statistics', 'grid.read', 'insight.read'),
    ],
  },
  {
    code: 'partyLead',
    zh: '党小组组长',
    en: 'Head of a Party group',
    rung: null,
    grants: [
      ...as('handling', 'loop.report', 'loop.read', 'grid.read', 'files.read', 'packs.read'),
      ...as('handling', 'registry.read', 'registry.visit'),
    ],
  },
  {
    code: 'policeOfficer',
    zh: '社区民警',
    en: 'Community police officer',
    rung: null,
    grants: [
      ...as('handling', 'loop.report', 'loop.read', 'grid.read', 'files.read', 'packs.read'),
      ...knowsDoors,
      ...as('handling', 'registry.followUp'),
    ],
  },
  {
    code: 'businessLead',
    zh: '业格联络员',
    en: 'Business grid contact',
    rung: null,
    grants: as('handling', 'loop.report', 'loop.read', 'grid.read', 'files.read', 'packs.read'),
  },
]

/** Departments that the shipped demo knows; a county's own come from its posts. */
export const shippedUnits: readonly { code: string; zh: string; en: string }[] = [
  { code: 'enforcement', zh: '综合行政执法队', en: 'Law enforcement' },
  { code: 'cityCare', zh: '城镇管理办', en: 'Town upkeep' },
  { code: 'safety', zh: '应急管理站', en: 'Emergency and safety' },
  { code: 'environment', zh: '生态环境所', en: 'Environment' },
  { code: 'market', zh: '市场监管所', en: 'Market regulation' },
  { code: 'police', zh: '派出所', en: 'Police station' },
  { code: 'socialAffairs', zh: '社会事务办', en: 'Social affairs' },
  { code: 'agriculture', zh: '农业农村办', en: 'Agriculture' },
  { code: 'justice', zh: '司法所', en: 'Justice office' },
]
