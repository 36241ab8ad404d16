import { createSign, createVerify, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { standIn, type StandIn } from '../../../test/support/stand-in.ts'
import { signTencent } from '../../kernel/tencent-signature.ts'
import { alipayVerifier, signedText } from './alipay.ts'
import { tencentVerifier } from './tencent.ts'

const person = { name: '欧阳明月', citizenId: '11010519491231002X' }
const asked = { id: '0190b6c6-0000-7000-8000-000000000001', returnUrl: 'https://tongxin.example/sign' }

describe('Tencent Cloud, by a stand-in that checks signatures', () => {
  let provider: StandIn
  let errCode: number | null = null
  beforeAll(async () => {
    provider = await standIn(({ headers, body }) => {
      const timestamp = Number(headers['x-tc-timestamp'])
      const contentType = String(headers['content-type'])
      const request = { service: 'faceid', host: String(headers['host']), contentType, body: String(body), timestamp }
      if (headers['authorization'] !== signTencent(request, 'id', 'key'))
        return { json: { Response: { Error: { Code: 'AuthFailure.SignatureFailure' } } } }
      const input = JSON.parse(String(body)) as Record<string, string>
      if (headers['x-tc-action'] === 'DetectAuth' && input['IdCard'] === person.citizenId)
        return { json: { Response: { Url: 'https://faceid.example/page', BizToken: 'biz-1' } } }
      if (headers['x-tc-action'] === 'GetDetectInfoEnhanced' && input['BizToken'] === 'biz-1')
        return { json: { Response: { Text: { ErrCode: errCode } } } }
      return { json: { Response: { Error: { Code: 'InvalidParameter' } } } }
    })
  })
  afterAll(() => provider.close())
  const verifier = (secretKey = 'key') =>
    tencentVerifier({ endpoint: provider.url, secretId: 'id', secretKey, ruleId: '1' })

  test('begins, waits, and hears what came of it', async () => {
    expect(await verifier().begin(person, asked)).toEqual({ transaction: 'biz-1', page: 'https://faceid.example/page' })
    const input = JSON.parse(String(provider.seen.at(-1)!.body)) as object
    expect(input).toMatchObject({ Name: person.name, RedirectUrl: asked.returnUrl, Extra: asked.id })
    expect(await verifier().result('biz-1')).toBe('pending')
    errCode = 0
    expect(await verifier().result('biz-1')).toBe('passed')
    errCode = 1004
    expect(await verifier().result('biz-1')).toBe('failed')
    // Words only: no picture is asked for.
    expect(JSON.parse(String(provider.seen.at(-1)!.body))).toMatchObject({ InfoType: '1' })
  })

  test('a wrong key or an unknown transaction is no answer', async () => {
    await expect(verifier('other').begin(person, asked)).rejects.toThrow('AuthFailure')
    await expect(verifier().result('biz-2')).rejects.toThrow('InvalidParameter')
  })
})

describe('Alipay, by a stand-in that checks and signs', () => {
  const ours = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 })
  let provider: StandIn
  let passed: string | undefined
  let liar = false
  beforeAll(async () => {
    provider = await standIn(({ body }) => {
      const all = Object.fromEntries(new URLSearchParams(String(body)))
      const right = createVerify('RSA-SHA256')
        .update(signedText(all), 'utf8')
        .verify(ours.publicKey, all['sign']!, 'base64')
      const content = JSON.parse(all['biz_content']!) as { certify_id?: string }
      const answer = !right
        ? { code: '40002', sub_code: 'isv.invalid-signature' }
        : all['method']!.endsWith('initialize')
          ? { code: '10000', msg: 'Success', certify_id: 'c-1' }
          : { code: '10000', msg: 'Success', ...(passed && content.certify_id === 'c-1' ? { passed } : {}) }
      const text = JSON.stringify(answer)
      const sign = createSign('RSA-SHA256')
        .update(text, 'utf8')
        .sign(liar ? ours.privateKey : theirs.privateKey, 'base64')
      return { text: `{"${all['method']!.replaceAll('.', '_')}_response":${text},"sign":"${sign}"}` }
    })
  })
  afterAll(() => provider.close())
  const verifier = (key = ours.privateKey) =>
    alipayVerifier({
      endpoint: provider.url,
      appId: '2021',
      privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      alipayKey: theirs.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    })

  test('begins, waits, and hears what came of it', async () => {
    const begun = await verifier().begin(person, asked)
    expect(begun.transaction).toBe('c-1')
    const page = new URL(begun.page)
    const all = Object.fromEntries(page.searchParams)
    expect(all).toMatchObject({ method: 'alipay.user.certify.open.certify', biz_content: '{"certify_id":"c-1"}' })
    expect(
      createVerify('RSA-SHA256').update(signedText(all), 'utf8').verify(ours.publicKey, all['sign']!, 'base64'),
    ).toBe(true)
    expect(await verifier().result('c-1')).toBe('pending')
    passed = 'T'
    expect(await verifier().result('c-1')).toBe('passed')
    passed = 'F'
    expect(await verifier().result('c-1')).toBe('failed')
  })

  test('an answer that Alipay did not sign says nothing, and neither does a refusal', async () => {
    passed = 'T'
    liar = true
    await expect(verifier().result('c-1')).rejects.toThrow('not signed')
    liar = false
    await expect(verifier(theirs.privateKey).result('c-1')).rejects.toThrow('isv.invalid-signature')
  })
})
