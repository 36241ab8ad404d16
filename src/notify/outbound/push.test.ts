import { afterAll, beforeAll, expect, test } from 'vitest'
import { pushService, type PushService } from '../../../test/support/push-service.ts'
import { makeVapidKeys, readVapidKeys, sendPush } from './push.ts'

let service: PushService
const options = { vapid: readVapidKeys(makeVapidKeys()), subject: 'mailto:a@example.com', allowPrivate: true }
beforeAll(async () => {
  service = await pushService()
})
afterAll(() => service.close())

test('a browser can read what was sent, and the service who sent it', async () => {
  const browser = service.browser()
  const { endpoint, keys } = browser.subscription
  const message = { payload: JSON.stringify({ title: '有新的事项等您办理' }), topic: 'a'.repeat(32), urgent: false }
  const answer = await sendPush({ endpoint, ...keys }, message, options)
  expect(answer.status).toBe(201)
  expect(browser.received).toEqual([{ text: message.payload, topic: message.topic, urgency: 'normal', ttl: '86400' }])
})

test('a stranger’s key is refused', async () => {
  const { endpoint, keys } = service.browser().subscription
  const vapid = { ...options.vapid, privateKey: readVapidKeys(makeVapidKeys()).privateKey }
  const answer = await sendPush(
    { endpoint, ...keys },
    { payload: 'x', topic: 't', urgent: true },
    { ...options, vapid },
  )
  expect(answer.status).toBe(403)
})

test('a damaged key file is said to be damaged', () => {
  expect(() => readVapidKeys('{}')).toThrow('damaged')
})
