import { PDF, PdfArray, PdfDict, PdfName, PdfStream, type Signer } from '@libpdf/core'
import { keyFromPem, P256, x509 } from '../../kernel/x509.ts'
import { derOf, type Identity } from '../authority/issue.ts'
import { bytesOf, derSignature, ProofError } from '../proof/cms.ts'
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
}

/** Brackets of the field's own syntax are written twice by the library: Chinese ones mean the same to the reader. */
const readable = (text: string): string => text.replaceAll('(', '（').replaceAll(')', '）').replaceAll('\\', '＼')

async function signPart(
  pdf: Uint8Array,
  part: SignerPart,
  sign: (attributes: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const document = await PDF.load(pdf)
  const signer: Signer = {
    certificate: part.certificate,
    certificateChain: [...part.chain],
    keyType: 'EC',
    signatureAlgorithm: 'ECDSA',
    sign,
  }
  const { bytes } = await document.sign({
    signer,
    fieldName: SIGNER_FIELD,
    reason: readable(`${part.name} 本人签署`),
    signingTime: part.at,
    level: 'B-B',
    digestAlgorithm: 'SHA-256',
    estimatedSize: SIGNER_BYTES,
  })
  return bytes
}

/**
 * What the signer's phone has to sign: the signed attributes, which name the digest of the whole document and the certificate.
 *
 * The same document, certificate and instant always give the same bytes, so that nothing needs to be kept in between.
 */
export async function attributesToSign(pdf: Uint8Array, part: SignerPart): Promise<Uint8Array> {
  let seen: Uint8Array | undefined
  await signPart(pdf, part, async (attributes) => {
    seen = attributes
    return derSignature(new Uint8Array(64).fill(1))
  })
  return seen!
}

/**
 * Puts the phone's signature into the document.
 *
 * @param signature r || s over `attributesToSign`, as WebCrypto gives it.
 * @throws ProofError `signature` when it does not hold: a wrong one never gets into a document.
 */
export async function addSigner(pdf: Uint8Array, part: SignerPart, signature: Uint8Array): Promise<Uint8Array> {
  return signPart(pdf, part, async (attributes) => {
    const certificate = new x509.X509Certificate(bytesOf(part.certificate))
    const key = await certificate.publicKey.export({ name: 'ECDSA', namedCurve: 'P-256' }, ['verify'])
    if (!(await crypto.subtle.verify(P256, key, bytesOf(signature), bytesOf(attributes))))
      throw new ProofError('signature', 'the phone’s signature does not hold')
    return derSignature(signature)
  })
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
