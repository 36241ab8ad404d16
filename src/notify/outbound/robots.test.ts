import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { readRobotAnswer, robotRequest, signDingTalk } from './robots.ts'

const now = new Date('2026-11-16T01:30:00Z')
const message = { title: '事项已超期', body: '事件 WD-2026-000123 已超过办理期限', link: 'https://t.example/matters/1' }

test('DingTalk: the signature travels url-encoded beside the timestamp in milliseconds', () => {
  const url = 'https://oapi.dingtalk.com/robot/send?access_token=abc'
  const request = robotRequest({ kind: 'dingTalk', url, secret: 'SECabc' }, message, now)
  const query = new URL(request.url).searchParams
  expect(query.get('access_token')).toBe('abc')
  expect(query.get('timestamp')).toBe(String(now.getTime()))
  const expected = createHmac('sha256', 'SECabc').update(`${now.getTime()}\nSECabc`, 'utf8').digest('base64')
  expect(query.get('sign')).toBe(expected)
  expect(signDingTalk(now.getTime(), 'SECabc')).toBe(expected)
  expect(JSON.parse(request.body)).toMatchObject({ msgtype: 'markdown', markdown: { title: '事项已超期' } })
})

test('WeCom: at most 4096 bytes, never half a character', () => {
  const url = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k'
  const request = robotRequest({ kind: 'weCom', url, secret: null }, { ...message, body: '超'.repeat(5000) }, now)
  const { content } = (JSON.parse(request.body) as { markdown: { content: string } }).markdown
  expect(Buffer.byteLength(content)).toBeLessThanOrEqual(4096)
  expect(content.endsWith('超…')).toBe(true)
  expect(request.url).toBe(url)
})

test('typed text cannot mention everybody or plant a link', () => {
  const planted = { title: 'a', body: '<@all> [点我](https://evil.example) **x**', link: null }
  const { body } = robotRequest({ kind: 'weCom', url: 'https://x.example/', secret: null }, planted, now)
  expect(body).not.toMatch(/@|\]\(|<|x\*\*/)
})

test.each([
  [200, '{"errcode":0,"errmsg":"ok"}', { outcome: 'delivered' }],
  [200, '{"errcode":310000,"errmsg":"sign not match"}', { outcome: 'refused', code: '310000', retriable: false }],
  [200, '{"errcode":130101,"errmsg":"send too fast"}', { outcome: 'refused', code: '130101', retriable: true }],
  [200, '{"errcode":45009,"errmsg":"api freq out of limit"}', { outcome: 'refused', code: '45009', retriable: true }],
  [200, '{"errcode":93000,"errmsg":"invalid webhook url"}', { outcome: 'refused', code: '93000', retriable: false }],
  [200, '<html>', { outcome: 'refused', code: 'not_json', retriable: false }],
  [502, '', { outcome: 'refused', code: 'http_502', retriable: true }],
  [404, '', { outcome: 'refused', code: 'http_404', retriable: false }],
])('reads %i %s', (status, body, outcome) => expect(readRobotAnswer(status, body)).toEqual(outcome))
