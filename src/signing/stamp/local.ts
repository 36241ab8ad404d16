import * as asn1 from 'asn1js'
import * as pkijs from 'pkijs'
import { keyFromPem, newSerial, P256 } from '../../kernel/x509.ts'
import { derOf, type Identity } from '../authority/issue.ts'
import {
  bytesOf,
  CONTENT_TYPE,
  derSignature,
  ECDSA_SHA256,
  ID_SIGNED_DATA,
  MESSAGE_DIGEST,
  sha256,
  SHA256,
  SIGNING_CERTIFICATE_V2,
} from '../proof/cms.ts'
import { ID_TST_INFO } from '../proof/time-stamp.ts'

/** Says "stamped by the installation itself": a private arc, so that nobody takes it for a licensed authority's policy. */
export const LOCAL_POLICY = '1.3.6.1.4.1.99999.411.1'

const GRANTED = 0
const REJECTED = 2

const answer = (status: number, token?: pkijs.ContentInfo): Uint8Array =>
  bytesOf(
    new pkijs.TimeStampResp({
      status: new pkijs.PKIStatusInfo({ status }),
      ...(token ? { timeStampToken: token } : {}),
    })
      .toSchema()
      .toBER(false),
  )

const attribute = (type: string, value: asn1.BaseBlock): pkijs.Attribute =>
  new pkijs.Attribute({ type, values: [value] })

/** In the order that DER wants of a SET OF; the library leaves it to us. */
const inOrder = (attributes: pkijs.Attribute[]): pkijs.Attribute[] =>
  attributes
    .map((one) => ({ one, der: Buffer.from(one.toSchema().toBER(false)) }))
    .toSorted((a, b) => Buffer.compare(a.der, b.der))
    .map(({ one }) => one)

/**
 * Answers a time-stamp request (RFC 3161) with this installation's own clock and key: honest about an order of things within
 * the house, and no more than that. A licensed authority takes its place by setting.
 *
 * @returns a TimeStampResp, DER; a refusal where the request is not one for SHA-256.
 */
export async function stampLocally(
  stamper: Identity,
  issuer: Identity,
  request: Uint8Array,
  now: Date,
): Promise<Uint8Array> {
  const { offset, result } = asn1.fromBER(bytesOf(request).buffer)
  if (offset === -1) return answer(REJECTED)
  const asked = new pkijs.TimeStampReq({ schema: result })
  if (asked.messageImprint.hashAlgorithm.algorithmId !== SHA256) return answer(REJECTED)
  const info = new pkijs.TSTInfo({
    version: 1,
    policy: LOCAL_POLICY,
    messageImprint: asked.messageImprint,
    serialNumber: new asn1.Integer({ valueHex: bytesOf(Buffer.from(newSerial('41'), 'hex')).buffer }),
    genTime: new Date(Math.floor(now.getTime() / 1000) * 1000),
    ...(asked.nonce ? { nonce: asked.nonce } : {}),
  })
  const content = bytesOf(info.toSchema().toBER(false))
  return answer(GRANTED, await signToken(stamper, issuer, content))
}

/** Set afterwards: given to the constructor, it would be cut into a BER string that no verifier of time stamps takes. */
function wholeContent(content: Uint8Array): pkijs.EncapsulatedContentInfo {
  const info = new pkijs.EncapsulatedContentInfo({ eContentType: ID_TST_INFO })
  info.eContent = new asn1.OctetString({ valueHex: bytesOf(content).buffer })
  return info
}

async function signToken(stamper: Identity, issuer: Identity, content: Uint8Array): Promise<pkijs.ContentInfo> {
  const der = derOf(stamper.cert)
  const certificate = pkijs.Certificate.fromBER(bytesOf(der))
  const attributes = inOrder([
    attribute(CONTENT_TYPE, new asn1.ObjectIdentifier({ value: ID_TST_INFO })),
    attribute(MESSAGE_DIGEST, new asn1.OctetString({ valueHex: (await sha256(content)).buffer })),
    attribute(
      SIGNING_CERTIFICATE_V2,
      new asn1.Sequence({
        value: [
          new asn1.Sequence({
            value: [new asn1.Sequence({ value: [new asn1.OctetString({ valueHex: (await sha256(der)).buffer })] })],
          }),
        ],
      }),
    ),
  ])
  const signedAttrs = new pkijs.SignedAndUnsignedAttributes({ type: 0, attributes })
  const toSign = bytesOf(signedAttrs.toSchema().toBER(false))
  toSign[0] = 0x31
  const plain = await crypto.subtle.sign(P256, await keyFromPem(stamper.key), toSign)
  const signed = new pkijs.SignedData({
    version: 3,
    digestAlgorithms: [new pkijs.AlgorithmIdentifier({ algorithmId: SHA256 })],
    encapContentInfo: wholeContent(content),
    certificates: [certificate, pkijs.Certificate.fromBER(bytesOf(derOf(issuer.cert)))],
    signerInfos: [
      new pkijs.SignerInfo({
        version: 1,
        sid: new pkijs.IssuerAndSerialNumber({ issuer: certificate.issuer, serialNumber: certificate.serialNumber }),
        digestAlgorithm: new pkijs.AlgorithmIdentifier({ algorithmId: SHA256 }),
        signedAttrs,
        signatureAlgorithm: new pkijs.AlgorithmIdentifier({ algorithmId: ECDSA_SHA256 }),
        signature: new asn1.OctetString({ valueHex: derSignature(new Uint8Array(plain)).buffer }),
      }),
    ],
  })
  return new pkijs.ContentInfo({ contentType: ID_SIGNED_DATA, content: signed.toSchema(true) })
}
