import { randomBytes } from 'node:crypto'
import { DAY_MS, keyFromPem, keyPemOf, newKeys, newSerial, P256, x509 } from '../../kernel/x509.ts'

/** A certificate with the key that belongs to it, both PEM. */
export interface Identity {
  readonly key: string
  readonly cert: string
}

/** What the local authority is made of. Its root is what somebody must decide to trust; nobody else vouches for it. */
export interface LocalAuthority {
  readonly root: Identity
  /** Issues the certificates of signers, seals and time stamps. */
  readonly issuer: Identity
  readonly stamper: Identity
}

const ROOT_DAYS = 3650
const ISSUER_DAYS = 1825
const SEAL_DAYS = 730
/** A signer's key lives for one signature: minutes, generously counted for a slow line. */
export const SIGNER_MINUTES = 30
const CRL_DAYS = 30

/** Names as values, never as text: a person called `张伟,O=evil` stays one name. */
const named = (parts: Record<string, string>): x509.Name =>
  new x509.Name(Object.entries(parts).map(([type, value]) => ({ [type]: [value] })))

interface Wanted {
  subject: x509.Name
  publicKey: CryptoKey | x509.PublicKey
  from: Date
  until: Date
  extensions: x509.Extension[]
  first: string
}

async function issueBy(issuer: Identity, wanted: Wanted): Promise<x509.X509Certificate> {
  const by = new x509.X509Certificate(issuer.cert)
  return x509.X509CertificateGenerator.create({
    serialNumber: newSerial(wanted.first),
    subject: wanted.subject,
    issuer: by.subjectName,
    notBefore: wanted.from,
    notAfter: wanted.until,
    signingAlgorithm: P256,
    publicKey: wanted.publicKey,
    signingKey: await keyFromPem(issuer.key),
    extensions: [
      ...wanted.extensions,
      await x509.SubjectKeyIdentifierExtension.create(wanted.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(by),
    ],
  })
}

const authorityOf = (length: number): x509.Extension[] => [
  new x509.BasicConstraintsExtension(true, length, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
]
const leafFor = (usages: number): x509.Extension[] => [
  new x509.BasicConstraintsExtension(false, undefined, true),
  new x509.KeyUsagesExtension(usages, true),
]
const days = (now: Date, count: number): Date => new Date(now.getTime() + count * DAY_MS)

/** A new authority: root, issuer and the key that stamps times. @param owner whose installation it is, as people read it. */
export async function makeLocalAuthority(owner: string, now: Date): Promise<LocalAuthority> {
  const from = days(now, -1)
  const rootKeys = await newKeys()
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial('11'),
    name: named({ CN: `${owner} 本地根证书`, O: owner }),
    notBefore: from,
    notAfter: days(now, ROOT_DAYS),
    signingAlgorithm: P256,
    keys: rootKeys,
    extensions: [...authorityOf(1), await x509.SubjectKeyIdentifierExtension.create(rootKeys.publicKey)],
  })
  const root = { key: await keyPemOf(rootKeys.privateKey), cert: made.toString('pem') }
  const below = async (by: Identity, wanted: Omit<Wanted, 'publicKey' | 'from'>): Promise<Identity> => {
    const keys = await newKeys()
    const cert = await issueBy(by, { ...wanted, publicKey: keys.publicKey, from })
    return { key: await keyPemOf(keys.privateKey), cert: cert.toString('pem') }
  }
  const issuer = await below(root, {
    subject: named({ CN: `${owner} 本地签发证书`, O: owner }),
    until: days(now, ISSUER_DAYS),
    extensions: authorityOf(0),
    first: '12',
  })
  const stamper = await below(issuer, {
    subject: named({ CN: `${owner} 本地时间戳`, O: owner }),
    until: days(now, ISSUER_DAYS),
    extensions: [
      ...leafFor(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.timeStamping], true),
    ],
    first: '13',
  })
  return { root, issuer, stamper }
}

/** A certificate for an organisation's seal. */
export async function issueSeal(issuer: Identity, organisation: string, now: Date): Promise<Identity> {
  const keys = await newKeys()
  const cert = await issueBy(issuer, {
    subject: named({ CN: organisation, O: organisation }),
    publicKey: keys.publicKey,
    from: days(now, -1),
    until: days(now, SEAL_DAYS),
    extensions: leafFor(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation),
    first: '21',
  })
  return { key: await keyPemOf(keys.privateKey), cert: cert.toString('pem') }
}

/**
 * A certificate of minutes for the key that was made on the signer's phone.
 *
 * @param spki The public key as the phone gave it (SubjectPublicKeyInfo, DER).
 * @param envelope Binds the certificate to the one document: its subject's serialNumber.
 * @returns DER.
 */
export async function issueSigner(
  issuer: Identity,
  signer: { name: string; spki: Uint8Array<ArrayBuffer>; envelope: string },
  now: Date,
): Promise<Uint8Array> {
  const cert = await issueBy(issuer, {
    subject: new x509.Name([{ CN: [signer.name] }, { '2.5.4.5': [{ utf8String: signer.envelope }] }]),
    publicKey: new x509.PublicKey(signer.spki),
    from: new Date(now.getTime() - 60_000),
    until: new Date(now.getTime() + SIGNER_MINUTES * 60_000),
    extensions: leafFor(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation),
    first: '31',
  })
  return new Uint8Array(cert.rawData)
}

/** The list of what an authority has taken back, DER; empty for a local one, and dated all the same. */
export async function revocationListOf(authority: Identity, now: Date): Promise<Uint8Array> {
  const by = new x509.X509Certificate(authority.cert)
  const list = await x509.X509CrlGenerator.create({
    issuer: by.subjectName,
    thisUpdate: now,
    nextUpdate: days(now, CRL_DAYS),
    signingAlgorithm: P256,
    signingKey: await keyFromPem(authority.key),
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(by),
      new x509.Extension('2.5.29.20', false, crlNumber()),
    ],
  })
  return new Uint8Array(list.rawData)
}

/** An INTEGER of seven bytes, positive. */
function crlNumber(): Uint8Array<ArrayBuffer> {
  const number = new Uint8Array(randomBytes(7))
  number[0]! &= 0x7f
  number[0]! |= 0x01
  return Uint8Array.of(0x02, 0x07, ...number)
}

export const derOf = (pem: string): Uint8Array => new Uint8Array(new x509.X509Certificate(pem).rawData)
