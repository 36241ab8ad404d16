import { Type, type Static } from 'typebox'
import { defineFaults } from '../kernel/faults.ts'
import { ledgerEvent } from '../ledger/contract.ts'

export const Id = Type.String({ format: 'uuid' })
export const At = Type.String({ format: 'date-time' })
export const OpaqueToken = Type.String({
  pattern: '^[0-9]{6}\\.[A-Za-z0-9_-]{20,120}$',
  description: 'A secret that begins with its county.',
})
/** The body of an act that needs no more than its address. */
export const Nothing = Type.Object({})
export const Done = Type.Object({ done: Type.Literal(true) })
export type Done = Static<typeof Done>

export const AccountKind = Type.Enum(['staff', 'resident', 'guest'])
export type AccountKind = Static<typeof AccountKind>
export const AccountStatus = Type.Enum(['invited', 'active', 'disabled'])
export type AccountStatus = Static<typeof AccountStatus>
export const Seat = Type.Enum(['system', 'security', 'audit'])
export type Seat = Static<typeof Seat>
export const AccountLocale = Type.Enum(['zh-CN', 'en'])

export const SignInMethod = Type.Enum(['password', 'totp', 'recoveryCode', 'phoneCode', 'oidc', 'link', 'demo'])
export type SignInMethod = Static<typeof SignInMethod>

/** What a sign-in step answers: a session is open, or the second factor is awaited. */
export const SignInStep = Type.Object({
  next: Type.Enum(['done', 'totp', 'enrolTotp']),
  ticket: Type.Optional(OpaqueToken),
  expiresAt: At,
  kind: Type.Optional(AccountKind),
  recoveryCodes: Type.Optional(Type.Array(Type.String(), { description: 'Shown this once.' })),
})
export type SignInStep = Static<typeof SignInStep>

/** What the throttles and the device list know of the caller; none of it is kept in the clear. */
export interface Visitor {
  address: string
  /** The secret of the device cookie. */
  device: string
  userAgent: string
}

const subject = { by: Type.Union([Id, Type.Null()]) }
export const AccountCreated = ledgerEvent(
  'account.created',
  Type.Object({ ...subject, kind: AccountKind, status: AccountStatus }),
)
export const AccountRegistered = ledgerEvent(
  'account.registered',
  Type.Object({ ...subject, from: AccountKind, to: AccountKind }),
)
export const AccountDisabled = ledgerEvent('account.disabled', Type.Object(subject))
export const AccountEnabled = ledgerEvent('account.enabled', Type.Object(subject))
export const AccountChanged = ledgerEvent(
  'account.changed',
  Type.Object({ ...subject, fields: Type.Array(Type.String()) }),
)
export const AccountUnmasked = ledgerEvent(
  'account.unmasked',
  Type.Object({ ...subject, account: Id, fields: Type.Array(Type.String()), reasonCommitment: Type.String() }),
)
/** Password, second factor, recovery codes or one-time link: what changed, never the secret. */
export const CredentialChanged = ledgerEvent(
  'account.credential_changed',
  Type.Object({ ...subject, credential: Type.String(), change: Type.String() }),
)
const aboutSeat = {
  ...subject,
  confirmedBy: Type.Optional(
    Type.Union([Id, Type.Null()], { description: 'Absent in entries from before seats took two.' }),
  ),
  account: Id,
  seat: Seat,
}
export const AdministratorAppointed = ledgerEvent('administrator.appointed', Type.Object(aboutSeat))
export const AdministratorDismissed = ledgerEvent('administrator.dismissed', Type.Object(aboutSeat))
const seatWish = { ...subject, kind: Type.Enum(['appoint', 'dismiss']), account: Id, seat: Seat }
export const SeatChangeProposed = ledgerEvent(
  'seatChange.proposed',
  Type.Object({ ...seatWish, confirms: Type.Enum(['security', 'audit']), expiresAt: At }),
)
export const SeatChangeDecided = ledgerEvent(
  'seatChange.decided',
  Type.Object({ ...seatWish, outcome: Type.Enum(['confirmed', 'refused', 'withdrawn', 'expired']) }),
)
export const AccountSessionsEnded = ledgerEvent(
  'account.sessions_ended',
  Type.Object({ ...subject, ended: Type.Integer() }),
)
/** The audit administrator took the list of acts along. */
export const ActsExported = ledgerEvent(
  'acts.exported',
  Type.Object({
    ...subject,
    kind: Type.Union([Type.String(), Type.Null()]),
    rows: Type.Integer(),
    complete: Type.Boolean(),
  }),
)
const tokenGrant = Type.Object({ action: Type.String(), path: Type.String(), purpose: Type.String() })
export const ApiTokenCreated = ledgerEvent(
  'apiToken.created',
  Type.Object({ ...subject, grants: Type.Array(tokenGrant), expiresAt: At }),
)
export const ApiTokenApproved = ledgerEvent('apiToken.approved', Type.Object(subject))
export const ApiTokenRevoked = ledgerEvent('apiToken.revoked', Type.Object(subject))
export const IdentitySettingChanged = ledgerEvent(
  'identity.setting_changed',
  Type.Object({ ...subject, fields: Type.Array(Type.String()) }),
)

defineFaults({
  'identity.sign_in_refused': {
    status: 401,
    zh: '登录名或密码不对，请核对后再试。',
    en: 'The login name or the password is not right. Please check and try again.',
  },
  'identity.locked': {
    status: 429,
    zh: '输错次数太多，请过 {minutes} 分钟再试，或请系统管理员开一个重设链接。',
    en: 'Too many wrong attempts. Please wait {minutes} minutes, or ask your system administrator for a reset link.',
  },
  'identity.busy': {
    status: 503,
    zh: '现在登录的人太多，请过几秒再试。',
    en: 'Too many people are signing in right now. Please try again in a few seconds.',
  },
  'identity.account_disabled': {
    status: 403,
    zh: '这个账号已停用，请联系本单位的系统管理员。',
    en: 'This account is disabled. Please contact your system administrator.',
  },
  'identity.ticket_expired': {
    status: 401,
    zh: '登录等待太久，请从登录名和密码重新开始。',
    en: 'Signing in took too long. Please start again with login name and password.',
  },
  'identity.totp_refused': {
    status: 401,
    zh: '动态码不对或已经用过，请等下一个 6 位数字再输。',
    en: 'The code is not right or was used already. Please wait for the next six digits.',
  },
  'identity.recovery_code_refused': {
    status: 401,
    zh: '恢复码不对或已经用过。',
    en: 'The recovery code is not right or was used already.',
  },
  'identity.totp_enrolled': {
    status: 409,
    zh: '动态码已经开通，不用再开。',
    en: 'The second factor is already on.',
  },
  'identity.totp_not_enrolled': {
    status: 409,
    zh: '还没有开通动态码，请先开通。',
    en: 'The second factor is not on yet. Please switch it on first.',
  },
  'identity.totp_required': {
    status: 409,
    zh: '您的岗位必须使用动态码，不能关闭。',
    en: 'Your role requires the second factor; it cannot be switched off.',
  },
  'identity.second_factor_needed': {
    status: 403,
    zh: '这一步要先输动态码，确认是您本人。',
    en: 'Please enter your code first, so that we know it is you.',
  },
  'identity.phone_invalid': {
    status: 400,
    zh: '手机号不对，请输入 11 位大陆手机号。',
    en: 'This is not a mainland mobile number of 11 digits.',
  },
  'identity.code_too_soon': {
    status: 429,
    zh: '验证码刚刚发过，请过 {seconds} 秒再试。',
    en: 'A code was sent just now. Please wait {seconds} seconds.',
  },
  'identity.code_refused': {
    status: 401,
    zh: '验证码不对，还可以再试 {left} 次。',
    en: 'The code is not right; {left} tries are left.',
  },
  'identity.code_locked': {
    status: 429,
    zh: '验证码输错太多次，请重新获取。',
    en: 'Too many wrong tries. Please ask for a new code.',
  },
  'identity.code_expired': {
    status: 410,
    zh: '验证码已过期或已用过，请重新获取。',
    en: 'The code has expired or was used. Please ask for a new one.',
  },
  'identity.password_too_short': {
    status: 400,
    zh: '密码太短，至少要 {length} 个字符。',
    en: 'The password is too short: at least {length} characters.',
  },
  'identity.password_too_plain': {
    status: 400,
    zh: '密码太容易被猜到：要有字母和数字（或符号），不要含登录名，不要用连号或重复的字符。',
    en: 'The password is too easy to guess: mix letters with digits or symbols, leave out the login name, runs and repeats.',
  },
  'identity.password_same': {
    status: 400,
    zh: '新密码不能和旧密码一样。',
    en: 'The new password must differ from the old one.',
  },
  'identity.password_refused': {
    status: 403,
    zh: '现在的密码不对，没有修改。',
    en: 'Your present password is not right; nothing was changed.',
  },
  'identity.link_invalid': {
    status: 410,
    zh: '这个链接不完整、已用过或已过期，请向系统管理员要一个新的。',
    en: 'This link is incomplete, used or expired. Please ask your system administrator for a new one.',
  },
  'identity.login_name_taken': {
    status: 409,
    zh: '这个登录名已经有人用了，请换一个。',
    en: 'This login name is taken. Please choose another.',
  },
  'identity.phone_taken': {
    status: 409,
    zh: '这个手机号已经属于另一个账号。',
    en: 'This phone belongs to another account already.',
  },
  'identity.citizen_id_taken': {
    status: 409,
    zh: '这个证件号已经属于另一个账号。',
    en: 'This ID number belongs to another account already.',
  },
  'identity.already_registered': {
    status: 409,
    zh: '您已经注册过了。',
    en: 'You are registered already.',
  },
  'identity.seat_excluded': {
    status: 409,
    zh: '同一个人不能同时担任两种管理员。',
    en: 'One person cannot hold two administrator seats at once.',
  },
  'identity.not_oneself': {
    status: 403,
    zh: '这件事不能给自己办，请由另一位管理员办理。',
    en: 'You cannot do this for yourself; another administrator has to.',
  },
  'identity.other_administrator': {
    status: 403,
    zh: '管理员的账号要由另一种管理员办理：安全管理员管系统和审计管理员，系统管理员管安全管理员。',
    en: 'Administrators are looked after by another kind: security looks after system and audit, system after security.',
  },
  'identity.seat_changed_by_others': {
    status: 403,
    zh: '一种管理员由另外两种一起定：系统管理员由安全提出、审计确认，安全管理员由系统提出、审计确认，审计管理员由系统提出、安全确认。',
    en: 'An administrator is decided on by the two others: system is proposed by security and confirmed by audit, security proposed by system and confirmed by audit, audit proposed by system and confirmed by security.',
  },
  'identity.own_invitation': {
    status: 403,
    zh: '这个账号是您自己开的，本人还没有在自己的设备上登录过，不能由您任命。',
    en: 'You made this account yourself and its person has not signed in on a device of their own yet, so you cannot appoint it.',
  },
  'identity.change_pending': {
    status: 409,
    zh: '这位同志已有一项任免在等确认，请先确认、退回或撤回那一项。',
    en: 'A change for this person is waiting already. It has to be confirmed, refused or withdrawn first.',
  },
  'identity.change_over': {
    status: 409,
    zh: '这项任免已经办过，或者等得太久失效了。',
    en: 'This change was decided already, or waited too long and is void.',
  },
  'identity.holds_post': {
    status: 409,
    zh: '这位同志正在网格岗位上，不能同时当管理员，请先免去岗位。',
    en: 'This person holds a post in the grid and cannot be an administrator as well. Please relieve them of it first.',
  },
  'identity.last_administrator': {
    status: 409,
    zh: '这是最后一位这种管理员，请先任命接替的人。',
    en: 'This is the last administrator of this kind. Please appoint a successor first.',
  },
  'identity.still_seated': {
    status: 409,
    zh: '这位同志还是管理员，请先免去管理员再停用账号。',
    en: 'This person is still an administrator. Please dismiss them from the seat before disabling the account.',
  },
  'identity.link_at_machine': {
    status: 403,
    zh: '这是管理员的账号，没有第二步验证把关，重设链接只能在服务器上用命令 tongxin reset-link 开具。',
    en: 'This is an administrator’s account and no second factor would guard it: a reset link is made on the server only, with tongxin reset-link.',
  },
  'identity.seat_needs_phone': {
    status: 409,
    zh: '管理员的账号要先登记手机号，才能确认是同一个人。',
    en: 'An administrator needs a phone on the account, so that one person stays one.',
  },
  'identity.token_two_people': {
    status: 403,
    zh: '接口令牌要由另一位管理员批准。',
    en: 'An API token has to be approved by another administrator.',
  },
  'identity.oidc_off': {
    status: 404,
    zh: '这里没有开通统一登录。',
    en: 'Single sign-on is not switched on here.',
  },
  'identity.oidc_refused': {
    status: 401,
    zh: '统一登录没有成功，请重试或改用登录名和密码。',
    en: 'Single sign-on did not succeed. Please try again or use login name and password.',
  },
  'identity.oidc_not_linked': {
    status: 403,
    zh: '统一登录的身份还没有和这里的账号绑定：请先用登录名和密码登录，在“我的设置”里绑定。',
    en: 'Your single sign-on identity is not linked yet: sign in with your password and link it under “My settings”.',
  },
  'identity.oidc_taken': {
    status: 409,
    zh: '统一登录的这个身份已绑定在别的账号上。',
    en: 'This single sign-on identity is linked to another account.',
  },
})
