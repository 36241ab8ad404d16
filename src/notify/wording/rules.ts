import type { Locale } from '../../kernel/faults.ts'
import type { Channel } from './contract.ts'

/** What a message says and how it travels; a county may word it differently (table notify_template). */
export interface MessageText {
  readonly name: string
  /** An urgent message goes out at any hour; others wait for office hours, except in the inbox. */
  readonly urgent: boolean
  /** After this long it is worth nothing and is no longer sent. */
  readonly validMinutes: number
  /** Parameters in the order in which a provider's template counts them. */
  readonly params: readonly string[]
  /** Parameters that nobody but the recipient may read: masked wherever the text is shown. */
  readonly secret: readonly string[]
  readonly channels: readonly Channel[]
  /** Codes are asked for by people and refused aloud when somebody asks too often; notices are ours and dropped quietly. */
  readonly kind: 'code' | 'notice'
  readonly zh: Wording
  readonly en: Wording
  /** Said after the text in a text message alone, where the house has an address: how to follow it, with `{link}`. */
  readonly follow?: { readonly zh: string; readonly en: string }
}

export interface Wording {
  readonly title: string
  readonly body: string
}

const DAY = 24 * 60

const code = (name: string, zh: string, en: string): MessageText => ({
  name,
  urgent: true,
  validMinutes: 5,
  params: ['code'],
  secret: ['code'],
  channels: ['sms'],
  kind: 'code',
  zh: { title: zh, body: `您的${zh}是 {code}，5 分钟内有效。工作人员不会向您索要，请勿告诉他人。` },
  en: { title: en, body: `Your ${en} is {code}, valid for 5 minutes. Our staff will never ask for it.` },
})

const notice = (
  name: string,
  params: readonly string[],
  zh: readonly [string, string],
  en: readonly [string, string],
  rest: Partial<MessageText> = {},
): MessageText => ({
  name,
  urgent: false,
  validMinutes: 3 * DAY,
  params,
  secret: [],
  channels: ['inbox', 'push'],
  kind: 'notice',
  zh: { title: zh[0], body: zh[1] },
  en: { title: en[0], body: en[1] },
  ...rest,
})

/** For whoever has a phone and no account: the code came with the first message, and the phone itself is a key too. */
const followed = {
  zh: '进度见 {link} ，用受理短信里的查询码或本机号码打开。',
  en: ' Follow it at {link} with the code of the first message or this phone.',
}

const builtIn: readonly MessageText[] = [
  code('identity.sign_in_code', '登录验证码', 'sign-in code'),
  code('identity.phone_check_code', '手机验证码', 'phone verification code'),
  code('identity.password_reset_code', '重置密码验证码', 'password reset code'),
  code('signing.code', '签署验证码', 'signing code'),
  notice(
    'identity.invitation',
    ['login', 'link'],
    ['请开通您的账号', '您的同心工作账号已建好，登录名 {login}，请在 3 天内打开 {link} 设置密码。'],
    ['Please open your account', 'Your account {login} is ready. Please set a password within three days: {link}'],
    { secret: ['link'], channels: ['sms'] },
  ),
  notice(
    'loop.report_received',
    ['number', 'code'],
    ['已收到您反映的事项', '您反映的事项已收到，编号 {number}，查询码 {code}，可随时查看进度。'],
    ['Your report was received', 'Your report {number} was received. Follow it with the code {code}.'],
    {
      urgent: true,
      secret: ['code'],
      channels: ['sms'],
      follow: { zh: '查询网址 {link} 。', en: ' Open {link}.' },
    },
  ),
  notice(
    'loop.matter_arrived',
    ['number', 'kind'],
    ['有新的事项等您办理', '{kind} {number} 已转到您的岗位，请及时查看。'],
    ['A matter is waiting for you', '{kind} {number} has come to your post. Please look at it.'],
  ),
  notice(
    'loop.matter_linked',
    ['number', 'kind'],
    ['附近有新的上报与您的事项有关', '有新的上报关联到 {kind} {number}，请查看。'],
    ['A new report concerns a matter of yours', 'A new report near it was tied to {kind} {number}. Please look at it.'],
  ),
  notice(
    'loop.matter_due_soon',
    ['number', 'kind'],
    ['事项即将到期', '{kind} {number} 快到办理期限了。'],
    ['A matter is due soon', '{kind} {number} is about to reach its deadline.'],
  ),
  notice(
    'loop.matter_overdue',
    ['number', 'kind'],
    ['事项已超期', '{kind} {number} 已超过办理期限，请尽快办理或申请延期。'],
    ['A matter is overdue', '{kind} {number} is past its deadline. Please handle it or ask for more time.'],
    { channels: ['inbox', 'push', 'robot'] },
  ),
  notice(
    'loop.matter_escalated',
    ['number', 'kind'],
    ['超期事项已升级到您', '{kind} {number} 逾期未办，已上报到您的岗位，请督促。'],
    ['An overdue matter was escalated to you', '{kind} {number} was not handled in time and has come up to your post.'],
  ),
  notice(
    'loop.units_called',
    ['number', 'kind'],
    ['吹哨报到：请来会商', '{kind} {number} 需要几个部门一起办，请到办件页写明意见并按时会商。'],
    [
      'You are called to a joint review',
      '{kind} {number} needs several departments. Please give your opinion on its page.',
    ],
  ),
  notice(
    'grid.holidays_missing',
    ['years'],
    ['还没有明年的放假安排', '{years} 年的放假调休安排还没有，期限暂按周一至周五计算。请在国务院通知公布后更新。'],
    [
      'Holiday list missing',
      'The holidays of {years} are not known yet; deadlines are counted on plain weekdays for now.',
    ],
  ),
  notice(
    'loop.report_moved',
    ['sentence'],
    ['您反映的事项有新进展', '{sentence}'],
    ['News of your report', '{sentence}'],
    { channels: ['inbox', 'sms', 'push'], follow: followed },
  ),
  notice(
    'loop.report_closed',
    ['number'],
    ['您反映的事项已办结', '您反映的事项 {number} 已办结，请打开进度页面评价。'],
    ['Your report was closed', 'Your report {number} was closed. Please rate it on its progress page.'],
    { channels: ['inbox', 'sms', 'push'], follow: followed },
  ),
  notice(
    'duty.follow_up_due',
    ['place'],
    ['该回访了', '您在民情日记里记着：{place}有一户要回访，日子到了。'],
    ['A follow-up is due', 'Your diary says that it is time to go back to a door at {place}.'],
  ),
  notice(
    'registry.task_waits',
    [],
    ['有一项工作待您处理', '有一项工作待您处理，请登录后查看。'],
    ['Something waits for you', 'Something waits for you. Please sign in to see it.'],
  ),
  notice(
    'registry.own_asked',
    ['place'],
    ['有居民申请更正本人信息', '{place}有居民就本人登记信息提出申请，请在 15 个工作日内答复。'],
    [
      'A request about one’s own record',
      'Somebody in {place} asks about their own record. Answer within 15 working days.',
    ],
  ),
  notice(
    'registry.own_due',
    ['place'],
    ['本人信息申请快到期了', '{place}有居民的本人信息申请还没有答复，3 天内到期。'],
    ['An answer is due', 'A request about somebody’s own record in {place} is due within 3 days.'],
  ),
  notice(
    'registry.own_answered',
    [],
    ['您的信息申请有答复了', '您关于本人登记信息的申请已有答复，请登录后在“我的信息”里查看。'],
    [
      'Your request was answered',
      'Your request about your own record has been answered. Sign in and open “My record”.',
    ],
    { channels: ['inbox', 'sms', 'push'] },
  ),
  notice(
    'signing.help_asked',
    ['place'],
    ['有居民请您当面协助签署', '{place}有居民不便用手机核实，请您上门或在服务点当面协助签署，在“待签”里查看。'],
    ['Somebody asks for help to sign', 'A resident of {place} would rather sign with you beside them.'],
  ),
  notice(
    'signing.invitation',
    ['organiser', 'title', 'link', 'until'],
    ['请您签署', '{organiser}请您签署《{title}》，请在 {until} 前打开 {link} ，不用注册，手机上就能签。请勿转发。'],
    ['Please sign', '{organiser} asks you to sign “{title}” by {until}: {link} . Please do not pass this link on.'],
    { secret: ['link'], channels: ['sms'], validMinutes: 7 * DAY },
  ),
  notice(
    'signing.reminder',
    ['organiser', 'title', 'link', 'until'],
    [
      '提醒您签署',
      '{organiser}提醒：《{title}》还等您签署，{until} 截止，请打开 {link} 。不方便的话，可请微网格长上门帮您。',
    ],
    [
      'A letter still waits',
      '“{title}” of {organiser} still waits for you until {until}: {link} . Somebody can come and help.',
    ],
    { secret: ['link'], channels: ['sms'], validMinutes: 7 * DAY },
  ),
  notice(
    'identity.seat_change_waiting',
    ['days'],
    ['有一项管理员任免等您确认', '有一项管理员任免等您确认，{days} 天内不办就失效。'],
    ['A change of administrator waits for you', 'A change of administrator waits for you; it is void in {days} days.'],
  ),
  notice(
    'grid.role_change_waiting',
    ['days'],
    ['有一项角色改动等您批准', '有一项敏感的角色权限改动等您批准，{days} 天内不办就失效。'],
    ['A change of a role waits for you', 'A sensitive change of a role waits for you; it is void in {days} days.'],
  ),
  notice(
    'notify.test_message',
    [],
    ['测试消息', '这是一条测试消息，收到说明通道是通的，不用处理。'],
    ['Test message', 'This is a test. It arrived, so the way is open; nothing needs to be done.'],
    { urgent: true, validMinutes: 30, channels: ['inbox', 'sms', 'push', 'robot'] },
  ),
  notice(
    'notify.webhook_disabled',
    ['host'],
    ['推送地址已停用', '发往 {host} 的推送连续失败，已自动停用，请检查后重新启用。'],
    ['A webhook was switched off', 'Deliveries to {host} kept failing, so it was switched off. Please check it.'],
  ),
]

const table: ReadonlyMap<string, MessageText> = new Map(builtIn.map((text) => [text.name, text]))

export const messageTexts = (): MessageText[] => [...table.values()]

export const findMessageText = (name: string): MessageText | undefined => table.get(name)

/** Fills `{name}`; a placeholder without a parameter is left out, never shown raw to a villager. */
export function fill(pattern: string, params: Readonly<Record<string, string>>): string {
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => (Object.hasOwn(params, name) ? (params[name] ?? '') : ''))
}

export function masked(params: Readonly<Record<string, string>>, secret: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, secret.includes(name) ? '••••••' : value]),
  )
}

export const wordingOf = (text: MessageText, locale: Locale): Wording => (locale === 'en' ? text.en : text.zh)

/** Placeholders of a text that no parameter fills. */
export function unknownPlaceholders(pattern: string, params: readonly string[]): string[] {
  return [...pattern.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '').filter((name) => !params.includes(name))
}

/** The pattern of a text message: with the way to follow it, unless the text names `{link}` itself or there is none. */
export function smsPattern(text: MessageText, locale: Locale, link: string | undefined): string {
  const { body } = wordingOf(text, locale)
  const follow = locale === 'en' ? text.follow?.en : text.follow?.zh
  return link && follow && !body.includes('{link}') ? body + follow : body
}

/** What may stand in braces in this text. */
export const placeholdersOf = (text: MessageText): string[] => [...text.params, ...(text.follow ? ['link'] : [])]
