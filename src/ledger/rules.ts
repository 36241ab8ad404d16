import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { isCitizenId } from '../kernel/codes.ts'
import type { Actor } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import type { Entry } from '../kernel/jobs.ts'
import type { Purpose } from '../kernel/grants.ts'

/** What a leaf says; the columns of ledger_entry repeat all but the body. */
export interface LeafContent {
  county: string
  id: string
  event: string
  subjectId: string
  subjectVersion: number
  at: Date
  actor: Pick<Actor, 'kind' | 'id' | 'label'>
  purpose: Purpose
  body: unknown
}

const LEAF_BYTES_MAX = 64 * 1024

/**
 * The leaf: exact RFC 8785 (JCS) bytes, the same on every machine and for ever.
 *
 * @throws Error when the body is too large or holds a phone or citizen ID number as a value: a bug of the caller.
 */
export function leafBytes(content: LeafContent): Buffer {
  const { county, id, event, subjectId, subjectVersion, at, actor, purpose, body } = content
  const text = canonicalize({
    v: 1,
    county,
    entry: id,
    event,
    subject: { id: subjectId, version: subjectVersion },
    at: at.toISOString(),
    actor: { kind: actor.kind, id: actor.id, label: actor.label },
    purpose,
    body,
  })
  if (text === undefined) throw new Error(`event ${event}: the body has no JSON form`)
  if (holdsPersonalNumber(text)) throw new Error(`event ${event}: a value is a phone or citizen ID number`)
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > LEAF_BYTES_MAX) throw new Error(`event ${event}: a leaf is at most ${LEAF_BYTES_MAX} bytes`)
  return bytes
}

const NUMBER_VALUE = /"(?:1[3-9]\d{9}|[1-9]\d{5}(?:19\d\d|20[01]\d)\d{7}[\dX])"/g

/**
 * Whether some whole string is a mainland mobile number or a citizen ID number.
 *
 * A last net, not the rule: it sees neither names nor texts. Years of birth end at 2019, for matter numbers that begin with
 * division and today's date look alike.
 */
export function holdsPersonalNumber(text: string): boolean {
  const found = text.match(NUMBER_VALUE) ?? []
  return found.some((quoted) => quoted.length === 13 || isCitizenId(quoted.slice(1, -1)))
}

/** Reads a leaf back. @throws Error when the bytes are not a leaf of ours. */
export function readLeaf(bytes: Uint8Array): LeafContent {
  const leaf = JSON.parse(Buffer.from(bytes).toString('utf8')) as {
    v: number
    county: string
    entry: string
    event: string
    subject: { id: string; version: number }
    at: string
    actor: LeafContent['actor']
    purpose: Purpose
    body: unknown
  }
  if (leaf.v !== 1) throw new Error(`leaf format ${String(leaf.v)} is not known`)
  return {
    county: leaf.county,
    id: leaf.entry,
    event: leaf.event,
    subjectId: leaf.subject.id,
    subjectVersion: leaf.subject.version,
    at: new Date(leaf.at),
    actor: leaf.actor,
    purpose: leaf.purpose,
    body: leaf.body,
  }
}

export const entryFromLeaf = (bytes: Uint8Array, leafIndex: number): Entry => ({ ...readLeaf(bytes), leafIndex })

/** The lasting name of a log: bound to its county and to the key it began with, and kept when the key rotates. */
export const logIdOf = (county: string, firstKeyId: string): string =>
  createHash('sha256').update(`tongxin-ledger ${county} ${firstKeyId}`).digest('hex')

/** After this many attempts a job is given up, shown to administrators and no longer in the way of its successors. */
export const JOB_ATTEMPTS_MAX = 12
const RETRY_SECONDS_MAX = 3600

/** Back-off: 1 s, 2 s, 4 s … up to an hour, so twelve attempts take about 68 minutes. @param attempts those made, 1 or more. */
export const retryDelaySeconds = (attempts: number): number => Math.min(2 ** (attempts - 1), RETRY_SECONDS_MAX)

/** @throws kernel.bad_request when a cursor's value is not a position that a list of ours can have. */
export function positionIn(value: unknown, most = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > most) {
    throw new Fault('kernel.bad_request', { field: 'after' })
  }
  return value as number
}
