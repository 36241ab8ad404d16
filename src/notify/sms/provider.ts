import type { App } from '../../kernel/app.ts'
import type { Command } from '../../kernel/command.ts'
import type { Config } from '../../kernel/config.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { SmsSender } from '../../kernel/ports.ts'
import { cleanText } from '../../kernel/text.ts'
import { record } from '../../ledger/index.ts'
import { aliyunSms } from './aliyun.ts'
import { SmsProviderChanged, type SetSmsProvider, type SmsProvider } from './contract.ts'
import { outboxSms } from './outbox.ts'
import { findProvider, saveProvider } from './provider-store.ts'
import { tencentSms } from './tencent.ts'

type ProviderName = SmsProvider['provider']
interface ProviderSettings {
  accessKey: string
  secret: string
  signName: string
  appId: string
  region: string
}
const nothing: ProviderSettings = { accessKey: '', secret: '', signName: '', appId: '', region: '' }
const fields = ['accessKey', 'secret', 'signName', 'appId', 'region'] as const

const needed = (provider: ProviderName): readonly (keyof ProviderSettings)[] => {
  if (provider === 'outbox') return []
  return provider === 'tencent' ? ['accessKey', 'secret', 'signName', 'appId'] : ['accessKey', 'secret', 'signName']
}

/** The sender of a provider; `endpoint` is another address of it, for a private cloud. */
function senderFrom(provider: ProviderName, settings: ProviderSettings, endpoint: string): SmsSender {
  const { accessKey, secret, signName, appId, region } = settings
  if (provider === 'outbox') return outboxSms
  if (provider === 'aliyun')
    return aliyunSms({
      endpoint: endpoint || 'https://dysmsapi.aliyuncs.com',
      accessKeyId: accessKey,
      accessKeySecret: secret,
      signName,
    })
  return tencentSms({
    endpoint: endpoint || 'https://sms.tencentcloudapi.com',
    secretId: accessKey,
    secretKey: secret,
    region: region || 'ap-guangzhou',
    appId,
    signName,
  })
}

/**
 * The SMS provider that the settings of the installation name.
 *
 * @throws Error naming every setting that the provider lacks, at start rather than at the first message.
 */
export function makeSmsSender(config: Config): SmsSender {
  const provider = config.get('SMS_PROVIDER') as ProviderName
  const names = {
    accessKey: 'SMS_ACCESS_KEY',
    secret: 'SMS_SECRET',
    signName: 'SMS_SIGN_NAME',
    appId: 'SMS_APP_ID',
    region: 'SMS_REGION',
  } as const
  const missing = needed(provider)
    .map((field) => names[field])
    .filter((name) => config.get(name) === '')
  if (missing.length > 0) throw new Error(`Configuration: SMS_PROVIDER=${provider} also needs ${missing.join(', ')}`)
  const settings = Object.fromEntries(fields.map((field) => [field, config.get(names[field])]))
  return senderFrom(provider, settings as unknown as ProviderSettings, config.get('SMS_ENDPOINT'))
}

const held = new WeakMap<object, Map<string, { version: number; sender: SmsSender }>>()

/** By whom a county sends: its own provider, else the installation's. Asked before each portion, so a change holds at once. */
export async function senderOf(app: App, county: string): Promise<SmsSender> {
  const row = await app.db.reading(county, (tx) => findProvider(tx, county))
  if (!row) return app.ports.sms
  const senders = held.get(app.ports) ?? new Map<string, { version: number; sender: SmsSender }>()
  held.set(app.ports, senders)
  const known = senders.get(county)
  if (known?.version === row.version) return known.sender
  const settings = JSON.parse(app.vault.open(county, row.settingsSealed)) as ProviderSettings
  const sender = senderFrom(row.provider as ProviderName, settings, app.config.get('SMS_ENDPOINT'))
  senders.set(county, { version: row.version, sender })
  return sender
}

/** What a county has set, without the secret. @throws kernel.forbidden, kernel.wrong_purpose */
export async function readProvider(cmd: Command): Promise<SmsProvider> {
  requireGrant(cmd, 'notify.manage', cmd.county)
  const row = await findProvider(cmd.tx, cmd.county)
  if (!row) {
    const { secret: _, ...empty } = nothing
    const provider = cmd.ports.sms.name as ProviderName
    return { ...empty, provider, hasSecret: provider !== 'outbox', ofInstallation: true, version: 0 }
  }
  const { secret, accessKey, ...shown } = open(cmd, row.settingsSealed)
  return {
    ...shown,
    provider: row.provider as ProviderName,
    accessKey: accessKey === '' ? '' : `${accessKey.slice(0, 4)}****`,
    hasSecret: secret !== '',
    ofInstallation: false,
    version: row.version,
  }
}

const open = (cmd: Command, sealed: Buffer): ProviderSettings =>
  JSON.parse(cmd.vault.open(cmd.county, sealed)) as ProviderSettings

/**
 * Sets by whom the county sends. What is left out stays as it was, so that a secret need not be typed again; with another
 * provider nothing stays.
 *
 * @throws kernel.invalid_input naming each field that the provider lacks, kernel.stale, kernel.forbidden, kernel.wrong_purpose
 */
export async function setProvider(cmd: Command, input: SetSmsProvider): Promise<SmsProvider> {
  requireGrant(cmd, 'notify.manage', cmd.county)
  const row = await findProvider(cmd.tx, cmd.county)
  if ((row?.version ?? 0) !== input.version) throw new Fault('kernel.stale', { version: row?.version ?? 0 })
  const before = row?.provider === input.provider ? open(cmd, row.settingsSealed) : nothing
  const given = fields.filter((field) => (input[field] ?? '').trim() !== '')
  const settings = { ...before }
  for (const field of given) settings[field] = cleanText(input[field]!, { maxLength: 256, path: field })
  const missing = needed(input.provider).filter((field) => settings[field] === '')
  if (missing.length > 0) {
    const words = { zh: '这一项要填', en: 'This is needed' }
    throw new Fault('kernel.invalid_input', {
      fields: missing.map((path) => ({ path, message: words.zh, ...words })),
    })
  }
  const saved = {
    id: row?.id ?? uuidv7(cmd.now),
    provider: input.provider,
    settingsSealed: cmd.vault.seal(cmd.county, JSON.stringify(input.provider === 'outbox' ? nothing : settings)),
    version: input.version + 1,
  }
  await saveProvider(cmd.tx, cmd.county, saved, cmd.now)
  await record(cmd, SmsProviderChanged, saved, { provider: input.provider, fields: given })
  return readProvider(cmd)
}
