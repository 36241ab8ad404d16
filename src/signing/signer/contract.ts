import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { orNull } from '../../kernel/schema.ts'
import { ledgerEvent } from '../../ledger/contract.ts'
import { FaceChallenge } from '../face/contract.ts'

export const signerFaults = defineFaults({
  'signing.other_words': {
    status: 409,
    zh: '这段说明刚刚更新过，请重新阅读后再同意。',
    en: 'These words have changed. Please read them again before you agree.',
  },
  'signing.identify_first': {
    status: 403,
    zh: '请先在这部手机上核实身份。',
    en: 'Please show who you are on this phone first.',
  },
  'signing.code_refused': {
    status: 400,
    zh: '验证码不对或已过期，请核对最近一条短信，或重新获取。',
    en: 'This code is wrong or too old. Check the latest message or ask for another.',
  },
  'signing.person_refused': {
    status: 400,
    zh: '姓名和身份证号没有核对上，请检查后再试；也可以请工作人员当面核实。',
    en: 'Name and ID number do not fit. Check them, or let staff confirm it in person.',
  },
  'signing.face_refused': {
    status: 400,
    zh: '没有通过，请光线好一点、脸正对手机再试一次；也可以请工作人员当面核实。',
    en: 'That did not work. Try again in better light, or let staff confirm it in person.',
  },
  'signing.face_pending': {
    status: 409,
    zh: '刷脸还没有完成，请完成后再看结果。',
    en: 'The face check is not finished yet. Please finish it first.',
  },
  'signing.provider_away': {
    status: 503,
    zh: '刷脸服务暂时没有回应，请稍后再试，或请工作人员当面核实。',
    en: 'The face service does not answer. Try again later, or let staff confirm it in person.',
  },
  'signing.enough_tries': {
    status: 429,
    zh: '今天试的次数够多了，请明天再试，或请工作人员当面核实。',
    en: 'That was enough for today. Try again tomorrow, or let staff confirm it in person.',
  },
  'signing.no_phone': {
    status: 409,
    zh: '没有登记手机号，请工作人员当面核实。',
    en: 'No phone number is registered. Staff can confirm it in person.',
  },
  'signing.guardian_needed': {
    status: 400,
    zh: '未成年人的文书由成年监护人代签，请填写监护人姓名和身份证号。',
    en: 'A guardian of age signs for somebody under age. Please give their name and ID number.',
  },
  'signing.no_mark': {
    status: 400,
    zh: '请用手指签名，或输入与登记一致的姓名。',
    en: 'Please sign with a finger, or type the name as it is registered.',
  },
  'signing.code_unknown': {
    status: 404,
    zh: '没有这个承诺码。',
    en: 'There is no commitment with this code.',
  },
})

const At = Type.String({ format: 'date-time' })
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Base64 = Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', minLength: 4, maxLength: 2000 })
/** The county in front, then at least 108 random bits. */
export const Token = Type.Object({ token: Type.String({ pattern: '^\\d{6}\\.[A-Za-z0-9_-]{18,80}$' }) })

export const Check = Type.Enum(['phone', 'registry', 'face'])
export type Check = Static<typeof Check>

export const Signing = Type.Object({
  state: Type.Enum(
    ['open', 'waiting', 'paused', 'signed', 'sealing', 'sealed', 'declined', 'expired', 'revoked', 'superseded'],
    { description: 'waiting: others sign first; signed: others sign after.' },
  ),
  title: Type.String(),
  organiser: Type.String(),
  campaign: Type.String(),
  role: Type.String(),
  name: Type.String({ description: 'Masked until this phone has shown who holds it.' }),
  phone: orNull(Type.String({ description: 'Masked.' })),
  deadline: At,
  minor: Type.Boolean({ description: 'A guardian signs.' }),
  consent: Type.Object({ text: Type.Array(Type.String()), hash: Sha256, givenAt: orNull(At) }),
  faceConsent: Type.Object({ text: Type.Array(Type.String()), hash: Sha256 }),
  checks: Type.Array(Type.Object({ check: Check, done: Type.Boolean() })),
  identifiedBy: orNull(Type.String({ description: 'phone, registry, face or door; null before.' })),
  faceBegun: Type.Boolean({
    description: 'The provider’s page was opened from this browser; its result is still to be asked for.',
  }),
  helper: Type.String({ description: 'Who comes to help; empty where nobody is responsible.' }),
  helpAskedAt: orNull(At),
  verifyCode: orNull(Type.String({ description: 'Once this phone has signed.' })),
})
export type Signing = Static<typeof Signing>

export const Guardian = Type.Object({
  name: Type.String({ minLength: 2, maxLength: 30 }),
  citizenId: Type.String({ minLength: 15, maxLength: 30 }),
  relation: Type.Union([
    Type.Literal('parent'),
    Type.Literal('grandparent'),
    Type.Literal('sibling'),
    Type.Literal('other'),
  ]),
})
export type Guardian = Static<typeof Guardian>
export const GiveConsent = Type.Object({ hash: Sha256, guardian: Type.Optional(Guardian) })
export type GiveConsent = Static<typeof GiveConsent>

export const CodeSent = Type.Object({ phone: Type.String(), expiresAt: At, resendAfterSeconds: Type.Integer() })
export type CodeSent = Static<typeof CodeSent>
export const GiveCode = Type.Object({ code: Type.String({ minLength: 4, maxLength: 12 }) })
export const GivePerson = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 60 }),
  citizenId: Type.String({ minLength: 6, maxLength: 30 }),
})
export type GivePerson = Static<typeof GivePerson>

export const AskFace = Type.Object({ hash: Sha256 })
/** Either the phone looks itself, or the provider's page does. */
export const FaceBegun = Type.Object({
  challenge: Type.Optional(FaceChallenge),
  page: Type.Optional(Type.String({ description: 'The provider’s page; it comes back to the link.' })),
})
export type FaceBegun = Static<typeof FaceBegun>

const Value = Type.Union([Type.String({ maxLength: 500 }), Type.Integer(), Type.Boolean()])
export const AskedVariable = Type.Object({
  name: Type.String(),
  label: Type.String(),
  kind: Type.String(),
  optional: Type.Boolean(),
  maxLength: Type.Integer(),
  value: Type.Optional(Value),
})
export type AskedVariable = Static<typeof AskedVariable>
export const ReadBlock = Type.Object({
  kind: Type.Enum(['heading', 'paragraph', 'clauses', 'table']),
  lines: Type.Array(Type.String()),
  rows: Type.Optional(Type.Array(Type.Array(Type.String()))),
})
export type ReadBlock = Static<typeof ReadBlock>
export const LetterToRead = Type.Object({
  title: Type.String(),
  blocks: Type.Array(ReadBlock),
  asked: Type.Array(AskedVariable),
  hash: Sha256,
})
export type LetterToRead = Static<typeof LetterToRead>

const Part = Type.Number({ minimum: 0, maximum: 1 })
/** Across, down, milliseconds since the first touch, pressure. */
export const DrawnPoint = Type.Tuple([Part, Part, Type.Integer({ minimum: 0, maximum: 86_400_000 }), Part])
export type DrawnPoint = Static<typeof DrawnPoint>
export const AskDraft = Type.Object({
  hash: Sha256,
  answers: Type.Record(Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' }), Value, { maxProperties: 60 }),
  strokes: orNull(Type.Array(Type.Array(DrawnPoint, { minItems: 1, maxItems: 2000 }), { minItems: 1, maxItems: 200 })),
  typed: Type.String({ maxLength: 30 }),
  spki: Base64,
})
export type AskDraft = Static<typeof AskDraft>
export const Draft = Type.Object({
  sha256: Sha256,
  attributes: Base64,
  pages: Type.Integer(),
  expiresAt: At,
})
export type Draft = Static<typeof Draft>
export const GiveSignature = Type.Object({ sha256: Sha256, signature: Base64, spki: Base64 })
export type GiveSignature = Static<typeof GiveSignature>
export const Refuse = Type.Object({ reason: Type.String({ maxLength: 200 }) })
export type Refuse = Static<typeof Refuse>

/** What a checkpoint learns: valid, whose, until when; nothing else. */
export const Commitment = Type.Object({ valid: Type.Boolean(), whose: Type.String(), until: orNull(At) })
export type Commitment = Static<typeof Commitment>

/** What the signer shows at a checkpoint. */
export const CommitmentCode = Type.Object({ code: Type.String(), url: Type.String(), qrSvg: Type.String() })
export type CommitmentCode = Static<typeof CommitmentCode>

export const HelpAtDoor = Type.Object({
  position: Type.Optional(Type.Integer({ minimum: 1, maximum: 6, description: 'Absent: whose turn it is.' })),
  proof: Type.Union([Type.Literal('idCard'), Type.Literal('knownInPerson')]),
  witness: Type.String({
    minLength: 2,
    maxLength: 30,
    description: 'Who stands by, beside the signer and the helper.',
  }),
})
export type HelpAtDoor = Static<typeof HelpAtDoor>
export const HelpBegun = Type.Object({ path: Type.String() })
export type HelpBegun = Static<typeof HelpBegun>

export const SigningHelpAsked = ledgerEvent(
  'signing.help_asked',
  Type.Object({ areaPath: Type.String(), campaignId: Type.String(), signer: Type.Integer() }),
)
