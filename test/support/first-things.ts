import type { Walker } from './walking.ts'

/** What somebody in a role does first on a working day; `docs/first-things.md` tells people the same. */
export interface FirstThing {
  /** As the sign-in page of the demo names the role. */
  role: string
  face: 'phone' | 'desk'
  do(walker: Walker): Promise<void>
}

/** Opens the first row of the work list that stands there under a state. */
async function openMatter(walker: Walker, state: string): Promise<void> {
  const row = walker.page.getByRole('row').filter({ hasText: state }).getByRole('link').first()
  await row.waitFor()
  await row.focus()
  await walker.page.keyboard.press('Enter')
  await walker.sees('办理经过')
}

/** Opens the first card of a list on the phone that stands there under a state. */
async function openCard(walker: Walker, state: string): Promise<void> {
  const card = walker.page.locator('main').getByRole('link').filter({ hasText: state }).first()
  await card.waitFor()
  await card.focus()
  await walker.page.keyboard.press('Enter')
}

/** Presses what the server offers, and finds the form or the question that it opens, without sending it. */
async function finds(walker: Walker, move: string): Promise<void> {
  await walker.press(move)
  await walker.page.getByRole('dialog').getByRole('button', { name: '确认提交' }).waitFor()
}

export const firstThings: readonly FirstThing[] = [
  {
    role: '居民',
    face: 'phone',
    async do(walker) {
      await openCard(walker, '已办结')
      await walker.sees('办理经过')
      await walker.sees('您反映的')
    },
  },
  {
    role: '红联村第一网格第1微网格长',
    face: 'phone',
    async do(walker) {
      await openCard(walker, '待受理')
      await walker.press('受理')
      await walker.press('确认提交')
      await walker.sees('已提交：受理')
    },
  },
  {
    role: '红联村第一网格员',
    face: 'phone',
    async do(walker) {
      await openCard(walker, '已受理')
      await finds(walker, '就地办好了')
    },
  },
  {
    role: '红联村书记',
    face: 'desk',
    async do(walker) {
      await walker.press(/^在办/)
      await openMatter(walker, '红联村')
    },
  },
  {
    role: '王店镇平台调度员',
    face: 'desk',
    async do(walker) {
      await openMatter(walker, '待派遣')
      await finds(walker, '派遣')
    },
  },
  {
    role: '综合行政执法队经办人',
    face: 'desk',
    async do(walker) {
      await openMatter(walker, '办理中')
      await finds(walker, '反馈结果')
    },
  },
  {
    role: '王店镇核查员',
    face: 'desk',
    async do(walker) {
      await openMatter(walker, '待核查')
      await finds(walker, '核查通过')
    },
  },
  {
    role: '王店镇纪检监察干部',
    face: 'desk',
    async do(walker) {
      await walker.press(/^超时/)
      await openMatter(walker, '已超期')
    },
  },
  {
    role: '秀洲区领导',
    face: 'desk',
    async do(walker) {
      await walker.press('态势')
      await walker.sees('下级区域')
      await walker.press('王店镇', walker.page.getByRole('table').first())
      await walker.sees('红联村')
    },
  },
  {
    role: '系统管理员',
    face: 'desk',
    async do(walker) {
      await walker.press('账号与安全')
      await walker.press('新建账号')
      await walker.page.getByRole('dialog').waitFor()
    },
  },
  {
    role: '安全管理员',
    face: 'desk',
    async do(walker) {
      await walker.press('账号与安全')
      await walker.press('角色与权限')
      await walker.sees('各角色的权限')
    },
  },
  {
    role: '审计管理员',
    face: 'desk',
    async do(walker) {
      await walker.press('账号与安全')
      await walker.press('账本核对')
      await walker.press('现在核对')
      await walker.page.locator('main .tag-verified').first().waitFor()
    },
  },
]
