import { hexOf, x509 } from '../../kernel/x509.ts'
import { chainOf } from './chain.ts'
import { ProofError, readCms, sha256, type Cms } from './cms.ts'
import { evidenceIn, vouchersIn } from './inside.ts'
import { findSignatures } from './pdf.ts'
import { readTimeStamp, type TimeStamp } from './time-stamp.ts'

/** Somebody whose certificates count: whoever checks has decided so, the file has no say in it. */
export interface TrustedRoot {
  readonly name: string
  /** PEM. */
  readonly certificate: string
  /** Made by the installation itself, not by a licensed provider: said plainly wherever it is relied on. */
  readonly isLocal: boolean
}

export interface TrustList {
  readonly roots: readonly TrustedRoot[]
  readonly stampRoots: readonly TrustedRoot[]
  /** Revocation lists, DER in base64, newer than those in the file. */
  readonly revocationLists?: readonly string[]
}

export type SignatureProblem = 'altered' | 'untrusted' | 'revoked' | 'stamp'

export interface ExaminedSignature {
  readonly by: 'signer' | 'organisation'
  readonly name: string
  /** The one envelope that a signer's certificate was made for. */
  readonly envelope: string | null
  /** When a time-stamp authority saw it; a signer's part is dated by the next seal over it. */
  readonly at: string | null
  readonly stampedBy: { readonly name: string; readonly isLocal: boolean; readonly policy: string } | null
  /** Whose word it is that the certificate belongs to this name. */
  readonly vouchedBy: { readonly name: string; readonly isLocal: boolean } | null
  readonly problem: SignatureProblem | null
}

/** `holds`: each signature good, none missing, nothing added. All else says the first thing that is wrong. */
export type LetterState =
  | 'holds'
  | 'olderRevision'
  | 'added'
  | 'altered'
  | 'untrusted'
  | 'certificateRevoked'
  | 'badStamp'
  | 'unsigned'
  | 'unreadable'

export interface LetterReport {
  readonly state: LetterState
  readonly sha256: string
  /** How many signatures the letter says it gets; null where it says nothing. */
  readonly expected: number | null
  readonly signatures: readonly ExaminedSignature[]
  readonly evidence: Readonly<Record<string, unknown>> | null
  /** Lists of taken-back certificates that were looked into. */
  readonly revocationLists: number
}

const SERIAL_NUMBER = '2.5.4.5'
const certificatesOf = (roots: readonly TrustedRoot[]): x509.X509Certificate[] =>
  roots.map(({ certificate }) => new x509.X509Certificate(certificate))

/** The trusted root at the end of a chain. */
function vouching(
  chain: readonly x509.X509Certificate[],
  roots: readonly TrustedRoot[],
): { name: string; isLocal: boolean } | null {
  const last = chain.at(-1)
  const root = last && roots.find(({ certificate }) => new x509.X509Certificate(certificate).equal(last))
  return root ? { name: root.name, isLocal: root.isLocal } : null
}

const nameOf = (certificate: x509.X509Certificate): string =>
  certificate.subjectName.getField('CN')[0] ?? certificate.subject

interface Read {
  readonly cms: Cms | null
  readonly stamp: TimeStamp | null
  readonly stampChain: readonly x509.X509Certificate[]
  readonly problem: SignatureProblem | null
}

async function readOne(contents: Uint8Array, signed: Uint8Array, trust: TrustList): Promise<Read> {
  let cms: Cms
  try {
    cms = await readCms(contents, signed)
  } catch {
    return { cms: null, stamp: null, stampChain: [], problem: 'altered' }
  }
  if (!cms.timeStampToken) return { cms, stamp: null, stampChain: [], problem: null }
  try {
    const roots = certificatesOf(trust.stampRoots)
    const stamp = await readTimeStamp(cms.timeStampToken, await sha256(cms.signature), { roots })
    return { cms, stamp, stampChain: stamp.chain, problem: null }
  } catch (error) {
    const isUnknown = error instanceof ProofError && ['untrusted', 'expired'].includes(error.code)
    return { cms, stamp: null, stampChain: [], problem: isUnknown ? 'untrusted' : 'stamp' }
  }
}

/** Lists whose issuer's signature holds; the others say nothing. */
async function listsHeld(
  lists: readonly Uint8Array[],
  issuers: readonly x509.X509Certificate[],
): Promise<x509.X509Crl[]> {
  const held = await Promise.all(
    lists.map(async (der) => {
      try {
        const list = new x509.X509Crl(Uint8Array.from(der))
        for (const issuer of issuers)
          if (issuer.subject === list.issuer && (await list.verify({ publicKey: issuer.publicKey }))) return list
      } catch {
        return undefined
      }
      return undefined
    }),
  )
  return held.filter((one) => one !== undefined)
}

/** Taken back before it was used: what somebody signed while their certificate held goes on holding. */
const isRevoked = (chain: readonly x509.X509Certificate[], lists: readonly x509.X509Crl[], at: Date): boolean =>
  chain.some((certificate) =>
    lists.some((list) => {
      const entry = list.issuer === certificate.issuer ? list.findRevoked(certificate.serialNumber) : null
      return entry !== null && entry.revocationDate <= at
    }),
  )

/**
 * Looks at every signature of a PDF and says all that can be said without asking anybody.
 *
 * Nothing is thrown: a file that is no letter at all gets a report too.
 */
export async function examineLetter(pdf: Uint8Array, trust: TrustList): Promise<LetterReport> {
  const begun = {
    sha256: hexOf(await sha256(pdf)),
    expected: null,
    signatures: [],
    evidence: null,
    revocationLists: 0,
  }
  if (pdf.length < 8 || String.fromCharCode(...pdf.subarray(0, 5)) !== '%PDF-') return { ...begun, state: 'unreadable' }
  let found: ReturnType<typeof findSignatures>
  try {
    found = findSignatures(pdf)
  } catch {
    return { ...begun, state: 'altered' }
  }
  if (found.length === 0) return { ...begun, state: 'unsigned' }
  const evidence = await evidenceIn(pdf, found[0]!.end)
  const reads = await Promise.all(found.map(({ contents, signed }) => readOne(contents, signed, trust)))
  const vouchers = await vouchersIn(pdf)
  const fresh = (trust.revocationLists ?? []).map((text) => Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)))
  const known = [
    ...certificatesOf(trust.roots),
    ...reads.flatMap(({ cms }) => cms?.certificates ?? []),
    ...reads.flatMap(({ stampChain }) => stampChain),
  ]
  const lists = await listsHeld([...vouchers.revocationLists, ...fresh], known)
  const signatures = await Promise.all(reads.map((read, i) => examineOne(read, reads.slice(i), trust, lists)))
  const expected = expectedBy(evidence)
  const isWhole = found.at(-1)!.end === pdf.length
  const state = stateOf(signatures, expected, isWhole)
  return { sha256: begun.sha256, state, expected, signatures, evidence, revocationLists: lists.length }
}

/** The letter's own word, signed by its first signer: each signer, and the seal. */
function expectedBy(evidence: LetterReport['evidence']): number | null {
  const count = evidence?.['signatures']
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : null
}

async function examineOne(
  read: Read,
  following: readonly Read[],
  trust: TrustList,
  lists: readonly x509.X509Crl[],
): Promise<ExaminedSignature> {
  const { cms, stamp } = read
  if (!cms)
    return { by: 'signer', name: '', envelope: null, at: null, stampedBy: null, vouchedBy: null, problem: 'altered' }
  const dating = following.find((one) => one.stamp)?.stamp ?? null
  const [envelope = null] = cms.signer.subjectName.getField(SERIAL_NUMBER)
  const by = stamp ? vouching(stamp.chain, trust.stampRoots) : null
  const said = {
    by: envelope === null ? ('organisation' as const) : ('signer' as const),
    name: nameOf(cms.signer),
    envelope,
    at: dating?.at.toISOString() ?? null,
    stampedBy: stamp && { name: stamp.by, isLocal: by?.isLocal ?? true, policy: stamp.policy },
  }
  // Undated: who vouches is looked for on the certificate's first day, and the report says that no stamp dates it.
  const at = dating?.at ?? cms.signer.notBefore
  try {
    const chain = await chainOf(cms.signer, { known: cms.certificates, roots: certificatesOf(trust.roots), at })
    const vouchedBy = vouching(chain, trust.roots)
    return {
      ...said,
      vouchedBy,
      problem: read.problem ?? (isRevoked([...chain, ...(stamp?.chain ?? [])], lists, at) ? 'revoked' : null),
    }
  } catch {
    return { ...said, vouchedBy: null, problem: read.problem ?? 'untrusted' }
  }
}

/** In the order in which it matters: a changed file is changed whoever signed it. */
function stateOf(signatures: readonly ExaminedSignature[], expected: number | null, isWhole: boolean): LetterState {
  const has = (problem: SignatureProblem): boolean => signatures.some((one) => one.problem === problem)
  if (has('altered')) return 'altered'
  if (has('stamp')) return 'badStamp'
  if (has('untrusted')) return 'untrusted'
  if (has('revoked')) return 'certificateRevoked'
  const last = signatures.at(-1)!
  const isSealed = last.by === 'organisation' && last.stampedBy !== null
  if (!isSealed || (expected !== null && signatures.length < expected)) return 'olderRevision'
  return isWhole ? 'holds' : 'added'
}
