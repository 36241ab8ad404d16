import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { DAY_MS, keyFromPem, keyPemOf, newKeys, newSerial, P256, x509 } from '../kernel/x509.ts'

/** Phones refuse a certificate that holds longer than 825 days. */
const LEAF_DAYS = 397
const RENEW_DAYS = 30
const CA_DAYS = 3650

/** What a TLS server needs, and what phones must trust. */
export interface Certificates {
  readonly key: string
  readonly cert: string
  /** The authority's own certificate, PEM and DER. */
  readonly ca: string
  readonly caDer: Buffer
  /** By which somebody sees on the phone that it is this authority. */
  readonly fingerprint: string
  readonly names: readonly string[]
  readonly until: Date
}

/** The names and addresses by which this machine is reached in its own network. */
export function localNames(more: readonly string[] = []): string[] {
  const addresses = Object.values(networkInterfaces())
    .flat()
    .filter((found) => found !== undefined && !found.internal && !found.address.startsWith('fe80'))
    .map((found) => found!.address)
  const host = hostname().toLowerCase()
  const names = ['localhost', host, ...(host.includes('.') ? [] : [`${host}.local`]), '127.0.0.1', '::1']
  return [...new Set([...names, ...addresses, ...more])].filter(
    (name) => isIP(name) || /^[a-z0-9.-]{1,200}$/.test(name),
  )
}

/** The first address of this machine that a phone in the same network can open; `localhost` where there is none. */
export const phoneAddress = (names: readonly string[]): string =>
  names.find((name) => isIP(name) === 4 && name !== '127.0.0.1') ?? 'localhost'

interface Kept {
  key: string
  cert: string
}

const folderOf = (dataDir: string): string => join(dataDir, 'https')

function readKept(dataDir: string, name: string): Kept | undefined {
  const [key, cert] = ['key', 'crt'].map((ending) => join(folderOf(dataDir), `${name}.${ending}`))
  if (!existsSync(key!) || !existsSync(cert!)) return undefined
  return { key: readFileSync(key!, 'utf8'), cert: readFileSync(cert!, 'utf8') }
}

function keep(dataDir: string, name: string, { key, cert }: Kept): void {
  mkdirSync(folderOf(dataDir), { recursive: true, mode: 0o700 })
  writeFileSync(join(folderOf(dataDir), `${name}.key`), key, { mode: 0o600 })
  writeFileSync(join(folderOf(dataDir), `${name}.crt`), cert, { mode: 0o644 })
}

async function makeAuthority(now: Date): Promise<Kept> {
  const keys = await newKeys()
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial('01'),
    name: `CN=Tongxin ${hostname().replace(/[^A-Za-z0-9.-]/g, '')} ${now.toISOString().slice(0, 10)}`,
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + CA_DAYS * DAY_MS),
    signingAlgorithm: P256,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { key: await keyPemOf(keys.privateKey), cert: made.toString('pem') }
}

async function makeLeaf(authority: Kept, names: readonly string[], now: Date): Promise<Kept> {
  const issuer = new x509.X509Certificate(authority.cert)
  const keys = await newKeys()
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial('02'),
    subject: 'CN=Tongxin',
    issuer: issuer.subject,
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + LEAF_DAYS * DAY_MS),
    signingAlgorithm: P256,
    publicKey: keys.publicKey,
    signingKey: await keyFromPem(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: name })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  })
  return { key: await keyPemOf(keys.privateKey), cert: made.toString('pem') }
}

function namesIn(certificate: x509.X509Certificate): Set<string> {
  const names = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? []
  return new Set(names.map(({ value }) => value))
}

/**
 * The certificates of this installation, made when there are none and renewed 30 days before they end or when the machine
 * has got another address. The authority stays, so that phones need to trust it once. Keys lie in DATA_DIR/https (0600).
 */
export async function certificatesOf(dataDir: string, names: readonly string[], now: Date): Promise<Certificates> {
  const last = new Date(now.getTime() + RENEW_DAYS * DAY_MS)
  const isGood = (kept: Kept): boolean => new x509.X509Certificate(kept.cert).notAfter > last
  let authority = readKept(dataDir, 'authority')
  let leaf = readKept(dataDir, 'server')
  if (!authority || !isGood(authority)) {
    authority = await makeAuthority(now)
    leaf = undefined
    keep(dataDir, 'authority', authority)
  }
  const known = leaf && namesIn(new x509.X509Certificate(leaf.cert))
  if (!leaf || !isGood(leaf) || !names.every((name) => known?.has(name))) {
    leaf = await makeLeaf(authority, names, now)
    keep(dataDir, 'server', leaf)
  }
  const caDer = Buffer.from(new x509.X509Certificate(authority.cert).rawData)
  const digest = createHash('sha256').update(caDer).digest('hex').toUpperCase()
  return {
    key: leaf.key,
    cert: leaf.cert,
    ca: authority.cert,
    caDer,
    fingerprint: digest.match(/../g)!.join(':'),
    names,
    until: new x509.X509Certificate(leaf.cert).notAfter,
  }
}
