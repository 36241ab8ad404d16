import type { Proof } from '../../ledger/index.ts'

/** What a leaf of the ledger says of an envelope. */
export interface SaidInLedger {
  readonly event: string
  readonly at: string
  readonly chain: string | null
  readonly sha256: string | null
  readonly proof: Proof
}

export function saidIn(proof: Proof): SaidInLedger {
  const leaf = JSON.parse(Buffer.from(proof.leaf, 'base64').toString('utf8')) as {
    event: string
    at: string
    body: { chain?: string; sha256?: string | null }
  }
  return { event: leaf.event, at: leaf.at, chain: leaf.body.chain ?? null, sha256: leaf.body.sha256 ?? null, proof }
}

const endings: Record<string, 'revoked' | 'superseded'> = {
  'signing.envelope_revoked': 'revoked',
  'signing.envelope_superseded': 'superseded',
}

/** Whether and when the ledger says that it was taken back: rows can be changed by whoever holds the database, leaves cannot. */
export function endedIn(said: readonly SaidInLedger[]): { state: 'revoked' | 'superseded'; at: string } | null {
  const last = said.findLast(({ event }) => event in endings)
  return last ? { state: endings[last.event]!, at: last.at } : null
}

/** The leaves that speak for a document: its sealing, and what ended it. */
export const provingLeaves = (said: readonly SaidInLedger[]): SaidInLedger[] =>
  said.filter(({ event }) => event === 'signing.envelope_sealed' || event in endings).slice(-8)
