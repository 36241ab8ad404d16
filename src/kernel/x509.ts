import './x509-reflect.ts'
import * as x509 from '@peculiar/x509'

/*
 * Certificates, by WebCrypto alone: the same file runs in the house, in a page and in the verifier that needs no network.
 */

x509.cryptoProvider.set(globalThis.crypto)
export { x509 }

/** The one curve and hash of every certificate that this house makes. */
export const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
export const DAY_MS = 86_400_000

export const newKeys = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(P256, true, ['sign', 'verify'])

export const keyPemOf = async (key: CryptoKey): Promise<string> =>
  x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')

export const keyFromPem = (pem: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), P256, false, ['sign'])

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** A serial number that nobody can guess. @param first two hex digits that tell kinds of certificates apart. */
export const newSerial = (first: string): string => `${first}${hexOf(crypto.getRandomValues(new Uint8Array(15)))}`
