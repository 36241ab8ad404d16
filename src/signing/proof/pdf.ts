import { hexOf, type x509 } from '../../kernel/x509.ts'
import { chainOf } from './chain.ts'
import { ProofError, readCms, sha256, type Cms } from './cms.ts'
import { readTimeStamp, type TimeStamp } from './time-stamp.ts'

/** One signature of a PDF, found in its bytes and checked. */
export interface PdfSignature {
  readonly cms: Cms
  readonly chain: readonly x509.X509Certificate[]
  /** Null where it carries none: a one-time signer's part is dated by the seal over it. */
  readonly stamp: TimeStamp | null
  /** End of the revision that it covers, in bytes; the whole file when it is the last. */
  readonly end: number
}

export interface PdfProof {
  readonly signatures: readonly PdfSignature[]
  /** The last signature covers every byte of the file. */
  readonly whole: boolean
  readonly sha256: string
}

interface Found {
  /** Bytes before the signature's place, and where what follows it begins. */
  first: number
  from: number
  signed: Uint8Array
  contents: Uint8Array
  end: number
}

/** Each byte a character, so that places in the text are places in the file. */
export const latin = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)
const RANGE = /\/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g

/** Signatures by their byte ranges, in the order of their revisions. @throws ProofError where a range does not fit its file. */
export function findSignatures(pdf: Uint8Array): Found[] {
  const text = latin(pdf)
  return [...text.matchAll(RANGE)]
    .map((match) => match.slice(1, 4).map(Number) as [number, number, number])
    .map(([first, from, second]) => {
      const end = from + second
      const gap = text.slice(first, from)
      if (end > pdf.length || from <= first || !/^<[0-9a-fA-F]*>$/.test(gap))
        throw new ProofError('altered', 'the signed range does not fit the file')
      const signed = new Uint8Array(first + second)
      signed.set(pdf.subarray(0, first))
      signed.set(pdf.subarray(from, end), first)
      return { first, from, signed, contents: derIn(gap.slice(1, -1)), end }
    })
    .toSorted((one, other) => one.end - other.end)
}

/** The DER in hex without the zeros that fill the room up. @throws ProofError where there is none. */
export function derIn(hex: string): Uint8Array {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  if (bytes[0] !== 0x30) throw new ProofError('unreadable', 'no signature in its place')
  const short = bytes[1]! < 0x80
  const count = short ? 0 : bytes[1]! & 0x7f
  const length = short ? bytes[1]! : bytes.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0)
  return bytes.subarray(0, 2 + count + length)
}

/**
 * Checks every signature of a PDF: its bytes, its certificates up to a trusted root, its time stamp.
 *
 * A file that was cut back to an earlier revision still checks here; that it should have more signatures is known to whoever
 * issued it (see `expected`).
 * @param trust.roots Of seals and signers; `stampRoots` of time-stamp authorities.
 * @throws ProofError by what does not hold first.
 */
export async function readPdfProof(
  pdf: Uint8Array,
  trust: { roots: readonly x509.X509Certificate[]; stampRoots: readonly x509.X509Certificate[]; expected?: number },
): Promise<PdfProof> {
  const found = findSignatures(pdf)
  if (found.length === 0) throw new ProofError('unsigned', 'there is no signature')
  if (trust.expected !== undefined && found.length < trust.expected)
    throw new ProofError('older_revision', `${found.length} of ${trust.expected} signatures: an older revision`)
  const read = await Promise.all(found.map(async ({ signed, contents }) => readCms(contents, signed)))
  const stamps = await Promise.all(
    read.map(async ({ timeStampToken, signature }) =>
      timeStampToken ? readTimeStamp(timeStampToken, await sha256(signature), { roots: trust.stampRoots }) : null,
    ),
  )
  // A part without a time of its own is dated by the next stamp over it.
  const instants = stamps.map((_, i) => stamps.slice(i).find((stamp) => stamp)?.at)
  const signatures = await Promise.all(
    read.map(async (cms, i) => {
      const at = instants[i]
      if (!at) throw new ProofError('undated', 'no time stamp says when')
      const chain = await chainOf(cms.signer, { known: cms.certificates, roots: trust.roots, at })
      return { cms, chain, stamp: stamps[i] ?? null, end: found[i]!.end }
    }),
  )
  return {
    signatures,
    whole: found.at(-1)!.end === pdf.length,
    sha256: hexOf(await sha256(pdf)),
  }
}
