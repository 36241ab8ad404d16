import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** One setting of the table in docs/configuration.md, which a test compares with this list. */
export interface Setting {
  readonly name: string
  readonly fallback: string
  readonly about: string
  readonly check?: (value: string) => string | undefined
}

const wholeNumber = (least: number, most: number) => (value: string) =>
  /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most
    ? undefined
    : `must be a whole number from ${least} to ${most}`
const oneOf =
  (...words: string[]) =>
  (value: string) =>
    words.includes(value) ? undefined : `must be one of ${words.join(', ')}`
const listOf =
  (...words: string[]) =>
  (value: string) =>
    value === '' || value.split(',').every((word) => words.includes(word))
      ? undefined
      : `must be some of ${words.join(', ')}, with commas between`
const urlOrEmpty = (value: string) => (value === '' || URL.canParse(value) ? undefined : 'must be a URL')

export const settings = [
  {
    name: 'PORT',
    fallback: '8080',
    about: 'TCP port of the product; 0 takes a free one.',
    check: wholeNumber(0, 65535),
  },
  { name: 'HOST', fallback: '127.0.0.1', about: 'Address to listen on; 0.0.0.0 opens it to the network.' },
  { name: 'DATA_DIR', fallback: './data', about: 'Folder of the embedded database, files and secrets.' },
  {
    name: 'DATABASE_URL',
    fallback: '',
    about: 'Your own PostgreSQL (15 or newer) instead of the embedded one; the login migrates.',
    check: urlOrEmpty,
  },
  {
    name: 'DATABASE_APP_URL',
    fallback: '',
    about: 'Login of the application role where DATABASE_URL may not create roles.',
    check: urlOrEmpty,
  },
  {
    name: 'DATABASE_POOL',
    fallback: '10',
    about: 'Most database connections of one process.',
    check: wholeNumber(2, 200),
  },
  {
    name: 'PUBLIC_URL',
    fallback: '',
    about: 'Address by which people reach the product; used in links and for secure cookies.',
    check: urlOrEmpty,
  },
  { name: 'TRUST_PROXY', fallback: '', about: 'Address ranges of reverse proxies whose X-Forwarded-For is believed.' },
  {
    name: 'LOG_LEVEL',
    fallback: 'warn',
    about: 'How much is logged.',
    check: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'silent'),
  },
  {
    name: 'SMS_PROVIDER',
    fallback: 'outbox',
    about: 'outbox (a page), aliyun or tencent.',
    check: oneOf('outbox', 'aliyun', 'tencent'),
  },
  { name: 'SMS_ACCESS_KEY', fallback: '', about: 'Access key id of the SMS provider.' },
  { name: 'SMS_SECRET', fallback: '', about: 'Access key secret of the SMS provider.' },
  { name: 'SMS_SIGN_NAME', fallback: '', about: 'Approved signature of the SMS provider.' },
  { name: 'SMS_APP_ID', fallback: '', about: 'Application id (Tencent Cloud).' },
  {
    name: 'SMS_REGION',
    fallback: '',
    about: 'Region of the SMS provider; ap-guangzhou (Tencent Cloud) or cn-hangzhou (Aliyun) when empty.',
  },
  {
    name: 'SMS_ENDPOINT',
    fallback: '',
    about: 'Another address of the SMS provider, for a private cloud.',
    check: urlOrEmpty,
  },
  {
    name: 'STORAGE',
    fallback: 'disk',
    about: 'Where files lie: disk (DATA_DIR/files) or s3.',
    check: oneOf('disk', 's3'),
  },
  { name: 'S3_ENDPOINT', fallback: '', about: 'Address of the S3 service.', check: urlOrEmpty },
  { name: 'S3_REGION', fallback: 'us-east-1', about: 'Region of the S3 service.' },
  { name: 'S3_BUCKET', fallback: '', about: 'Bucket for files.' },
  { name: 'S3_ACCESS_KEY', fallback: '', about: 'Access key id of the S3 service.' },
  { name: 'S3_SECRET', fallback: '', about: 'Secret of the S3 service.' },
  {
    name: 'OIDC_ISSUER',
    fallback: '',
    about: 'Issuer of an OpenID provider for staff; empty turns it off.',
    check: urlOrEmpty,
  },
  { name: 'OIDC_CLIENT_ID', fallback: '', about: 'Client id at the OpenID provider.' },
  { name: 'OIDC_CLIENT_SECRET', fallback: '', about: 'Client secret at the OpenID provider.' },
  {
    name: 'FACE_PROVIDER',
    fallback: 'none',
    about: 'Who compares a signer’s face with the person: none (liveness on the phone alone), alipay or tencent.',
    check: oneOf('none', 'alipay', 'tencent'),
  },
  { name: 'FACE_ID', fallback: '', about: 'App id (Alipay) or secret id (Tencent Cloud) of the face provider.' },
  { name: 'FACE_KEY', fallback: '', about: 'Own private key (Alipay) or secret key (Tencent Cloud) for it.' },
  { name: 'FACE_PROVIDER_KEY', fallback: '', about: 'Alipay’s public key, by which its answers are believed.' },
  { name: 'FACE_RULE', fallback: '', about: 'Rule id of the face provider (Tencent Cloud).' },
  {
    name: 'FACE_ENDPOINT',
    fallback: '',
    about: 'Another address of the face provider.',
    check: urlOrEmpty,
  },
  {
    name: 'WEB_PUSH_SUBJECT',
    fallback: '',
    about: 'mailto: or https: address of the operator, told to web push services.',
    check: urlOrEmpty,
  },
  {
    name: 'REPORTS_PER_HOUR',
    fallback: '60',
    about: 'Most reports of one resident or guest in an hour, in each process; 0 sets no limit.',
    check: wholeNumber(0, 100_000),
  },
  {
    name: 'WEBHOOK_ALLOW_PRIVATE',
    fallback: 'no',
    about: 'Whether webhooks may go to private addresses.',
    check: oneOf('yes', 'no'),
  },
  {
    name: 'SHELL_SDKS',
    fallback: '',
    about:
      'Apps in whose web views pages may load the app’s own script for the position: wechat, dingtalk, zheliban, with commas.',
    check: listOf('wechat', 'dingtalk', 'zheliban'),
  },
  { name: 'WECHAT_APP_ID', fallback: '', about: 'App id of the official account that signs pages for WeChat.' },
  { name: 'WECHAT_APP_SECRET', fallback: '', about: 'Secret of that account.' },
  {
    name: 'WECHAT_ENDPOINT',
    fallback: 'https://api.weixin.qq.com',
    about: 'Address of WeChat’s interface.',
    check: urlOrEmpty,
  },
  {
    name: 'WORKER',
    fallback: 'yes',
    about: 'Whether this process seals, relays and sends.',
    check: oneOf('yes', 'no'),
  },
] as const satisfies readonly Setting[]

export type SettingName = (typeof settings)[number]['name']

export interface Config {
  readonly port: number
  readonly host: string
  readonly dataDir: string
  readonly databaseUrl: string
  readonly databaseAppUrl: string
  readonly databasePool: number
  readonly publicUrl: string
  readonly logLevel: string
  readonly worker: boolean
  /** Any setting by its name in the environment. */
  get(name: SettingName): string
}

/**
 * Reads and proves the settings.
 *
 * @throws Error naming every wrong setting at once, so that an operator mends them in one go.
 */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const values = new Map<string, string>()
  const wrong: string[] = []
  for (const setting of settings as readonly Setting[]) {
    const value = environment[setting.name]?.trim() || setting.fallback
    const complaint = setting.check?.(value)
    if (complaint) wrong.push(`${setting.name} ${complaint} (is “${value}”)`)
    values.set(setting.name, value)
  }
  if (wrong.length > 0) throw new Error(`Configuration: ${wrong.join('; ')}`)
  const get = (name: SettingName): string => values.get(name) ?? ''
  return {
    port: Number(get('PORT')),
    host: get('HOST'),
    dataDir: resolve(get('DATA_DIR')),
    databaseUrl: get('DATABASE_URL'),
    databaseAppUrl: get('DATABASE_APP_URL'),
    databasePool: Number(get('DATABASE_POOL')),
    publicUrl: get('PUBLIC_URL'),
    logLevel: get('LOG_LEVEL'),
    worker: get('WORKER') === 'yes',
    get,
  }
}

/**
 * A secret of this installation, made once and kept in DATA_DIR/secrets (0600).
 *
 * @param make What to write when there is none yet; 32 random bytes as hex by default.
 */
export function secretOf(
  dataDir: string,
  name: string,
  make: () => string = () => randomBytes(32).toString('hex'),
): string {
  const folder = join(dataDir, 'secrets')
  const path = join(folder, name)
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    try {
      writeFileSync(path, make(), { mode: 0o600, flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  return readFileSync(path, 'utf8')
}

/** Whether a secret was made or put there before. */
export const hasSecret = (dataDir: string, name: string): boolean => existsSync(join(dataDir, 'secrets', name))
