import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tencentStandIn, type SmsProvider } from '../../../test/support/sms-providers.ts'
import { signTencent } from '../../kernel/tencent-signature.ts'
import { tencentSms } from './tencent.ts'

const message = {
  id: '0190b6c6-0000-7000-8000-000000000001',
  phone: '13800138000',
  template: '1110',
  params: { code: '123456', minutes: '5' },
  text: 't',
}

describe('signature', () => {
  test('is the one of the published example', () => {
    const request = {
      service: 'cvm',
      host: 'cvm.tencentcloudapi.com',
      contentType: 'application/json; charset=utf-8',
      body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
      timestamp: 1551113065,
    }
    const id = 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE'
    expect(signTencent(request, id, 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE')).toBe(
      `TC3-HMAC-SHA256 Credential=${id}/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, ` +
        'Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
    )
  })
})

describe('against a provider that checks signatures', () => {
  let provider: SmsProvider
  const account = () => ({
    endpoint: provider.url,
    secretId: 'id',
    secretKey: 'key',
    region: 'ap-guangzhou',
    appId: '1400',
    signName: '同心',
  })
  beforeAll(async () => {
    provider = await tencentStandIn('key')
  })
  afterAll(() => provider.close())

  test('sends with parameters in order, and learns of the delivery', async () => {
    const sms = tencentSms(account())
    const answer = await sms.send(message)
    expect(answer).toMatchObject({ outcome: 'accepted' })
    const accepted = provider.accepted.at(-1)
    expect(accepted).toMatchObject({ id: message.id, phone: '+8613800138000', params: '["123456","5"]' })
    const question = { id: message.id, providerId: accepted?.providerId ?? '', phone: message.phone, at: new Date() }
    expect(await sms.receipt(question)).toBe('pending')
    provider.reports.set(message.id, 'delivered')
    expect(await sms.receipt(question)).toBe('delivered')
    provider.reports.set(message.id, 'failed')
    expect(await sms.receipt(question)).toBe('failed')
  })

  test('is refused with a wrong key', async () => {
    const sms = tencentSms({ ...account(), secretKey: 'other' })
    expect(await sms.send(message)).toEqual({
      outcome: 'refused',
      code: 'AuthFailure.SignatureFailure',
      retriable: false,
    })
  })

  test.each([
    ['LimitExceeded.PhoneNumberThirtySecondLimit', true],
    ['InternalError.OtherError', true],
    ['FailedOperation.SignatureIncorrectOrUnapproved', false],
    ['InvalidParameterValue.IncorrectPhoneNumber', false],
  ])('reads refusal %s', async (code, retriable) => {
    provider.next = { refuse: code }
    expect(await tencentSms(account()).send(message)).toEqual({ outcome: 'refused', code, retriable })
  })

  test('while no report is there, nobody says that nothing was sent', async () => {
    const sms = tencentSms(account())
    const lost = { ...message, id: '0190b6c6-0000-7000-8000-000000000002' }
    provider.next = 'acceptThenDrop'
    await expect(sms.send(lost)).rejects.toThrow()
    const ask = (at: Date) => sms.receipt({ id: lost.id, providerId: null, phone: '13600136000', at })
    expect(await ask(new Date())).toBe('pending')
    expect(await ask(new Date(Date.now() - 73 * 3_600_000))).toBe('unknown')
  })
})
