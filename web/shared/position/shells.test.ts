import { expect, test } from 'vitest'
import { gcj02ToWgs84, wgs84ToGcj02, distanceMetres } from '../../../src/kernel/positions.ts'
import type { DingTalk, Wechat } from './shells.ts'
import { dingTalkPosition, shellOf, unsaidMetres, wechatPosition, zhelibanPosition } from './shells.ts'

const door = { lng: 120.7412, lat: 30.6421 }
const given = wgs84ToGcj02(door)
const signature = { appId: 'wx1234', timestamp: 1, nonceStr: 'n', signature: 'good' }

/** WeChat's script as published: nothing is answered before `config` was signed right; a refusal comes through `error`. */
function standInForWechat(answer: 'found' | 'fail' | 'cancel'): Wechat & { asked: string[] } {
  let ready = () => {}
  let failed: (why: unknown) => void = () => {}
  let signed = false
  const asked: string[] = []
  return {
    asked,
    ready: (done) => (ready = done),
    error: (told) => (failed = told),
    config(options) {
      asked.push(...options.jsApiList)
      signed = options.signature === 'good'
      queueMicrotask(() => (signed ? ready() : failed({ errMsg: 'config:invalid signature' })))
    },
    getLocation({ type, success, fail, cancel }) {
      if (!signed || answer === 'fail') return fail({ errMsg: 'getLocation:fail' })
      if (answer === 'cancel') return cancel?.({ errMsg: 'getLocation:cancel' })
      const at = type === 'gcj02' ? given : door
      return success({ longitude: String(at.lng), latitude: String(at.lat), accuracy: '23' })
    },
  }
}

test('WeChat is signed in, asked, and its answer says which system it is in', async () => {
  const wx = standInForWechat('found')
  const found = await wechatPosition(wx, async () => signature)
  expect(wx.asked).toEqual(['getLocation'])
  expect(found).toMatchObject({ system: 'gcj02', source: 'gps', accuracyMetres: 23 })
  const there = gcj02ToWgs84({ lng: found!.longitude, lat: found!.latitude })
  expect(distanceMetres(there, door)).toBeLessThan(0.01)
})

test('who declines in WeChat gives no position, and a wrong signature is an error', async () => {
  expect(await wechatPosition(standInForWechat('cancel'), async () => signature)).toBeUndefined()
  expect(await wechatPosition(standInForWechat('fail'), async () => signature)).toBeUndefined()
  const wrong = wechatPosition(standInForWechat('found'), async () => ({ ...signature, signature: 'bad' }))
  await expect(wrong).rejects.toMatchObject({ errMsg: 'config:invalid signature' })
})

test('DingTalk is asked for GCJ-02 in the older and in the newer way', async () => {
  const older: DingTalk = {
    ready: (done) => done(),
    device: {
      geolocation: {
        get({ coordinate, onSuccess, onFail }) {
          if (coordinate !== 1) return onFail({ errorCode: 2 })
          return onSuccess({ longitude: given.lng, latitude: given.lat, accuracy: 15.4 })
        },
      },
    },
  }
  const newer: DingTalk = {
    getLocation({ coordinate, success, fail }) {
      if (coordinate !== '1') return fail({ errorCode: 2 })
      return success({ longitude: String(given.lng), latitude: String(given.lat), accuracy: '40' })
    },
  }
  expect(await dingTalkPosition(older)).toMatchObject({ longitude: given.lng, accuracyMetres: 15, system: 'gcj02' })
  expect(await dingTalkPosition(newer)).toMatchObject({ latitude: given.lat, accuracyMetres: 40, system: 'gcj02' })
  expect(await dingTalkPosition({})).toBeUndefined()
})

test('浙里办 does not say how sure it is, so the micro-grid is asked', async () => {
  const bridge = {
    onReady: (done: () => void) => done(),
    getLocation: async () => ({ longitude: String(given.lng), latitude: String(given.lat), cityName: '嘉兴市' }),
  }
  expect(await zhelibanPosition(bridge)).toMatchObject({ accuracyMetres: unsaidMetres, system: 'gcj02' })
  const refusing = { onReady: (done: () => void) => done(), getLocation: () => Promise.reject(new Error('denied')) }
  expect(await zhelibanPosition(refusing)).toBeUndefined()
})

test.each([
  ['', ''],
  ['0', '0'],
  ['abc', '30'],
  ['200', '30'],
])('an answer of %s, %s is none', async (longitude, latitude) => {
  const bridge = { onReady: (done: () => void) => done(), getLocation: async () => ({ longitude, latitude }) }
  expect(await zhelibanPosition(bridge)).toBeUndefined()
})

test.each([
  ['Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/111 MMWEBID/1 MicroMessenger/8.0.43.2480', 'wechat'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0) AppleWebKit/605.1.15 AliApp(DingTalk/7.0.40) com.laiwang.DingTalk',
    'dingtalk',
  ],
  ['Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 TaurusApp/2.5.0', 'dingtalk'],
  ['Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/91 dtdreamweb/Android', 'zheliban'],
  ['Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36', undefined],
])('%s', (userAgent, shell) => {
  expect(shellOf(userAgent)).toBe(shell)
})
