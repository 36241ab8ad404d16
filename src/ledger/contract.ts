import { Type, type Static, type TSchema } from 'typebox'
import { defineFaults } from '../kernel/faults.ts'
import { Page, PageQuery } from '../kernel/pages.ts'

defineFaults({
  'ledger.not_sealed_yet': {
    status: 409,
    zh: '这条记录刚刚写入，正在入账，请过几秒再取证明。',
    en: 'This entry was written a moment ago and is being sealed. Ask for its proof in a few seconds.',
  },
  'ledger.unknown_size': {
    status: 400,
    zh: '账本没有这个长度，目前共 {size} 条。',
    en: 'The ledger never had this size; it has {size} leaves now.',
  },
  'ledger.verifying': {
    status: 409,
    zh: '账本正在核对，请等这一次核对完。',
    en: 'The ledger is being checked already. Please wait for the result.',
  },
  'ledger.job_not_failed': {
    status: 409,
    zh: '这项后续处理不在失败之列，可能已经重试成功。',
    en: 'This job is not among the failed ones; it may have succeeded meanwhile.',
  },
})

/** A kind of ledger entry: its name and the shape of its body. */
export interface EventType<Body extends TSchema = TSchema> {
  /** `noun.past_verb`. */
  readonly name: string
  readonly body: Body
}

const events = new Map<string, EventType>()
const EVENT_NAME = /^[a-z][A-Za-z0-9]*(\.[a-z][a-z0-9_]*)+$/
/** Field names that only ever hold personal data or what people typed: never in a leaf. */
const PERSONAL_FIELDS = new Set(
  'phone mobile telephone citizenid idnumber idcard realname fullname nickname birthdate email address password token secret latitude longitude position text content remark'.split(
    ' ',
  ),
)

/**
 * Declares an event in a room's contract. A leaf is for ever, so its body holds ids, codes, states, counts and instants only:
 * no names, numbers of people, places of people, nor what somebody typed. Where such a thing must be bound, put a salted
 * commitment (`vault.commitment`) into the body and the salt into the row that dies with the person.
 *
 * @throws Error at import when the name is taken or not `noun.past_verb`, or a field's name is one of personal data.
 */
export function ledgerEvent<Body extends TSchema>(name: string, body: Body): EventType<Body> {
  if (!EVENT_NAME.test(name)) throw new Error(`event ${name} is not noun.past_verb`)
  const known = events.get(name)
  if (known && JSON.stringify(known.body) !== JSON.stringify(body)) throw new Error(`event ${name} is declared twice`)
  const personal = fieldNames(body).find((field) => PERSONAL_FIELDS.has(field.toLowerCase()))
  if (personal) throw new Error(`event ${name}: field ${personal} is personal data, which a leaf never holds`)
  const event: EventType<Body> = { name, body: closed(body) }
  events.set(name, event)
  return event
}

/** Every declared event, by name. */
export const listEvents = (): readonly EventType[] => [...events.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
export const findEvent = (name: string): EventType | undefined => events.get(name)

/** An object body takes no field that was not declared: what is not declared was not thought about. */
function closed<Body extends TSchema>(body: Body): Body {
  const properties = (body as { properties?: unknown }).properties
  return properties && !('additionalProperties' in body) ? { ...body, additionalProperties: false } : body
}

function fieldNames(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const properties = (schema as { properties?: Record<string, unknown> }).properties ?? {}
  return [...Object.keys(properties), ...Object.values(schema).flatMap(fieldNames)]
}

/** A signing key of this installation came into use: so every key that signs heads is itself in the log. */
export const LedgerKeyAdded = ledgerEvent(
  'ledger.key_added',
  Type.Object({ keyId: Type.String(), publicKey: Type.String({ description: 'SPKI, base64' }) }),
)
/** An administrator told failed jobs of an entry to try again. */
export const LedgerJobRetried = ledgerEvent(
  'ledger.job_retried',
  Type.Object({ entry: Type.String(), handler: Type.String() }),
)

/** Somebody had the whole ledger checked: what came out. */
export const LedgerVerified = ledgerEvent(
  'ledger.verified',
  Type.Object({
    by: Type.Union([Type.String(), Type.Null()]),
    leaves: Type.Integer(),
    heads: Type.Integer(),
    holds: Type.Boolean(),
    findings: Type.Integer(),
  }),
)

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Instant = Type.String({ format: 'date-time' })
const Id = Type.String({ format: 'uuid' })

export const SignedHead = Type.Object({
  log_id: Hash,
  tree_size: Type.Integer(),
  root_hash: Hash,
  at: Instant,
  key_id: Hash,
  public_key: Type.String({ description: 'SPKI, base64; key_id is its SHA-256' }),
  signature: Type.String({ description: 'Ed25519 over "tongxin-ledger/LOG_ID\\nSIZE\\nROOT\\nAT\\n", base64' }),
})
export type SignedHead = Static<typeof SignedHead>

export const Proof = Type.Object(
  {
    log_id: Hash,
    leaf: Type.String({ description: 'Base64 of the exact bytes.' }),
    leaf_hash: Hash,
    leaf_index: Type.Integer(),
    tree_size: Type.Integer(),
    audit_path: Type.Array(Hash),
    root_hash: Hash,
    head: SignedHead,
  },
  { description: 'Inclusion of one leaf (RFC 9162), hashes in hex, the signed head beside it.' },
)
export type Proof = Static<typeof Proof>

export const Consistency = Type.Object({
  log_id: Hash,
  old_size: Type.Integer(),
  old_root: Hash,
  tree_size: Type.Integer(),
  root_hash: Hash,
  consistency: Type.Array(Hash),
  head: SignedHead,
})
export type Consistency = Static<typeof Consistency>

export const LedgerEntry = Type.Object({
  id: Id,
  event: Type.String(),
  subjectId: Id,
  subjectVersion: Type.Integer(),
  at: Instant,
  actor: Type.Object({
    kind: Type.String(),
    id: Type.Union([Type.String(), Type.Null()]),
    label: Type.String(),
  }),
  purpose: Type.String(),
  body: Type.Unknown(),
  leafIndex: Type.Union([Type.Integer(), Type.Null()], { description: 'Null while it waits for the sealer.' }),
})
export type LedgerEntry = Static<typeof LedgerEntry>
export const LedgerEntryPage = Page(LedgerEntry)

export const EntryQuery = Type.Object({
  ...PageQuery.properties,
  actor: Type.Optional(Type.String({ format: 'uuid', description: 'What this account did.' })),
  day: Type.Optional(Type.String({ format: 'date', description: 'What happened on this day in Beijing.' })),
})
export type EntryQuery = Static<typeof EntryQuery>

export const HeadPage = Page(SignedHead)

export const PublicKey = Type.Object({
  key_id: Hash,
  public_key: Type.String({ description: 'SPKI, base64' }),
  pem: Type.String(),
  since: Instant,
})
export type PublicKey = Static<typeof PublicKey>
export const PublicKeys = Type.Object({ log_id: Hash, items: Type.Array(PublicKey) })
export type PublicKeys = Static<typeof PublicKeys>

export const FailedJob = Type.Object({
  entry: Id,
  handler: Type.String(),
  event: Type.String(),
  subjectId: Id,
  leafIndex: Type.Integer(),
  attempts: Type.Integer(),
  failedAt: Instant,
  error: Type.Union([Type.String(), Type.Null()]),
})
export type FailedJob = Static<typeof FailedJob>
export const FailedJobPage = Page(FailedJob)
export const RetryJob = Type.Object({
  entry: Id,
  handler: Type.String({ maxLength: 100, pattern: '^[a-z]+\\.[a-z_]+$' }),
})
export type RetryJob = Static<typeof RetryJob>
export const ProofList = Type.Object({ items: Type.Array(Proof) })
export type ProofList = Static<typeof ProofList>

/** How the house works behind the pages. */
export const Workings = Type.Object({
  unsealed: Type.Integer({ description: 'Entries that wait for the sealer.' }),
  oldestUnsealedAt: Type.Union([Instant, Type.Null()]),
  leaves: Type.Integer(),
  waitingJobs: Type.Integer(),
  failedJobs: Type.Integer({ description: 'Given up; each can be tried again.' }),
  sweeps: Type.Array(
    Type.Object({
      name: Type.String(),
      ranAt: Instant,
      running: Type.Boolean(),
      error: Type.Union([Type.String(), Type.Null()], { description: 'The kind of error of the last run.' }),
    }),
  ),
})
export type Workings = Static<typeof Workings>

export const Verifications = Type.Object({
  leaves: Type.Integer({ description: 'How long the ledger is now.' }),
  sealedAt: Type.Union([Instant, Type.Null()]),
  running: Type.Union([Type.Object({ startedAt: Instant, leaves: Type.Integer() }), Type.Null()]),
  items: Type.Array(
    Type.Object({
      id: Id,
      at: Instant,
      leaves: Type.Integer(),
      heads: Type.Integer(),
      holds: Type.Boolean(),
      findings: Type.Integer(),
    }),
    { description: 'The last twenty, newest first.' },
  ),
})
export type Verifications = Static<typeof Verifications>
export const StartedVerification = Type.Object({ startedAt: Instant })
