import type { Config } from '../../kernel/config.ts'
import type { SmsSender } from '../../kernel/ports.ts'
import { aliyunSms } from './aliyun.ts'
import { outboxSms } from './outbox.ts'
import { tencentSms } from './tencent.ts'

export { queueSms, smsQueue } from './service.ts'
export { sendDue, smsSweeps } from './jobs.ts'
export { smsRoutes } from './routes.ts'

/**
 * The SMS provider that the settings name.
 *
 * @throws Error naming every setting that the provider lacks, at start rather than at the first message.
 */
export function makeSmsSender(config: Config): SmsSender {
  const provider = config.get('SMS_PROVIDER')
  if (provider === 'outbox') return outboxSms
  const needed = [
    'SMS_ACCESS_KEY',
    'SMS_SECRET',
    'SMS_SIGN_NAME',
    ...(provider === 'tencent' ? (['SMS_APP_ID'] as const) : []),
  ] as const
  const missing = needed.filter((name) => config.get(name) === '')
  if (missing.length > 0) throw new Error(`Configuration: SMS_PROVIDER=${provider} also needs ${missing.join(', ')}`)
  const signName = config.get('SMS_SIGN_NAME')
  if (provider === 'aliyun') {
    const endpoint = config.get('SMS_ENDPOINT') || 'https://dysmsapi.aliyuncs.com'
    return aliyunSms({
      endpoint,
      accessKeyId: config.get('SMS_ACCESS_KEY'),
      accessKeySecret: config.get('SMS_SECRET'),
      signName,
    })
  }
  return tencentSms({
    endpoint: config.get('SMS_ENDPOINT') || 'https://sms.tencentcloudapi.com',
    secretId: config.get('SMS_ACCESS_KEY'),
    secretKey: config.get('SMS_SECRET'),
    region: config.get('SMS_REGION') || 'ap-guangzhou',
    appId: config.get('SMS_APP_ID'),
    signName,
  })
}
