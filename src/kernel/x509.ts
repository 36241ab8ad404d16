import { webcrypto } from 'node:crypto'
import './x509-reflect.ts'
import * as x509 from '@peculiar/x509'

x509.cryptoProvider.set(webcrypto as Crypto)
export { x509 }

/** The one curve and hash of every certificate that this house makes. */
export const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
export const DAY_MS = 86_400_000

export const newKeys = (): Promise<CryptoKeyPair> =>
  webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']) as Promise<CryptoKeyPair>

export const keyPemOf = async (key: CryptoKey): Promise<string> =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key as webcrypto.CryptoKey), 'PRIVATE KEY')

export const keyFromPem = (pem: string): Promise<CryptoKey> =>
  webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), P256, false, ['sign']) as Promise<CryptoKey>

/** A serial number that nobody can guess. @param first two hex digits that tell kinds of certificates apart. */
export const newSerial = (first: string): string =>
  `${first}${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex')}`
