import * as asn1 from 'asn1js'
import * as pkijs from 'pkijs'
import { hexOf, x509 } from '../../kernel/x509.ts'

/*
 * Signatures as CMS writes them (RFC 5652), taken apart and checked. Runs in pages as well: nothing here but WebCrypto.
 */

const ID_DATA = '1.2.840.113549.1.7.1'
const ID_SIGNED_DATA = '1.2.840.113549.1.7.2'
const CONTENT_TYPE = '1.2.840.113549.1.9.3'
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4'
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47'
const TIME_STAMP_TOKEN = '1.2.840.113549.1.9.16.2.14'
const SHA256 = '2.16.840.1.101.3.4.2.1'
const ECDSA_SHA256 = '1.2.840.10045.4.3.2'
const RSA_SHA256 = new Set(['1.2.840.113549.1.1.11', '1.2.840.113549.1.1.1'])

export type Bytes = Uint8Array<ArrayBuffer>
/** A copy whose buffer is its own, as WebCrypto and the parsers want it. */
export const bytesOf = (data: Uint8Array | ArrayBuffer): Bytes =>
  new Uint8Array(data instanceof ArrayBuffer ? data.slice(0) : data)

export const sha256 = async (data: Uint8Array): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytesOf(data)))

export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, i) => byte === other[i])

/** Why a signature does not hold; the words for people are the page's. */
export class ProofError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export interface Cms {
  readonly signer: x509.X509Certificate
  /** All certificates in it, the signer's among them. */
  readonly certificates: readonly x509.X509Certificate[]
  /** What is signed, where it is inside (a time-stamp token); null for a detached signature. */
  readonly content: Bytes | null
  readonly contentType: string
  readonly signature: Bytes
  readonly timeStampToken: Bytes | null
  /** Digest of what is signed, as the signer stated it. */
  readonly messageDigest: Bytes
}

const parse = (der: Uint8Array): asn1.BaseBlock => {
  const { offset, result } = asn1.fromBER(bytesOf(der).buffer)
  if (offset === -1) throw new ProofError('unreadable', 'not DER')
  return result
}

function valueOf(attributes: readonly pkijs.Attribute[], type: string): asn1.BaseBlock | undefined {
  return attributes.find((attribute) => attribute.type === type)?.values[0] as asn1.BaseBlock | undefined
}

const octetsOf = (block: unknown): Bytes => bytesOf((block as asn1.OctetString).getValue())

/** The signed attributes as they were signed: a SET OF, whatever tag they carry in the SignerInfo. */
function signedBytes(attributes: pkijs.SignedAndUnsignedAttributes): Bytes {
  const encoded = attributes.encodedValue.byteLength > 0 ? attributes.encodedValue : attributes.toSchema().toBER(false)
  const bytes = bytesOf(encoded)
  bytes[0] = 0x31
  return bytes
}

async function holds(signer: x509.X509Certificate, algorithm: string, signature: Bytes, data: Bytes): Promise<boolean> {
  if (algorithm === ECDSA_SHA256) {
    const key = await signer.publicKey.export({ name: 'ECDSA', namedCurve: 'P-256' }, ['verify'])
    return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, plainSignature(signature), data)
  }
  if (RSA_SHA256.has(algorithm)) {
    const key = await signer.publicKey.export({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, ['verify'])
    return crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, signature, data)
  }
  throw new ProofError('algorithm', `signature algorithm ${algorithm} is not accepted`)
}

/** ECDSA-Sig-Value (two INTEGERs) → r || s of 32 bytes each, as WebCrypto wants it. @throws ProofError */
export function plainSignature(der: Uint8Array): Bytes {
  const plain = new Uint8Array(64)
  const { valueBlock } = parse(der) as asn1.Sequence
  valueBlock.value.forEach((part, i) => {
    const bytes = bytesOf((part as asn1.Integer).valueBlock.valueHexView)
    const kept = bytes.length > 32 ? bytes.subarray(bytes.length - 32) : bytes
    plain.set(kept, i * 32 + 32 - kept.length)
  })
  return plain
}

/** r || s → ECDSA-Sig-Value, as CMS wants it. */
export function derSignature(plain: Uint8Array): Bytes {
  const integer = (half: Uint8Array): asn1.Integer => {
    let from = 0
    while (from < half.length - 1 && half[from] === 0) from++
    const kept = half.subarray(from)
    const signed = kept[0]! >= 0x80 ? Uint8Array.of(0, ...kept) : kept
    return new asn1.Integer({ valueHex: bytesOf(signed).buffer })
  }
  return bytesOf(
    new asn1.Sequence({ value: [integer(plain.subarray(0, 32)), integer(plain.subarray(32))] }).toBER(false),
  )
}

/**
 * Takes a signature apart and checks it against what it is said to sign: digest, signature, and that the signer's certificate
 * is the one that was meant. Whether that certificate is trusted is for `chainOf`.
 *
 * @param detached What is signed, where it is not inside. @throws ProofError
 */
export async function readCms(der: Uint8Array, detached: Uint8Array | null): Promise<Cms> {
  const info = new pkijs.ContentInfo({ schema: parse(der) })
  if (info.contentType !== ID_SIGNED_DATA) throw new ProofError('unreadable', 'not a SignedData')
  const signed = new pkijs.SignedData({ schema: info.content })
  const [by] = signed.signerInfos
  if (!by || signed.signerInfos.length !== 1) throw new ProofError('unreadable', 'one signer is expected')
  const certificates = (signed.certificates ?? [])
    .filter((one): one is pkijs.Certificate => one instanceof pkijs.Certificate)
    .map((one) => new x509.X509Certificate(one.toSchema().toBER(false)))
  const serial = hexOf((by.sid as pkijs.IssuerAndSerialNumber).serialNumber.valueBlock.valueHexView)
  const signer = certificates.find((one) => one.serialNumber.replace(/^0+/, '') === serial.replace(/^0+/, ''))
  if (!signer) throw new ProofError('no_certificate', 'the signer’s certificate is missing')
  const attributes = by.signedAttrs?.attributes ?? []
  const content = signed.encapContentInfo.eContent ? octetsOf(signed.encapContentInfo.eContent) : null
  const data = content ?? detached
  if (!data) throw new ProofError('unreadable', 'nothing is signed')
  await requireSigned({ by, attributes, signer, data, contentType: signed.encapContentInfo.eContentType })
  const token = valueOf(by.unsignedAttrs?.attributes ?? [], TIME_STAMP_TOKEN)
  return {
    signer,
    certificates,
    content,
    contentType: signed.encapContentInfo.eContentType,
    signature: octetsOf(by.signature),
    timeStampToken: token ? bytesOf(token.toBER(false)) : null,
    messageDigest: octetsOf(valueOf(attributes, MESSAGE_DIGEST)),
  }
}

/** A SignedData with another signature in its one SignerInfo. @param signature r || s. */
export function withSignature(der: Uint8Array, signature: Uint8Array): Bytes {
  const info = new pkijs.ContentInfo({ schema: parse(der) })
  const signed = new pkijs.SignedData({ schema: info.content })
  signed.signerInfos[0]!.signature = new asn1.OctetString({ valueHex: derSignature(signature).buffer })
  const { contentType } = info
  return bytesOf(new pkijs.ContentInfo({ contentType, content: signed.toSchema() }).toSchema().toBER(false))
}

interface Claim {
  by: pkijs.SignerInfo
  attributes: readonly pkijs.Attribute[]
  signer: x509.X509Certificate
  data: Uint8Array
  contentType: string
}

async function requireSigned({ by, attributes, signer, data, contentType }: Claim): Promise<void> {
  if (by.digestAlgorithm.algorithmId !== SHA256) throw new ProofError('algorithm', 'only SHA-256 is accepted')
  const type = valueOf(attributes, CONTENT_TYPE) as asn1.ObjectIdentifier | undefined
  if (type?.getValue() !== contentType) throw new ProofError('altered', 'content type differs')
  const digest = valueOf(attributes, MESSAGE_DIGEST)
  if (!digest || !sameBytes(octetsOf(digest), await sha256(data)))
    throw new ProofError('altered', 'the content differs')
  const meant = valueOf(attributes, SIGNING_CERTIFICATE_V2)
  const hash = meant && certificateHash(meant)
  if (!hash || !sameBytes(hash, await sha256(new Uint8Array(signer.rawData))))
    throw new ProofError('certificate', 'another certificate was meant')
  const good = await holds(
    signer,
    by.signatureAlgorithm.algorithmId,
    octetsOf(by.signature),
    signedBytes(by.signedAttrs!),
  )
  if (!good) throw new ProofError('signature', 'the signature does not hold')
}

/** certHash of the first ESSCertIDv2; only its default hash, SHA-256, is accepted. */
function certificateHash(attribute: asn1.BaseBlock): Bytes | undefined {
  const certs = (attribute as asn1.Sequence).valueBlock.value[0] as asn1.Sequence | undefined
  const first = certs?.valueBlock.value[0] as asn1.Sequence | undefined
  const hash = first?.valueBlock.value.find((part) => part instanceof asn1.OctetString)
  return hash ? octetsOf(hash) : undefined
}

export { ID_DATA, ID_SIGNED_DATA, CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2, SHA256, ECDSA_SHA256 }
