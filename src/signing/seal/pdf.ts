import { PDF, PdfArray, PdfDict, PdfName, PdfStream, type Signer } from '@libpdf/core'
import { keyFromPem, P256, x509 } from '../../kernel/x509.ts'
import { derOf, type Identity } from '../authority/issue.ts'
import { bytesOf, derSignature, ProofError, withSignature } from '../proof/cms.ts'
import { derIn } from '../proof/pdf.ts'
import type { Stamped } from '../stamp/client.ts'

/** Room for each signature in the file, in bytes: what its certificates and, at the seal, the time stamp need. */
const SIGNER_BYTES = 6144
const SEAL_BYTES = 8192

export const SIGNER_FIELD = 'signer'
export const SEAL_FIELD = 'seal'

/** Certificates and revocation lists by which the file can be checked alone, long after. */
export interface Vouchers {
  readonly certificates: readonly Uint8Array[]
  readonly revocationLists: readonly Uint8Array[]
}

export interface SignerPart {
  readonly name: string
  /** The one-time certificate and those above it, DER. */
  readonly certificate: Uint8Array
  readonly chain: readonly Uint8Array[]
  readonly at: Date
  /** Of the signature's field, where several sign one document. */
  readonly field?: string
}

/** Brackets of the field's own syntax are written twice by the library: Chinese ones mean the same to the reader. */
const readable = (text: string): string => text.replaceAll('(', '（').replaceAll(')', '）').replaceAll('\\', '＼')

/** A document prepared for one signer: it holds all but their signature. */
export interface Draft {
  readonly pdf: Uint8Array
  /** What the phone signs: attributes that name the digest of the whole document and the certificate. */
  readonly attributes: Uint8Array
}

/**
 * Gets a document ready for the signer's phone.
 *
 * The same document, certificate and instant always give the same bytes: who has not kept the draft makes it again.
 */
export async function draftFor(pdf: Uint8Array, part: SignerPart): Promise<Draft> {
  const document = await PDF.load(pdf)
  let attributes: Uint8Array | undefined
  const signer: Signer = {
    certificate: part.certificate,
    certificateChain: [...part.chain],
    keyType: 'EC',
    signatureAlgorithm: 'ECDSA',
    async sign(data) {
      attributes = data
      return derSignature(new Uint8Array(64).fill(1))
    },
  }
  const { bytes } = await document.sign({
    signer,
    fieldName: part.field ?? SIGNER_FIELD,
    reason: readable(`${part.name} 本人签署`),
    signingTime: part.at,
    level: 'B-B',
    digestAlgorithm: 'SHA-256',
    estimatedSize: SIGNER_BYTES,
  })
  return { pdf: bytes, attributes: attributes! }
}

/**
 * Puts the phone's signature into the draft.
 *
 * @param certificate The signer's, DER. @param signature r || s over the draft's attributes, as WebCrypto gives it.
 * @throws ProofError `signature` when it does not hold: a wrong one never gets into a document.
 */
export async function addSigner(draft: Draft, certificate: Uint8Array, signature: Uint8Array): Promise<Uint8Array> {
  const { publicKey } = new x509.X509Certificate(bytesOf(certificate))
  const key = await publicKey.export({ name: 'ECDSA', namedCurve: 'P-256' }, ['verify'])
  if (!(await crypto.subtle.verify(P256, key, bytesOf(signature), bytesOf(draft.attributes))))
    throw new ProofError('signature', 'the phone’s signature does not hold')
  const pdf = Buffer.from(draft.pdf)
  const from = pdf.indexOf('<', pdf.lastIndexOf('/Contents')) + 1
  const room = pdf.indexOf('>', from) - from
  const signed = withSignature(derIn(pdf.toString('latin1', from, from + room)), signature)
  if (signed.length * 2 > room) throw new Error('the signature does not fit its place')
  pdf.write(Buffer.from(signed).toString('hex').padEnd(room, '0'), from, 'latin1')
  return new Uint8Array(pdf)
}

const named = (name: string): PdfName => PdfName.of(name)

/** The vouchers go in before the seal, so that the sealed revision is the last one and holds all. */
function addVouchers(document: PDF, { certificates, revocationLists }: Vouchers): void {
  const { registry } = document.context
  const streams = (all: readonly Uint8Array[]): PdfArray =>
    new PdfArray(all.map((data) => registry.register(new PdfStream(new PdfDict(), bytesOf(data)))))
  const store = PdfDict.of({
    Type: named('DSS'),
    Certs: streams(certificates),
    CRLs: streams(revocationLists),
  })
  document.context.catalog.getDict().set('DSS', registry.register(store))
}

/**
 * Seals the signed document: vouchers, the organisation's signature and a time stamp over it, in one last revision.
 *
 * @param stamp Asked once, for the seal's signature; when it fails, so does the sealing: nothing leaves without a time.
 */
export async function sealPdf(
  pdf: Uint8Array,
  seal: { identity: Identity; chain: readonly Uint8Array[]; reason: string; at: Date; vouchers: Vouchers },
  stamp: (digest: Uint8Array) => Promise<Stamped>,
): Promise<{ pdf: Uint8Array; stamp: Stamped }> {
  const document = await PDF.load(pdf)
  addVouchers(document, seal.vouchers)
  const key = await keyFromPem(seal.identity.key)
  let stamped: Stamped | undefined
  const { bytes } = await document.sign({
    signer: {
      certificate: derOf(seal.identity.cert),
      certificateChain: [...seal.chain],
      keyType: 'EC',
      signatureAlgorithm: 'ECDSA',
      sign: async (attributes) =>
        derSignature(new Uint8Array(await crypto.subtle.sign(P256, key, bytesOf(attributes)))),
    },
    fieldName: SEAL_FIELD,
    reason: readable(seal.reason),
    signingTime: seal.at,
    level: 'B-T',
    digestAlgorithm: 'SHA-256',
    estimatedSize: SEAL_BYTES,
    timestampAuthority: {
      async timestamp(digest) {
        stamped = await stamp(digest)
        return stamped.token
      },
    },
  })
  return { pdf: bytes, stamp: stamped! }
}
