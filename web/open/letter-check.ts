import type { Verdict } from '../../src/ledger/verify-proof.ts'
import { examineLetter, type LetterReport } from '../../src/signing/proof/examine.ts'
import type { LetterLookup, Trust } from '../../src/signing/verify/contract.ts'
import { randomKey, read, send } from '../shared/api.ts'
import { currentCounty } from '../shared/county.ts'
import { checkProof } from '../shared/proof/proofs.ts'
import { publishedKeys } from '../shared/proof/published-keys.ts'

/** A letter looked at here, and what its issuer says of it. */
export interface CheckedLetter {
  report: LetterReport
  /** Null where the issuer could not be asked. */
  lookup: LetterLookup | null
  proofs: readonly Verdict[]
  /** Without the list of roots nobody is trusted: said, so that the file is not blamed. */
  trustKnown: boolean
}

const nobody: Trust = { roots: [], stampRoots: [], revocationLists: [] }

/** The file stays in this browser: what leaves it is its SHA-256. */
export async function checkLetter(pdf: Uint8Array): Promise<CheckedLetter> {
  const trust = await read<Trust>('/signing/trust').catch(() => null)
  const report = await examineLetter(pdf, trust ?? nobody)
  const lookup = await lookUp(report).catch(() => null)
  const keys = lookup && lookup.proofs.length > 0 ? await publishedKeys() : []
  const proofs = await Promise.all((lookup?.proofs ?? []).map((proof) => checkProof(proof, keys)))
  return { report, lookup, proofs, trustKnown: trust !== null }
}

/** Asked of the county that the letter names: it may have been signed in another one. */
function lookUp({ sha256, evidence }: LetterReport): Promise<LetterLookup> {
  const named = evidence?.['county']
  const county = typeof named === 'string' && /^\d{6}$/.test(named) ? named : currentCounty()
  const sending = { body: { sha256 }, key: randomKey() }
  return send<LetterLookup>('/signing/lookups', county ? { ...sending, county } : sending)
}
