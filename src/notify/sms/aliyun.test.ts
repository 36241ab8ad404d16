import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aliyunStandIn, type SmsProvider } from '../../../test/support/sms-providers.ts'
import { aliyunSms, signAliyun } from './aliyun.ts'

const message = {
  id: '0190b6c6-0000-7000-8000-000000000001',
  phone: '13800138000',
  template: 'SMS_1',
  params: { code: '123456' },
  text: 't',
}

describe('signature', () => {
  test('is the one of the published example', () => {
    const request = {
      method: 'POST',
      host: 'ecs.cn-shanghai.aliyuncs.com',
      action: 'RunInstances',
      version: '2014-05-26',
      query: { RegionId: 'cn-shanghai', ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd' },
      body: '',
      date: '2023-10-26T10:22:32Z',
      nonce: '3156853299f313e23d1673dc12e1703d',
    }
    const { authorization } = signAliyun(request, {
      accessKeyId: 'YourAccessKeyId',
      accessKeySecret: 'YourAccessKeySecret',
    })
    expect(authorization).toBe(
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,' +
        'SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,' +
        'Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    )
  })
})

describe('against a provider that checks signatures', () => {
  let provider: SmsProvider
  const account = () => ({
    endpoint: provider.url,
    accessKeyId: 'id',
    accessKeySecret: 'secret',
    signName: '秀洲(区)*同心!',
  })
  beforeAll(async () => {
    provider = await aliyunStandIn('secret')
  })
  afterAll(() => provider.close())

  test('sends, and learns of the delivery', async () => {
    const sms = aliyunSms(account())
    const answer = await sms.send(message)
    expect(answer).toMatchObject({ outcome: 'accepted' })
    expect(provider.accepted.at(-1)).toMatchObject({
      id: message.id,
      phone: message.phone,
      params: '{"code":"123456"}',
    })
    const providerId = provider.accepted.at(-1)?.providerId ?? ''
    const question = { id: message.id, providerId, phone: message.phone, at: new Date() }
    expect(await sms.receipt(question)).toBe('pending')
    provider.reports.set(message.id, 'delivered')
    expect(await sms.receipt(question)).toBe('delivered')
    provider.reports.set(message.id, 'failed')
    expect(await sms.receipt(question)).toBe('failed')
  })

  test('is refused with a wrong secret', async () => {
    const sms = aliyunSms({ ...account(), accessKeySecret: 'other' })
    expect(await sms.send(message)).toEqual({ outcome: 'refused', code: 'SignatureDoesNotMatch', retriable: false })
  })

  test.each([
    ['isv.BUSINESS_LIMIT_CONTROL', true],
    ['isv.MOBILE_NUMBER_ILLEGAL', false],
    ['isv.AMOUNT_NOT_ENOUGH', false],
  ])('reads refusal %s', async (code, retriable) => {
    provider.next = { refuse: code }
    expect(await aliyunSms(account()).send(message)).toEqual({ outcome: 'refused', code, retriable })
  })

  test('an accepted message whose answer was lost is found by our own id', async () => {
    const sms = aliyunSms(account())
    const lost = { ...message, id: '0190b6c6-0000-7000-8000-000000000002', phone: '13900139000' }
    provider.next = 'acceptThenDrop'
    await expect(sms.send(lost)).rejects.toThrow()
    expect(await sms.receipt({ id: lost.id, providerId: null, phone: lost.phone, at: new Date() })).toBe('pending')
  })

  test('a message that never arrived is not known', async () => {
    const sms = aliyunSms(account())
    const lost = { ...message, id: '0190b6c6-0000-7000-8000-000000000003', phone: '13700137000' }
    provider.next = 'dropUnread'
    await expect(sms.send(lost)).rejects.toThrow()
    expect(await sms.receipt({ id: lost.id, providerId: null, phone: lost.phone, at: new Date() })).toBe('unknown')
  })
})
