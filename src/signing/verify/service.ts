import type { Command } from '../../kernel/command.ts'
import { proofsOfSubject } from '../../ledger/index.ts'
import { listEvidence } from '../envelopes/index.ts'
import { isChainWhole, type EvidenceEvent } from '../proof/evidence.ts'
import type { LetterLookup, LookUpLetter } from './contract.ts'
import { endedIn, provingLeaves, saidIn, type SaidInLedger } from './rules.ts'
import { findByDocument, findByRevision, type KnownLetter } from './store.ts'

const unknown: LetterLookup = { state: 'unknown', title: null, sealedAt: null, at: null, evidence: 'none', proofs: [] }

/** An envelope's events, first one first, as they were hashed. */
export async function eventsOf(cmd: Command, envelope: string): Promise<EvidenceEvent[]> {
  const rows = await listEvidence(cmd.tx, cmd.county, envelope)
  return rows.map(({ seq, kind, at, byLabel, body, previous }) => ({
    envelope,
    seq,
    kind,
    at: at.toISOString(),
    by: byLabel,
    body,
    previous: previous.toString('hex'),
  }))
}

/** Whether rows still say what the ledger committed to: the events, the document's hash, and that nobody took the letter back. */
export async function evidenceHolds(
  events: readonly EvidenceEvent[],
  letter: Pick<KnownLetter, 'state' | 'documentSha256'>,
  said: readonly SaidInLedger[],
): Promise<boolean> {
  const sealed = said.find(({ event }) => event === 'signing.envelope_sealed')
  const ended = endedIn(said)
  const committed = said.flatMap(({ chain }) => (chain ? [chain] : []))
  const stateFits = (ended?.state ?? 'sealed') === letter.state
  return stateFits && sealed?.sha256 === letter.documentSha256 && isChainWhole(events, committed)
}

/**
 * What the issuer says of a file that somebody holds, by its SHA-256.
 *
 * The ledger is asked too: where a row says otherwise, or an event of the signing was changed, the answer says so.
 */
export async function lookUpLetter(cmd: Command, { sha256 }: LookUpLetter): Promise<LetterLookup> {
  const letter = await findByDocument(cmd.tx, cmd.county, sha256)
  if (!letter) {
    const older = await findByRevision(cmd.tx, cmd.county, sha256)
    return older ? { ...unknown, state: 'older', title: older.title } : unknown
  }
  const said = (await proofsOfSubject(cmd, letter.id)).map(saidIn)
  const ended = endedIn(said)
  const isInLedger = said.some(({ event }) => event === 'signing.envelope_sealed')
  const whole = isInLedger && (await evidenceHolds(await eventsOf(cmd, letter.id), letter, said))
  const byRow = letter.state === 'revoked' || letter.state === 'superseded' ? letter.state : 'latest'
  return {
    state: ended?.state ?? byRow,
    title: letter.title,
    sealedAt: letter.sealedAt?.toISOString() ?? null,
    at: ended?.at ?? (byRow === 'latest' ? null : (letter.endedAt?.toISOString() ?? null)),
    evidence: isInLedger ? (whole ? 'intact' : 'changed') : 'none',
    proofs: provingLeaves(said).map(({ proof }) => proof),
  }
}
