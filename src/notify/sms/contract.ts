import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { ledgerEvent } from '../../ledger/contract.ts'

export const SmsStateName = Type.Union([
  Type.Literal('queued'),
  Type.Literal('sending'),
  Type.Literal('accepted'),
  Type.Literal('delivered'),
  Type.Literal('failed'),
  Type.Literal('unknown'),
])

const instant = Type.String({ format: 'date-time' })
const orNull = <T extends ReturnType<typeof Type.String>>(type: T) => Type.Union([type, Type.Null()])

export const SmsItem = Type.Object({
  id: Type.String({ format: 'uuid' }),
  template: Type.String(),
  phone: Type.String({ description: 'Masked, except in a demo.' }),
  text: Type.String({ description: 'Codes are masked, except in a demo.' }),
  state: SmsStateName,
  refusal: orNull(Type.String({ description: 'Code of ours or of the provider.' })),
  refusalText: orNull(Type.String({ description: 'The reason in words.' })),
  attempts: Type.Integer(),
  urgent: Type.Boolean(),
  createdAt: instant,
  nextAt: orNull(instant),
  sentAt: orNull(instant),
  settledAt: orNull(instant),
})
export type SmsItem = Static<typeof SmsItem>

export const SmsPage = Page(SmsItem)
export const SmsQuery = Type.Object({ ...PageQuery.properties, state: Type.Optional(SmsStateName) })
export type SmsQuery = Static<typeof SmsQuery>

/** How text messages leave the house, without any secret. */
export const SmsSetting = Type.Object({
  provider: Type.String({ description: 'outbox: nothing leaves, messages are only written down.' }),
  signName: Type.String({ description: 'The county’s approved signature, else the installation’s.' }),
  withoutTemplate: Type.Array(Type.String(), {
    description: 'Messages by SMS that the provider has no template for yet.',
  }),
  queued: Type.Integer(),
  failedToday: Type.Integer(),
  phone: orNull(Type.String({ description: 'Where a test would go: the reader’s own number, masked.' })),
})
export type SmsSetting = Static<typeof SmsSetting>

/** By whom a county sends its text messages. The secret goes in and never comes out. */
export const SmsProvider = Type.Object({
  provider: Type.Enum(['outbox', 'aliyun', 'tencent']),
  accessKey: Type.String({ description: 'Masked.' }),
  hasSecret: Type.Boolean(),
  signName: Type.String(),
  appId: Type.String(),
  region: Type.String(),
  ofInstallation: Type.Boolean({ description: 'The county has set nothing; what the house was started with holds.' }),
  version: Type.Integer({ minimum: 0 }),
})
export type SmsProvider = Static<typeof SmsProvider>
const word = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
export const SetSmsProvider = Type.Object(
  {
    provider: Type.Enum(['outbox', 'aliyun', 'tencent']),
    accessKey: word(128),
    secret: word(256),
    signName: word(40),
    appId: word(40),
    region: word(40),
    version: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
)
export type SetSmsProvider = Static<typeof SetSmsProvider>
export const SmsProviderChanged = ledgerEvent(
  'smsProvider.changed',
  Type.Object({ provider: Type.String(), fields: Type.Array(Type.String()) }),
)

/** Deletion on schedule, told so that it can be shown to have happened. */
export const SmsForgotten = ledgerEvent(
  'sms.forgotten',
  Type.Object({
    contents: Type.Integer({ description: 'Messages whose phone, parameters and text were deleted.' }),
    rows: Type.Integer({ description: 'Masked rows that were deleted.' }),
  }),
)

defineFaults({
  'notify.no_phone': {
    status: 409,
    zh: '您的账号没有登记手机号，测试短信发不出去。',
    en: 'Your account has no phone, so a test message cannot be sent.',
  },
})
