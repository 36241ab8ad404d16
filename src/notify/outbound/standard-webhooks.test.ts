import { expect, test } from 'vitest'
import { isGenuineWebhook, makeWebhookSecret, signWebhook, webhookHeaders } from './standard-webhooks.ts'

const published = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  message: { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' },
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}

test('signs as the standard’s own test vector', () => {
  expect(signWebhook(published.secret, published.message)).toBe(published.signature)
  expect(signWebhook(published.secret.slice(6), published.message)).toBe(published.signature)
})

test('a receiver takes it from either secret while one is being replaced, and nothing else', () => {
  const [old, fresh] = [makeWebhookSecret(), makeWebhookSecret()]
  const now = new Date('2026-11-16T01:30:00Z')
  const message = { id: 'a', timestamp: now.getTime() / 1000, body: '{}' }
  const headers = webhookHeaders([fresh, old], message)
  expect(isGenuineWebhook(old, headers, '{}', now)).toBe(true)
  expect(isGenuineWebhook(fresh, headers, '{}', now)).toBe(true)
  expect(isGenuineWebhook(makeWebhookSecret(), headers, '{}', now)).toBe(false)
  expect(isGenuineWebhook(fresh, headers, '{ }', now)).toBe(false)
  expect(isGenuineWebhook(fresh, { ...headers, 'webhook-id': 'b' }, '{}', now)).toBe(false)
  expect(isGenuineWebhook(fresh, headers, '{}', new Date(now.getTime() + 301_000))).toBe(false)
  expect(isGenuineWebhook(fresh, { ...headers, 'webhook-timestamp': 'x' }, '{}', now)).toBe(false)
})

test('a secret has at least the 24 bytes that the standard wants', () => {
  expect(Buffer.from(makeWebhookSecret().slice(6), 'base64')).toHaveLength(32)
})
