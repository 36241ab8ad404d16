import { fromBase64, verifyProof } from '../../../src/ledger/verify-proof.ts'
import type { Verdict } from '../../../src/ledger/verify-proof.ts'

/** One proof, a list of them, or a list under `items`: what the download buttons give and people paste. */
export function proofsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  const { items } = (value ?? {}) as { items?: unknown }
  return Array.isArray(items) ? items : [value]
}

/** Checks one proof against the published keys; without any, nothing holds. */
export function checkProof(proof: unknown, published: readonly string[]): Promise<Verdict> {
  const brought = (proof as { head?: { public_key?: unknown } | null } | null)?.head?.public_key
  const key = published.find((one) => one === brought) ?? published[0]
  return verifyProof(proof, (key && fromBase64(key)) || new Uint8Array())
}

/** Undefined where the text is not a proof at all. */
export async function checkProofs(text: string, published: readonly string[]): Promise<Verdict[] | undefined> {
  try {
    const proofs = proofsIn(JSON.parse(text))
    return proofs.length > 0 ? await Promise.all(proofs.map((proof) => checkProof(proof, published))) : undefined
  } catch {
    return undefined
  }
}

/** The proof of one entry among those of its subject. */
export function proofOf(entryId: string, proofs: readonly unknown[]): unknown {
  return proofs.find((proof) => entryOf(proof) === entryId)
}

function entryOf(proof: unknown): unknown {
  try {
    const bytes = Uint8Array.from(atob((proof as { leaf: string }).leaf), (char) => char.charCodeAt(0))
    return (JSON.parse(new TextDecoder().decode(bytes)) as { entry?: unknown }).entry
  } catch {
    return undefined
  }
}
