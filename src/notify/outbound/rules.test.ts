import { describe, expect, test } from 'vitest'
import { afterAttempt, healthAfter, readPushStatus, readWebhookStatus, selfAndAbove, type Health } from './rules.ts'

const now = new Date('2026-11-16T01:30:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const busy = { outcome: 'refused', code: 'http_503', retriable: true } as const

describe('after an attempt', () => {
  test('a webhook goes on for about three days, then fails', () => {
    let hours = 0
    let attempts = 1
    for (
      let change = afterAttempt('webhook', 1, busy, now);
      change.nextAt;
      change = afterAttempt('webhook', ++attempts, busy, now)
    ) {
      hours += (change.nextAt.getTime() - now.getTime()) / 3_600_000
    }
    expect(attempts).toBe(10)
    expect(hours).toBeGreaterThan(70)
    expect(hours).toBeLessThan(80)
  })
  test('Retry-After is honoured when it is longer', () => {
    expect(afterAttempt('webhook', 1, { ...busy, retryAfterSeconds: 120 }, now).nextAt).toEqual(later(120))
    expect(afterAttempt('webhook', 2, { ...busy, retryAfterSeconds: 120 }, now).nextAt).toEqual(later(300))
  })
  test('an unknown outcome is repeated where a copy is dropped, and not in a group chat', () => {
    expect(afterAttempt('webhook', 1, undefined, now)).toMatchObject({ state: 'queued' })
    expect(afterAttempt('push', 1, undefined, now)).toMatchObject({ state: 'queued' })
    expect(afterAttempt('robot', 1, undefined, now)).toEqual({ state: 'unknown', nextAt: null, lastCode: 'no_answer' })
  })
  test('gone and lasting refusals end it', () => {
    expect(afterAttempt('push', 1, { outcome: 'gone', code: 'http_410' }, now)).toMatchObject({
      state: 'failed',
      nextAt: null,
    })
    expect(afterAttempt('robot', 1, { ...busy, retriable: false }, now)).toMatchObject({
      state: 'failed',
      nextAt: null,
    })
  })
})

describe('health of an endpoint', () => {
  const failing: Health = { failures: 14, failingSince: later(-4 * 86_400) }
  test('a success forgets everything', () => {
    expect(healthAfter(failing, { outcome: 'delivered', code: 'http_200' }, now)).toEqual({
      failures: 0,
      failingSince: null,
      disable: null,
    })
  })
  test('many failures over days switch it off', () => expect(healthAfter(failing, busy, now).disable).toBe('failing'))
  test('many failures in one night do not', () => {
    expect(healthAfter({ failures: 500, failingSince: later(-3600 * 12) }, undefined, now).disable).toBeNull()
  })
  test('few failures over days do not', () => {
    expect(healthAfter({ failures: 3, failingSince: later(-9 * 86_400) }, busy, now).disable).toBeNull()
  })
  test('410 does at once', () => {
    expect(healthAfter({ failures: 0, failingSince: null }, { outcome: 'gone', code: 'http_410' }, now).disable).toBe(
      'gone',
    )
  })
})

test.each([
  [204, 'delivered'],
  [410, 'gone'],
  [404, 'refused'],
  [301, 'refused'],
  [500, 'refused'],
])('a webhook receiver says %i', (status, outcome) => expect(readWebhookStatus(status).outcome).toBe(outcome))

test.each([
  [201, 'delivered', undefined],
  [404, 'gone', undefined],
  [410, 'gone', undefined],
  [413, 'refused', false],
  [429, 'refused', true],
  [503, 'refused', true],
])('a push service says %i', (status, outcome, retriable) => {
  const read = readPushStatus(status)
  expect(read.outcome).toBe(outcome)
  if (read.outcome === 'refused') expect(read.retriable).toBe(retriable)
})

test('an area’s robots are those of itself and of all above', () => {
  expect(selfAndAbove('330411/330411105/G001')).toEqual(['330411', '330411/330411105', '330411/330411105/G001'])
})
