import type { DeliveryState } from './contract.ts'

export type OutboundChannel = 'push' | 'robot' | 'webhook'

/** What the other side said; undefined stands for a lost connection: nobody knows whether it arrived. */
export type Outcome =
  | { outcome: 'delivered'; code: string }
  | { outcome: 'refused'; code: string; retriable: boolean; retryAfterSeconds?: number }
  | { outcome: 'gone'; code: string }

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Longer than one attempt may take (15 s). */
export const LEASE_SECONDS = 60

/**
 * Waits before each further attempt. Webhooks go on for three days, as Standard Webhooks advises; a push older than a
 * working day tells nobody anything.
 */
const WAITS: Readonly<Record<OutboundChannel, readonly number[]>> = {
  webhook: [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
  push: [30 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR],
  robot: [MINUTE, 5 * MINUTE, 30 * MINUTE],
}

export interface DeliveryChange {
  state: DeliveryState
  nextAt: Date | null
  lastCode: string
}

/**
 * What becomes of a delivery after an attempt.
 *
 * Webhooks and pushes carry an id by which a second copy is dropped, so an unknown outcome is tried again. A robot's group
 * would read the same thing twice, so there it ends as «unknown».
 * @param attempts How often it was tried, this time included.
 */
export function afterAttempt(
  channel: OutboundChannel,
  attempts: number,
  outcome: Outcome | undefined,
  now: Date,
): DeliveryChange {
  if (outcome?.outcome === 'delivered') return { state: 'delivered', nextAt: null, lastCode: outcome.code }
  const lastCode = outcome?.code ?? 'no_answer'
  if (!outcome && channel === 'robot') return { state: 'unknown', nextAt: null, lastCode }
  if (outcome && (outcome.outcome === 'gone' || !outcome.retriable)) return { state: 'failed', nextAt: null, lastCode }
  const wait = WAITS[channel][attempts - 1]
  if (wait === undefined) return { state: 'failed', nextAt: null, lastCode }
  const asked = outcome?.outcome === 'refused' ? (outcome.retryAfterSeconds ?? 0) * SECOND : 0
  return { state: 'queued', nextAt: new Date(now.getTime() + Math.max(wait, asked)), lastCode }
}

/** An endpoint is switched off only when it has failed this often and for this long: one bad night is not enough. */
const FAILURES_MAX = 15
const FAILING_MS_MAX = 3 * 24 * HOUR

export interface Health {
  failures: number
  failingSince: Date | null
}

export interface HealthChange extends Health {
  /** Set when the endpoint is to be switched off. */
  disable: 'gone' | 'failing' | null
}

export function healthAfter(before: Health, outcome: Outcome | undefined, now: Date): HealthChange {
  if (outcome?.outcome === 'delivered') return { failures: 0, failingSince: null, disable: null }
  const failures = before.failures + 1
  const failingSince = before.failingSince ?? now
  if (outcome?.outcome === 'gone') return { failures, failingSince, disable: 'gone' }
  const long = now.getTime() - failingSince.getTime() >= FAILING_MS_MAX
  return { failures, failingSince, disable: failures >= FAILURES_MAX && long ? 'failing' : null }
}

/** Reads a receiver's HTTP status: 2xx took it, 410 wants no more, the rest may be better later. */
export function readWebhookStatus(status: number, retryAfterSeconds?: number): Outcome {
  const code = `http_${status}`
  if (status >= 200 && status < 300) return { outcome: 'delivered', code }
  if (status === 410) return { outcome: 'gone', code }
  return { outcome: 'refused', code, retriable: true, retryAfterSeconds }
}

/** A push service says 404 or 410 when the browser dropped the subscription; 413 and other 4xx will never fit. */
export function readPushStatus(status: number, retryAfterSeconds?: number): Outcome {
  const code = `http_${status}`
  if (status >= 200 && status < 300) return { outcome: 'delivered', code }
  if (status === 404 || status === 410) return { outcome: 'gone', code }
  return { outcome: 'refused', code, retriable: status === 429 || status >= 500, retryAfterSeconds }
}

/** The path itself and every area above it: whose robots hear of it. */
export function selfAndAbove(path: string): string[] {
  const codes = path.split('/')
  return codes.map((_, index) => codes.slice(0, index + 1).join('/'))
}
