import canonicalize from 'canonicalize'
import { hexOf } from '../../kernel/x509.ts'
import { sha256 } from './cms.ts'

/** One event of an envelope's chain, as it was hashed. */
export interface EvidenceEvent {
  readonly envelope: string
  readonly seq: number
  readonly kind: string
  readonly at: string
  readonly by: string
  readonly body: unknown
  /** Hash of the event before, hex; 64 zeros before the first. */
  readonly previous: string
}

/** The exact bytes that are hashed: RFC 8785. */
export const eventText = ({ envelope, seq, kind, at, by, body, previous }: EvidenceEvent): string =>
  canonicalize({ envelope, seq, kind, at, by, body, previous })!

/**
 * The hash after each event, computed anew from what the events say.
 *
 * Nothing that is stored as a hash is used: whoever changed an event could have changed its hash too. What counts is whether the
 * hashes that the ledger committed to are among these.
 */
export async function chainHashes(events: readonly EvidenceEvent[]): Promise<string[]> {
  const hashes: string[] = []
  let previous = '0'.repeat(64)
  for (const event of events) {
    previous = hexOf(await sha256(new TextEncoder().encode(eventText({ ...event, previous }))))
    hashes.push(previous)
  }
  return hashes
}

/** Whether the events are those that the ledger committed to, none missing, none added on the way. @param committed `chain` of each leaf. */
export async function isChainWhole(events: readonly EvidenceEvent[], committed: readonly string[]): Promise<boolean> {
  if (events.some(({ seq }, i) => seq !== i + 1)) return false
  const hashes = new Set(await chainHashes(events))
  return committed.length > 0 && committed.every((hash) => hashes.has(hash))
}
