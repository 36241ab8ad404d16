import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  afterAsking,
  afterSending,
  ATTEMPTS_MAX,
  beijingDay,
  maskPhone,
  refusalText,
  windowStart,
  type Progress,
  type SmsState,
} from './rules.ts'

const now = new Date('2026-11-16T01:30:00Z')
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)
const sending: Progress = { state: 'sending', attempts: 1, asks: 0, sentAt: now, expiresAt: minutes(60) }
const accepted = { outcome: 'accepted', providerId: 'p' } as const
const busy = { outcome: 'refused', code: 'busy', retriable: true } as const

describe('after sending', () => {
  test('accepted: a receipt is asked for later', () => {
    expect(afterSending(sending, accepted, now)).toMatchObject({
      state: 'accepted',
      providerId: 'p',
      nextAt: minutes(0.5),
    })
  })
  test('lost connection: unknown, asked about, not repeated', () => {
    expect(afterSending(sending, undefined, now)).toMatchObject({ state: 'unknown', asks: 0 })
  })
  test('a passing refusal is tried again, later each time, and ends', () => {
    const waits: number[] = []
    for (let attempts = 1; attempts <= ATTEMPTS_MAX; attempts += 1) {
      const change = afterSending({ ...sending, attempts, expiresAt: minutes(600) }, busy, now)
      if (change.nextAt) waits.push(change.nextAt.getTime() - now.getTime())
      else expect(change).toEqual({ state: 'failed', nextAt: null, refusal: 'busy' })
    }
    expect(waits).toEqual([10_000, 60_000, 300_000, 1_800_000])
  })
  test('a lasting refusal fails at once', () => {
    expect(afterSending(sending, { ...busy, retriable: false }, now)).toEqual({
      state: 'failed',
      nextAt: null,
      refusal: 'busy',
    })
  })
  test('what would be out of date at the next try is not tried', () => {
    expect(afterSending({ ...sending, attempts: 3, expiresAt: minutes(2) }, busy, now)).toMatchObject({
      state: 'failed',
      refusal: 'expired',
    })
  })
})

describe('after asking for the receipt', () => {
  const unknown: Progress = { ...sending, state: 'unknown', sentAt: minutes(-11) }
  test('the provider has it: it is accepted after all', () => {
    expect(afterAsking(unknown, 'pending', now)).toMatchObject({ state: 'accepted', asks: 1 })
  })
  test('disowned long after sending and still worth something: sent again', () => {
    expect(afterAsking(unknown, 'unknown', now)).toEqual({ state: 'queued', nextAt: now, asks: 0, refusal: 'lost' })
  })
  test('disowned shortly after sending: asked again, for the provider may be slow', () => {
    expect(afterAsking({ ...unknown, sentAt: minutes(-5) }, 'unknown', now)).toMatchObject({
      state: 'unknown',
      asks: 1,
    })
  })
  test('disowned but out of date: given up', () => {
    expect(afterAsking({ ...unknown, expiresAt: minutes(-1) }, 'unknown', now)).toMatchObject({
      state: 'failed',
      refusal: 'expired',
    })
  })
  test('a question without an answer changes nothing and is asked again', () => {
    expect(afterAsking(unknown, undefined, now)).toMatchObject({ state: 'unknown', asks: 0, nextAt: minutes(2) })
  })
  test('the questions end', () => {
    let asked = 0
    const ask = () => afterAsking({ ...sending, state: 'accepted', asks: asked }, 'pending', now)
    while (ask().nextAt && asked < 20) asked += 1
    expect(asked).toBe(6)
  })

  const states: SmsState[] = ['accepted', 'unknown']
  const receipts = ['delivered', 'failed', 'pending', 'unknown', undefined] as const
  test('never repeats what the provider does not disown', () => {
    const anyRow = fc.record({
      state: fc.constantFrom(...states),
      attempts: fc.integer({ min: 1, max: 6 }),
      asks: fc.integer({ min: 0, max: 8 }),
      sentAt: fc.integer({ min: -5000, max: 0 }).map(minutes),
      expiresAt: fc.integer({ min: -500, max: 500 }).map(minutes),
    })
    fc.assert(
      fc.property(anyRow, fc.constantFrom(...receipts), (row, receipt) => {
        const change = afterAsking(row, receipt, now)
        const again = change.state === 'queued'
        expect(again && receipt !== 'unknown').toBe(false)
        expect(again && (row.state !== 'unknown' || row.expiresAt <= now || row.attempts >= ATTEMPTS_MAX)).toBe(false)
        if (change.state === 'delivered' || change.state === 'failed') expect(change.nextAt).toBeNull()
        if (change.nextAt) expect(change.nextAt.getTime()).toBeGreaterThanOrEqual(now.getTime())
      }),
    )
  })
})

test('files by the calendar day of China', () => {
  expect(beijingDay(new Date('2026-11-15T16:00:00Z'))).toBe('20261116')
  expect(beijingDay(new Date('2026-11-15T15:59:59Z'))).toBe('20261115')
})

test('a masked number shows its ends', () => {
  expect(maskPhone('13812345678')).toBe('138****5678')
})

test('a refusal is told in the reader’s language, an unknown one with its code', () => {
  expect(refusalText('throttled', 'zh-CN')).toBe('今天发给这个号码的短信已到上限')
  expect(refusalText('isv.X', 'en')).toBe('Refused by the provider (isv.X)')
  expect(refusalText('constructor', 'zh-CN')).toBe('短信平台拒绝（constructor）')
})

test('all processes see the same window', () => {
  expect(windowStart(new Date('2026-11-16T01:30:59.999Z'), 60)).toEqual(new Date('2026-11-16T01:30:00Z'))
})
