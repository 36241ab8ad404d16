import { createHash, createHmac, randomUUID } from 'node:crypto'
import type { SmsSender } from '../../kernel/ports.ts'
import { beijingDay } from './rules.ts'
import type { ProviderMessage } from './rules.ts'

/**
 * Aliyun short messages, API dysmsapi 2017-05-25, signed with V3 (ACS3-HMAC-SHA256).
 *
 * The message's own id travels as `OutId`, so a receipt can be asked for although the answer to the sending was lost.
 *
 * @source https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
 * @source https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms
 * @source https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-querysenddetails
 */
export interface AliyunAccount {
  endpoint: string
  accessKeyId: string
  accessKeySecret: string
  signName: string
  timeoutMs?: number
}

export interface SignedRequest {
  method: string
  host: string
  action: string
  version: string
  query: Record<string, string>
  body: string
  date: string
  nonce: string
}

const VERSION = '2017-05-25'
const ALGORITHM = 'ACS3-HMAC-SHA256'
const PAGE_SIZE = 50
/** A number gets far fewer than this many messages a day; more pages would mean somebody else uses the account. */
const PAGES_MAX = 4

/** Refusals that pass by themselves: throttling there, their own trouble. Everything else needs a person. */
const PASSING = new Set([
  'isp.SYSTEM_ERROR',
  'isp.RAM_PERMISSION_DENY_TEMPORARY',
  'isv.BUSINESS_LIMIT_CONTROL',
  'Throttling',
  'Throttling.User',
  'Throttling.Api',
  'ServiceUnavailable',
  'InternalError',
])

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
/** RFC 3986: what encodeURIComponent leaves alone but the signing rules do not. */
const percent = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)

export function canonicalQuery(query: Record<string, string>): string {
  const names = Object.keys(query).sort()
  return names.map((name) => `${percent(name)}=${percent(query[name] ?? '')}`).join('&')
}

/** Headers of a signed request, `Authorization` included, as published for signature V3. */
export function signAliyun(request: SignedRequest, account: Pick<AliyunAccount, 'accessKeyId' | 'accessKeySecret'>) {
  const headers: Record<string, string> = {
    host: request.host,
    'x-acs-action': request.action,
    'x-acs-content-sha256': sha256(request.body),
    'x-acs-date': request.date,
    'x-acs-signature-nonce': request.nonce,
    'x-acs-version': request.version,
  }
  const names = Object.keys(headers).sort()
  const canonicalHeaders = names.map((name) => `${name}:${headers[name]}\n`).join('')
  const signedHeaders = names.join(';')
  const canonical = [
    request.method,
    '/',
    canonicalQuery(request.query),
    canonicalHeaders,
    signedHeaders,
    headers['x-acs-content-sha256'],
  ].join('\n')
  const signature = createHmac('sha256', account.accessKeySecret)
    .update(`${ALGORITHM}\n${sha256(canonical)}`)
    .digest('hex')
  const authorization = `${ALGORITHM} Credential=${account.accessKeyId},SignedHeaders=${signedHeaders},Signature=${signature}`
  return { ...headers, authorization }
}

interface Answer {
  Code?: string
  Message?: string
  BizId?: string
  TotalCount?: number
  SmsSendDetailDTOs?: { SmsSendDetailDTO?: { SendStatus?: number; OutId?: string; ErrCode?: string }[] }
}

async function call(account: AliyunAccount, action: string, query: Record<string, string>): Promise<Answer> {
  const url = new URL(account.endpoint)
  const date = `${new Date().toISOString().slice(0, 19)}Z`
  const request = {
    method: 'POST',
    host: url.host,
    action,
    version: VERSION,
    query,
    body: '',
    date,
    nonce: randomUUID(),
  }
  const headers: Record<string, string> = signAliyun(request, account)
  delete headers.host
  const answer = await fetch(`${url.origin}/?${canonicalQuery(query)}`, {
    method: 'POST',
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(account.timeoutMs ?? 15_000),
  })
  const body: unknown = await answer.json()
  if (typeof body !== 'object' || body === null) throw new Error(`Aliyun answered ${answer.status} without an object`)
  return body as Answer
}

export function aliyunSms(account: AliyunAccount): SmsSender {
  return {
    name: 'aliyun',

    async send(message: ProviderMessage) {
      const answer = await call(account, 'SendSms', {
        PhoneNumbers: message.phone,
        SignName: message.signName ?? account.signName,
        TemplateCode: message.template,
        TemplateParam: JSON.stringify(message.params),
        OutId: message.id,
      })
      if (answer.Code === 'OK' && answer.BizId) return { outcome: 'accepted', providerId: answer.BizId }
      if (!answer.Code) throw new Error('Aliyun answered without a code: the outcome is unknown')
      return { outcome: 'refused', code: answer.Code, retriable: PASSING.has(answer.Code) }
    },

    /** Looks through the number's messages of the day for ours: by `OutId`, which both sides know. */
    async receipt({ id, providerId, phone, at }) {
      for (let page = 1; page <= PAGES_MAX; page += 1) {
        const answer = await call(account, 'QuerySendDetails', {
          PhoneNumber: phone,
          SendDate: beijingDay(at),
          PageSize: String(PAGE_SIZE),
          CurrentPage: String(page),
          ...(providerId ? { BizId: providerId } : {}),
        })
        if (answer.Code !== 'OK') throw new Error(`Aliyun refused the question: ${answer.Code}`)
        const details = answer.SmsSendDetailDTOs?.SmsSendDetailDTO ?? []
        const ours = details.find((detail) => detail.OutId === id)
        if (ours) return ours.SendStatus === 3 ? 'delivered' : ours.SendStatus === 2 ? 'failed' : 'pending'
        if (details.length < PAGE_SIZE) break
      }
      return 'unknown'
    },
  }
}
