import type { Locale } from '../../kernel/faults.ts'
import type { SmsMessage, SmsOutcome, SmsReceipt } from '../../kernel/ports.ts'

/** What a provider gets; `template` is already the provider's own template code. */
export type ProviderMessage = SmsMessage & { signName?: string }

export type SmsState = 'queued' | 'sending' | 'accepted' | 'delivered' | 'failed' | 'unknown'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Longer than any provider's answer may take (15 s), so that a living sender is never taken for a dead one. */
export const LEASE_SECONDS = 60
/** One number gets the same message at most this often, whatever goes wrong. */
export const ATTEMPTS_MAX = 5
/** Waits before the next try after a refusal that passes by itself. */
const RETRY_WAITS = [10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE]
/** Waits before each question for a receipt; operators report within 72 hours or not at all. */
const ASK_WAITS = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR, 48 * HOUR]
/** A message that a provider does not know this long after sending never reached it. */
const KNOWN_AFTER_MS = 10 * MINUTE

export interface Progress {
  state: SmsState
  attempts: number
  asks: number
  sentAt: Date | null
  expiresAt: Date
}

export interface Change {
  state: SmsState
  nextAt: Date | null
  refusal?: string | null
  providerId?: string
  asks?: number
}

const after = (now: Date, ms: number) => new Date(now.getTime() + ms)

/**
 * What becomes of a message after the provider's answer.
 *
 * @param answer undefined when the connection was lost: nobody knows whether it was sent, so it is asked about, not repeated.
 */
export function afterSending(row: Progress, answer: SmsOutcome | undefined, now: Date): Change {
  if (!answer) return { state: 'unknown', nextAt: after(now, ASK_WAITS[0] ?? MINUTE), asks: 0 }
  if (answer.outcome === 'accepted') {
    return {
      state: 'accepted',
      nextAt: after(now, ASK_WAITS[0] ?? MINUTE),
      asks: 0,
      refusal: null,
      providerId: answer.providerId,
    }
  }
  const wait = RETRY_WAITS[row.attempts - 1]
  const again = wait === undefined ? undefined : after(now, wait)
  if (!answer.retriable || !again || row.attempts >= ATTEMPTS_MAX)
    return { state: 'failed', nextAt: null, refusal: answer.code }
  if (again > row.expiresAt) return { state: 'failed', nextAt: null, refusal: 'expired' }
  return { state: 'queued', nextAt: again, refusal: answer.code }
}

/**
 * What becomes of a message after the provider was asked for its receipt.
 *
 * Only a message that the provider itself disowns, long after it was sent, may go out again, and only while it is still
 * worth something: a person would rather ask for a second code than get two.
 * @param receipt undefined when the question itself failed; then nothing is known and it is asked again.
 */
export function afterAsking(row: Progress, receipt: SmsReceipt | undefined, now: Date): Change {
  const asks = receipt === undefined ? row.asks : row.asks + 1
  const wait = ASK_WAITS[Math.max(asks, 1)]
  const nextAt = wait === undefined ? null : after(now, wait)
  if (receipt === 'delivered') return { state: 'delivered', nextAt: null, asks }
  if (receipt === 'failed') return { state: 'failed', nextAt: null, asks, refusal: 'not_delivered' }
  if (receipt === undefined) return { state: row.state, nextAt: after(now, 2 * MINUTE), asks }
  if (receipt === 'pending') return { state: row.state === 'unknown' && nextAt ? 'accepted' : row.state, nextAt, asks }
  if (row.state !== 'unknown') return { state: row.state, nextAt, asks }
  const disowned = row.sentAt !== null && now.getTime() - row.sentAt.getTime() >= KNOWN_AFTER_MS
  if (!disowned) return { state: 'unknown', nextAt: nextAt ?? after(now, HOUR), asks }
  if (row.expiresAt <= now) return { state: 'failed', nextAt: null, asks, refusal: 'expired' }
  if (row.attempts >= ATTEMPTS_MAX) return { state: 'failed', nextAt: null, asks, refusal: 'lost' }
  return { state: 'queued', nextAt: now, asks: 0, refusal: 'lost' }
}

/** The calendar day in China as yyyyMMdd: providers file messages by it. */
export function beijingDay(at: Date): string {
  return new Date(at.getTime() + 8 * HOUR).toISOString().slice(0, 10).replaceAll('-', '')
}

/** 138****5678: enough for a clerk to recognise, not enough to call. */
export const maskPhone = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`

export type ThrottleKind = 'phone' | 'device' | 'address'

export interface Limit {
  readonly kind: ThrottleKind
  readonly windowSeconds: number
  readonly most: number
}

/**
 * How many codes somebody may ask for. A bill attack spreads over numbers, so devices and addresses count too; an
 * address stands for a whole village behind one mobile gateway and gets room.
 *
 * @source field notes: SMS bill attacks (Decidim #5721).
 */
export const CODE_LIMITS: readonly Limit[] = [
  { kind: 'phone', windowSeconds: 60, most: 1 },
  { kind: 'phone', windowSeconds: 3600, most: 5 },
  { kind: 'phone', windowSeconds: 86_400, most: 10 },
  { kind: 'device', windowSeconds: 3600, most: 10 },
  { kind: 'device', windowSeconds: 86_400, most: 30 },
  { kind: 'address', windowSeconds: 60, most: 20 },
  { kind: 'address', windowSeconds: 3600, most: 200 },
]

/** Notices of our own making: more than this a day to one number is a fault of ours and is dropped quietly. */
export const NOTICE_LIMITS: readonly Limit[] = [{ kind: 'phone', windowSeconds: 86_400, most: 20 }]

/** The window that an instant falls into; windows are aligned, so all processes agree. */
export function windowStart(at: Date, windowSeconds: number): Date {
  const span = windowSeconds * SECOND
  return new Date(Math.floor(at.getTime() / span) * span)
}

/** Why a message was not sent, in words a clerk understands; a provider's own code is shown as it is. */
const refusals: Readonly<Record<string, { zh: string; en: string }>> = {
  bad_number: { zh: '不是有效的手机号', en: 'Not a mobile number' },
  throttled: { zh: '今天发给这个号码的短信已到上限', en: 'This number has had enough messages today' },
  expired: { zh: '已过有效期，没有再发', en: 'Out of date, so it was not sent' },
  no_template: { zh: '短信平台的模板还没有登记', en: "The provider's template code is not set" },
  not_delivered: { zh: '运营商回执：未送达', en: 'The operator reported it as not delivered' },
  lost: { zh: '短信平台没有收到', en: 'The provider never received it' },
}

export function refusalText(code: string, locale: Locale): string {
  const known = Object.hasOwn(refusals, code) ? refusals[code] : undefined
  if (known) return locale === 'en' ? known.en : known.zh
  return locale === 'en' ? `Refused by the provider (${code})` : `短信平台拒绝（${code}）`
}
