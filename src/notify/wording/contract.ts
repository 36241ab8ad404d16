import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { ledgerEvent } from '../../ledger/contract.ts'

/** inbox is the account's own list; robot stands for the group robots of the place. */
export const Channel = Type.Union(
  [Type.Literal('inbox'), Type.Literal('sms'), Type.Literal('push'), Type.Literal('robot')],
  { description: 'Way on which a message travels.' },
)
export type Channel = Static<typeof Channel>

const title = Type.String({ minLength: 1, maxLength: 60 })
const body = Type.String({ minLength: 1, maxLength: 300 })
const version = Type.Integer({ minimum: 0, description: 'Sent back when saving; a stale one is refused.' })
const providerCode = Type.String({ maxLength: 40, description: "The provider's own template code." })

const fields = {
  titleZh: title,
  bodyZh: body,
  titleEn: title,
  bodyEn: body,
  channels: Type.Array(Channel, { maxItems: 4, uniqueItems: true }),
  aliyunCode: Type.Union([Type.Null(), providerCode]),
  tencentCode: Type.Union([Type.Null(), providerCode]),
  version,
}

const shipped = Type.Object(
  { titleZh: title, bodyZh: body, titleEn: title, bodyEn: body, channels: fields.channels },
  { description: "The product's own wording, to go back to." },
)

export const MessageWording = Type.Object({
  name: Type.String(),
  ...fields,
  shipped,
  followZh: Type.String({
    description: 'Said after a text message unless the text names {link} itself; may be empty.',
  }),
  followEn: Type.String(),
  code: Type.Boolean({ description: 'A code that somebody asked for, not news of ours.' }),
  params: Type.Array(Type.String(), { description: 'Names that may stand in braces in the texts.' }),
  urgent: Type.Boolean(),
  own: Type.Boolean({ description: "False while the county uses the product's own wording." }),
})
export type MessageWording = Static<typeof MessageWording>

export const SaveWording = Type.Object(fields, { additionalProperties: false })
export type SaveWording = Static<typeof SaveWording>

export const NotifySetting = Type.Object({
  smsSignName: Type.Union([Type.Null(), Type.String({ minLength: 2, maxLength: 20 })], {
    description: "The county's approved SMS signature; null: the installation's.",
  }),
  version,
})
export type NotifySetting = Static<typeof NotifySetting>

export const WordingSaved = ledgerEvent(
  'notify.wording_saved',
  Type.Object({ name: Type.String(), channels: Type.Array(Type.String()) }),
)
export const NotifySettingSaved = ledgerEvent(
  'notify.setting_saved',
  Type.Object({ smsSignName: Type.Union([Type.String(), Type.Null()]) }),
)

export const wordingFaults = defineFaults({
  'notify.unknown_message': { status: 404, zh: '没有这种消息。', en: 'There is no such message.' },
  'notify.unknown_placeholder': {
    status: 400,
    zh: '文字里的 {placeholder} 没有对应的内容，可用的有：{allowed}。',
    en: 'The placeholder {placeholder} is unknown. Possible are: {allowed}.',
  },
})
