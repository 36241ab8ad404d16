import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { standIn, type StandIn } from '../../../test/support/stand-in.ts'
import { isOurPage, wechatSignature } from './rules.ts'

let app: TestApp | undefined
let wechat: StandIn | undefined
afterEach(async () => {
  await app?.close()
  await wechat?.close()
  app = wechat = undefined
})

test('a page is signed as WeChat’s own example says', () => {
  const signature = wechatSignature({
    ticket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
    nonceStr: 'Wm3WZYTPz0wzccnW',
    timestamp: 1414587457,
    url: 'http://mp.weixin.qq.com?params=value',
  })
  expect(signature).toBe('0f9de62fce790f9a083d5c99e95740ceb90c27ed')
})

test('only our own pages are signed', () => {
  expect(isOurPage('https://tx.example.cn/h5/report?county=330411', 'https://tx.example.cn')).toBe(true)
  expect(isOurPage('https://tx.example.cn/h5#part', 'https://tx.example.cn')).toBe(false)
  expect(isOurPage('https://tx.example.cn.evil.com/', 'https://tx.example.cn')).toBe(false)
  expect(isOurPage('javascript:alert(1)', 'https://tx.example.cn')).toBe(false)
})

/** WeChat's two calls, as published: a token by id and secret, a ticket by token; refusals come with status 200. */
async function openWechat(secret = 's3cret'): Promise<StandIn> {
  return standIn(({ path, query }) => {
    const asked = new URLSearchParams(query)
    if (path === '/cgi-bin/token') {
      const good = asked.get('grant_type') === 'client_credential' && asked.get('appid') === 'wx1234'
      if (!good || asked.get('secret') !== secret) return { json: { errcode: 40125, errmsg: 'invalid appsecret' } }
      return { json: { access_token: 'TOKEN', expires_in: 7200 } }
    }
    if (path !== '/cgi-bin/ticket/getticket' || asked.get('access_token') !== 'TOKEN' || asked.get('type') !== 'jsapi')
      return { json: { errcode: 40001, errmsg: 'invalid credential' } }
    return { json: { errcode: 0, errmsg: 'ok', ticket: 'TICKET', expires_in: 7200 } }
  })
}

const settings = (url: string) => ({
  SHELL_SDKS: 'wechat',
  WECHAT_APP_ID: 'wx1234',
  WECHAT_APP_SECRET: 's3cret',
  WECHAT_ENDPOINT: url,
  PUBLIC_URL: 'https://tx.example.cn',
})
const page = 'https://tx.example.cn/h5/report'
const asked = `/api/v1/shells/wechat/signature?url=${encodeURIComponent(page)}`

test('the ticket is fetched once for its two hours, and the signature fits it', async () => {
  wechat = await openWechat()
  app = await testApp({ settings: settings(wechat.url) })
  const all = await Promise.all([1, 2, 3].map(() => app!.nobody.get<Record<string, string | number>>(asked)))
  for (const { status, body } of all) {
    expect(status).toBe(200)
    const text = `jsapi_ticket=TICKET&noncestr=${body['nonceStr']}&timestamp=${body['timestamp']}&url=${page}`
    expect(body['signature']).toBe(createHash('sha1').update(text).digest('hex'))
    expect(body['appId']).toBe('wx1234')
  }
  expect(wechat.seen).toHaveLength(2)
  app.clock.advance(2 * 3_600_000)
  expect((await app.nobody.get(asked)).status).toBe(200)
  expect(wechat.seen).toHaveLength(4)
  expect((await app.nobody.get('/api/v1/shells')).body).toEqual({ items: ['wechat'] })
  const foreign = await app.nobody.get('/api/v1/shells/wechat/signature?url=https%3A%2F%2Fevil.example')
  expect(foreign.status).toBe(400)
})

test('without an account, or when WeChat refuses, it says so, and the next try asks anew', async () => {
  wechat = await openWechat('another')
  app = await testApp({ settings: settings(wechat.url) })
  expect((await app.nobody.get(asked)).body).toMatchObject({ code: 'identity.shell_unanswered' })
  expect((await app.nobody.get(asked)).status).toBe(503)
  expect(wechat.seen).toHaveLength(2)
  const bare = await testApp()
  const url = encodeURIComponent('http://localhost:80/h5')
  expect((await bare.nobody.get(`/api/v1/shells/wechat/signature?url=${url}`)).body).toMatchObject({
    code: 'identity.shell_unset',
  })
  expect((await bare.nobody.get('/api/v1/shells')).body).toEqual({ items: [] })
  await bare.close()
})

test('pages may load an app’s script only where the installation says so', async () => {
  app = await testApp({ settings: { SHELL_SDKS: 'wechat,zheliban' } })
  const policy = String((await app.http.inject({ url: '/healthz' })).headers['content-security-policy'])
  expect(policy).toContain("script-src 'self' https://res.wx.qq.com https://assets.zjzwfw.gov.cn")
  expect(policy).not.toContain('alicdn')
})
