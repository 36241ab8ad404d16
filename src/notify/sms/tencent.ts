import type { SmsSender } from '../../kernel/ports.ts'
import { signTencent } from '../../kernel/tencent-signature.ts'
import type { ProviderMessage } from './rules.ts'

/**
 * Tencent Cloud short messages, API sms 2021-01-11, signed with TC3-HMAC-SHA256.
 *
 * The message's own id travels as `SessionContext`. The provider can only be asked for delivery reports, not for what
 * it accepted, and a report need not repeat the context. No report is no proof that nothing was sent: for three days the
 * answer is «pending», so a message whose sending was cut off is never sent a second time by us.
 *
 * @source https://cloud.tencent.com/document/api/382/52072 (signature v3)
 * @source https://cloud.tencent.com/document/api/382/55981 (SendSms)
 * @source https://cloud.tencent.com/document/api/382/52069 (PullSmsSendStatusByPhoneNumber)
 */
export interface TencentAccount {
  endpoint: string
  secretId: string
  secretKey: string
  region: string
  appId: string
  signName: string
  timeoutMs?: number
}

const VERSION = '2021-01-11'
/** The most that one question returns; the provider fixes the offset at 0. */
const REPORTS_MAX = 100
const REPORT_HOURS_MAX = 72

/** Refusals that pass by themselves; frequency limits per number are the provider's own throttle. */
const PASSING = [
  'InternalError',
  'RequestLimitExceeded',
  'LimitExceeded.PhoneNumberThirtySecondLimit',
  'LimitExceeded.PhoneNumberOneHourLimit',
  'LimitExceeded.DeliveryFrequencyLimit',
  'FailedOperation.FailResolvePacket',
]

interface Answer {
  Response?: {
    Error?: { Code?: string; Message?: string }
    SendStatusSet?: { SerialNo?: string; Code?: string; Message?: string }[]
    PullSmsSendStatusSet?: { SerialNo?: string; SessionContext?: string; ReportStatus?: string }[]
  }
}

async function call(account: TencentAccount, action: string, input: object): Promise<NonNullable<Answer['Response']>> {
  const url = new URL(account.endpoint)
  const body = JSON.stringify(input)
  const contentType = 'application/json; charset=utf-8'
  const timestamp = Math.floor(Date.now() / 1000)
  const request = { service: 'sms', host: url.host, contentType, body, timestamp }
  const answer = await fetch(`${url.origin}/`, {
    method: 'POST',
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(account.timeoutMs ?? 15_000),
    headers: {
      authorization: signTencent(request, account.secretId, account.secretKey),
      'content-type': contentType,
      'x-tc-action': action,
      'x-tc-version': VERSION,
      'x-tc-timestamp': String(timestamp),
      'x-tc-region': account.region,
    },
  })
  const parsed = (await answer.json()) as Answer | null
  if (!parsed?.Response) throw new Error(`Tencent Cloud answered ${answer.status} without a response`)
  return parsed.Response
}

const passes = (code: string) => PASSING.some((known) => code === known || code.startsWith(`${known}.`))

export function tencentSms(account: TencentAccount): SmsSender {
  return {
    name: 'tencent',

    async send(message: ProviderMessage) {
      const answer = await call(account, 'SendSms', {
        PhoneNumberSet: [`+86${message.phone}`],
        SmsSdkAppId: account.appId,
        SignName: message.signName ?? account.signName,
        TemplateId: message.template,
        TemplateParamSet: Object.values(message.params),
        SessionContext: message.id,
      })
      const refusal = answer.Error?.Code
      if (refusal) return { outcome: 'refused', code: refusal, retriable: passes(refusal) }
      const status = answer.SendStatusSet?.[0]
      if (!status?.Code) throw new Error('Tencent Cloud answered without a status: the outcome is unknown')
      if (status.Code === 'Ok') return { outcome: 'accepted', providerId: status.SerialNo ?? message.id }
      return { outcome: 'refused', code: status.Code, retriable: passes(status.Code) }
    },

    async receipt({ id, providerId, phone, at }) {
      const begin = Math.floor(at.getTime() / 1000) - 60
      const answer = await call(account, 'PullSmsSendStatusByPhoneNumber', {
        BeginTime: begin,
        EndTime: Math.min(Math.floor(Date.now() / 1000), begin + REPORT_HOURS_MAX * 3600),
        Offset: 0,
        Limit: REPORTS_MAX,
        PhoneNumber: `+86${phone}`,
        SmsSdkAppId: account.appId,
      })
      if (answer.Error) throw new Error(`Tencent Cloud refused the question: ${answer.Error.Code}`)
      const reports = answer.PullSmsSendStatusSet ?? []
      const ours = reports.find((report) => report.SerialNo === providerId || report.SessionContext === id)
      if (ours) return ours.ReportStatus === 'SUCCESS' ? 'delivered' : 'failed'
      return Date.now() - at.getTime() > REPORT_HOURS_MAX * 3_600_000 ? 'unknown' : 'pending'
    },
  }
}
