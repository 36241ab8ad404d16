import { createHash } from 'node:crypto'
import { isCounty } from '../kernel/db.ts'
import type { Grant, Purpose } from '../kernel/grants.ts'
import { randomToken } from '../kernel/ids.ts'
import type { Seat } from './contract.ts'

/** How a county signs people in; a county without a row of its own has these. */
export interface Settings {
  totpRequiredOf: 'nobody' | 'administrators' | 'everyone'
  totpForUnmasking: boolean
  staffIdleMinutes: number
  staffHours: number
  /** Days on a phone, for staff without a seat; 0 treats phones like desks. */
  staffPhoneDays: number
  residentDays: number
  codesPerHour: number
  version: number
}

/**
 * Staff: signed out after an hour without a click and after a working day of twelve hours, since desks are shared; on a phone,
 * which is one's own and locks itself, after a week, since who works at doors cannot type a password at each.
 * Residents: 30 days, on their own phone. Codes: a county sends at most 2,000 an hour, so an attack costs yuan, not thousands.
 */
export const defaultSettings: Settings = {
  totpRequiredOf: 'administrators',
  totpForUnmasking: true,
  staffIdleMinutes: 60,
  staffHours: 12,
  staffPhoneDays: 7,
  residentDays: 30,
  codesPerHour: 2000,
  version: 0,
}

/** A demo folder asks for no second factor, so that a visitor can look around. */
export const demoSettings: Settings = { ...defaultSettings, totpRequiredOf: 'nobody', totpForUnmasking: false }

/** Whether these seats make the second factor a duty in this county. */
export const isTotpRequired = (settings: Settings, seats: readonly Seat[]): boolean =>
  settings.totpRequiredOf === 'everyone' || (settings.totpRequiredOf === 'administrators' && seats.length > 0)

/** What keeps out who guesses; each counts in fixed windows, so twice the number can pass across a border of two. */
export interface Limit {
  kind: string
  most: number
  windowSeconds: number
}
const minute = 60
const hour = 60 * minute
const day = 24 * hour
export const limits = {
  /** Five wrong passwords or TOTP codes for one login name, then a quarter of an hour of quiet. */
  signIn: { kind: 'sign_in', most: 5, windowSeconds: 15 * minute },
  secondFactor: { kind: 'second_factor', most: 5, windowSeconds: 15 * minute },
  /** A village office shares one address: forty people may mistype once each. */
  signInAddress: { kind: 'sign_in_address', most: 40, windowSeconds: 15 * minute },
  codePhoneMinute: { kind: 'code_phone_minute', most: 1, windowSeconds: minute },
  codePhoneHour: { kind: 'code_phone_hour', most: 5, windowSeconds: hour },
  codePhoneDay: { kind: 'code_phone_day', most: 10, windowSeconds: day },
  codeDevice: { kind: 'code_device', most: 10, windowSeconds: hour },
  /** One address may stand for a whole village on one line, yet must not empty the SMS purse. */
  codeAddress: { kind: 'code_address', most: 40, windowSeconds: hour },
  codeAddressDay: { kind: 'code_address_day', most: 200, windowSeconds: day },
  /** Wrong codes from one address over all numbers: a million codes cannot be tried by spreading over numbers. */
  codeGuess: { kind: 'code_guess_address', most: 50, windowSeconds: hour },
  oidc: { kind: 'oidc_address', most: 60, windowSeconds: 15 * minute },
} as const satisfies Record<string, Limit>

/** The window in which `now` lies: all processes agree on it without asking each other. */
export function windowOf(limit: Limit, now: Date): { windowAt: Date; endsAt: Date } {
  const length = limit.windowSeconds * 1000
  const from = Math.floor(now.getTime() / length) * length
  return { windowAt: new Date(from), endsAt: new Date(from + length) }
}

/** A new secret that begins with its county, so that whoever holds it need not say where it belongs. */
export const newToken = (county: string, mark: 's' | 't' | 'l' | 'k' | 'o'): string =>
  `${county}.${mark}${randomToken(24)}`

/**
 * What is kept of a secret of 192 random bits: SHA-256 needs no salt and no stretching there.
 */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest()

/** The county of an opaque token; undefined when it is none of ours. */
export function countyOfToken(token: string): string | undefined {
  const county = token.slice(0, 6)
  return token[6] === '.' && isCounty(county) && token.length >= 27 && token.length <= 200 ? county : undefined
}

/** 机构 login names are compared without case, width and blanks. */
export const normaliseLoginName = (text: string): string => text.normalize('NFKC').trim().toLowerCase()

const browsers: [RegExp, string][] = [
  [/MicroMessenger/i, '微信'],
  [/DingTalk/i, '钉钉'],
  [/AlipayClient|dtdream|zlb/i, '浙里办'],
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/HarmonyOS/i, 'HarmonyOS'],
  [/Android/i, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]

const phones = /HarmonyOS|Android|iPhone|iPad/i

/** Whether the browser runs on a phone or tablet. */
export const isPhone = (userAgent: string): boolean => phones.test(userAgent)

/** What a person recognises in the list of their devices; the full user agent is not kept. */
export function deviceLabel(userAgent: string): string {
  const browser = browsers.find(([pattern]) => pattern.test(userAgent))?.[1]
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1]
  return [browser, system].filter(Boolean).join(' · ') || '其他设备'
}

const seatTitles: Record<Seat, string> = { system: '系统管理员', security: '安全管理员', audit: '审计管理员' }

/** What the ledger shows of an actor: a role, never a name. */
export function labelOf(kind: 'staff' | 'resident' | 'guest', seats: readonly Seat[] = []): string {
  if (kind === 'staff') return seats.map((seat) => seatTitles[seat]).join('、') || '工作人员'
  return kind === 'resident' ? '居民' : '访客'
}

const labelWords = new Map<string, string>([
  ['居民', 'Resident'],
  ['访客', 'Visitor'],
  ['工作人员', 'Staff'],
  ['反映人', 'Reporter'],
  ['系统', 'System'],
  ['system', 'System'],
  ['系统管理员', 'System administrator'],
  ['安全管理员', 'Security administrator'],
  ['审计管理员', 'Audit administrator'],
])

/** An actor's label as it was written down, in the reader's language; a post's own name stays as it is. */
export const saidLabel = (label: string, english: boolean): string =>
  english
    ? label
        .split('、')
        .map((part) => labelWords.get(part) ?? part)
        .join(', ')
    : label === 'system'
      ? '系统'
      : label

/** Which seat looks after whom: security after system, audit and nobody else's peers; system after security and everybody without a seat. */
export const keeperOf = (seats: readonly Seat[]): 'system' | 'security' =>
  seats.some((seat) => seat !== 'security') ? 'security' : 'system'

interface Offer {
  action: string
  purpose: Purpose
}
const offers: Record<Seat, Offer[]> = { system: [], security: [], audit: [] }

/**
 * Gives an administrator's seat an action in the whole county; called at import by the room that owns the action.
 *
 * System keeps things running, security decides who may do what, audit looks at what was done. None of them handles matters.
 */
export function offerToSeat(seat: Seat, ...actions: string[]): void {
  const purpose = seat === 'audit' ? 'audit' : 'administration'
  for (const action of actions) offers[seat].push({ action, purpose })
}

/** What the seats allow, as grants over the whole county. */
export const grantsOfSeats = (county: string, seats: readonly Seat[]): Grant[] =>
  seats.flatMap((seat) => offers[seat].map((offer) => ({ ...offer, path: county, postId: `seat:${seat}` })))

offerToSeat(
  'system',
  'identity.manage_accounts',
  'identity.appoint',
  'identity.create_tokens',
  'identity.revoke_tokens',
  'identity.read_accounts',
)
offerToSeat(
  'security',
  'identity.manage_accounts',
  'identity.appoint',
  'identity.approve_tokens',
  'identity.revoke_tokens',
  'identity.read_accounts',
)
offerToSeat(
  'security',
  'identity.manage_settings',
  'identity.confirm_seats',
  'identity.read_unmaskings',
  'identity.read_dangers',
)
offerToSeat(
  'audit',
  'identity.read_unmaskings',
  'identity.read_sign_ins',
  'identity.read_accounts',
  'identity.confirm_seats',
  'identity.read_acts',
  'ledger.verify',
)
