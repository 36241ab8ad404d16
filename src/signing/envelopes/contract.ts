import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { orNull } from '../../kernel/schema.ts'
import { ledgerEvent } from '../../ledger/contract.ts'

defineFaults({
  'signing.link_unknown': {
    status: 404,
    zh: '这个签署链接无效，请从最近一条短信重新打开。',
    en: 'This link is not valid. Please open the one in the latest message.',
  },
  'signing.not_now': {
    status: 409,
    zh: '现在不是这一步，请刷新页面按提示继续。',
    en: 'This is not the step that comes now. Please reload the page and go on from there.',
  },
  'signing.not_your_turn': {
    status: 409,
    zh: '前面的签署人还没有签完，轮到您时会再发短信。',
    en: 'Somebody before you has not signed yet. You will get a message when it is your turn.',
  },
  'signing.paused': {
    status: 409,
    zh: '这次签署暂停了，恢复后请用原链接继续。',
    en: 'This signing is paused. The same link works again once it goes on.',
  },
  'signing.ended': {
    status: 410,
    zh: '这份文书{state}，不能再签。',
    en: 'This letter can no longer be signed ({state}).',
  },
  'signing.document_moved': {
    status: 409,
    zh: '文书刚刚有了新的签名，请再确认一次。',
    en: 'Somebody else has just signed. Please confirm once more.',
  },
  'signing.bad_signature': {
    status: 400,
    zh: '签名没有通过校验，请重新确认签署。',
    en: 'The signature does not hold. Please confirm again.',
  },
})

export const envelopeStates = [
  'draft',
  'waiting',
  'sent',
  'opened',
  'consented',
  'identified',
  'signed',
  'sealing',
  'sealed',
  'declined',
  'expired',
  'revoked',
  'superseded',
] as const
export const EnvelopeState = Type.Enum(envelopeStates)
export type EnvelopeState = Static<typeof EnvelopeState>

/** A finger's strokes, or the name typed by whoever cannot draw. */
export const Mark = Type.Object(
  {
    strokes: orNull(
      Type.Array(
        Type.Array(Type.Tuple([Type.Number({ minimum: 0, maximum: 1 }), Type.Number({ minimum: 0, maximum: 1 })]), {
          minItems: 1,
          maxItems: 2000,
        }),
        { minItems: 1, maxItems: 200 },
      ),
    ),
    typed: Type.String({ maxLength: 30 }),
  },
  { additionalProperties: false },
)
export type Mark = Static<typeof Mark>

const about = {
  campaignId: Type.String(),
  areaPath: Type.String(),
  letterHash: Type.String(),
  chain: Type.String({ description: 'Hash of the envelope’s last event, hex.' }),
}
export const EnvelopeSigned = ledgerEvent(
  'signing.envelope_signed',
  Type.Object({
    ...about,
    turn: Type.Integer({ description: 'Which of its signers, from 1.' }),
    left: Type.Integer(),
    identifiedBy: Type.String(),
  }),
)
export const EnvelopeSealed = ledgerEvent(
  'signing.envelope_sealed',
  Type.Object({
    ...about,
    sha256: Type.String(),
    signatures: Type.Integer(),
    stampedBy: Type.String(),
    stampedAt: Type.String(),
    letterCode: Type.String(),
    subjectKind: Type.String(),
    subjectId: orNull(Type.String()),
  }),
)
const ended = Type.Object({
  ...about,
  letterCode: Type.String(),
  sha256: orNull(Type.String()),
  subjectKind: Type.String(),
  subjectId: orNull(Type.String()),
})
export const EnvelopeDeclined = ledgerEvent('signing.envelope_declined', ended)
export const EnvelopeExpired = ledgerEvent('signing.envelope_expired', ended)
export const EnvelopeRevoked = ledgerEvent('signing.envelope_revoked', ended)
export const EnvelopeSuperseded = ledgerEvent('signing.envelope_superseded', ended)
