import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Signatures of outgoing webhooks, as Standard Webhooks 1.0.0 says: HMAC-SHA256 over `id.timestamp.body`.
 *
 * @source https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */

const PREFIX = 'whsec_'
/** A receiver refuses what is older: a caught delivery cannot be played again later. */
const TOLERANCE_SECONDS = 300

/** A secret of 32 random bytes, written the way the standard's libraries take it. */
export const makeWebhookSecret = (): string => `${PREFIX}${randomBytes(32).toString('base64')}`

const keyOf = (secret: string) =>
  Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64')

export function signWebhook(secret: string, message: { id: string; timestamp: number; body: string }): string {
  const text = `${message.id}.${message.timestamp}.${message.body}`
  return `v1,${createHmac('sha256', keyOf(secret)).update(text).digest('base64')}`
}

/** Headers of one delivery; while a secret is being replaced, both the new and the old one sign. */
export function webhookHeaders(secrets: readonly string[], message: { id: string; timestamp: number; body: string }) {
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': secrets.map((secret) => signWebhook(secret, message)).join(' '),
  }
}

/** What a receiver does with our headers: any one signature that fits, and a timestamp near its own clock. */
export function isGenuineWebhook(
  secret: string,
  headers: Record<string, string | undefined>,
  body: string,
  now: Date,
): boolean {
  const id = headers['webhook-id'] ?? ''
  const timestamp = Number(headers['webhook-timestamp'])
  if (!id || !Number.isInteger(timestamp) || Math.abs(now.getTime() / 1000 - timestamp) > TOLERANCE_SECONDS)
    return false
  const expected = Buffer.from(signWebhook(secret, { id, timestamp, body }))
  return (headers['webhook-signature'] ?? '').split(' ').some((given) => {
    const bytes = Buffer.from(given)
    return bytes.length === expected.length && timingSafeEqual(bytes, expected)
  })
}
