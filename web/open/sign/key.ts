const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** A key for one signature, made on this phone; its private half cannot be taken out, and goes with the page. */
export interface OneTimeKey {
  readonly spki: string
  sign(attributes: string): Promise<string>
}

const base64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)))
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))

/** True where the browser can make keys: https, or this machine itself. */
export const canMakeKeys = (): boolean => globalThis.crypto?.subtle !== undefined

export async function makeOneTimeKey(): Promise<OneTimeKey> {
  const keys = await crypto.subtle.generateKey(P256, false, ['sign', 'verify'])
  let used = false
  return {
    spki: base64(await crypto.subtle.exportKey('spki', keys.publicKey)),
    async sign(attributes) {
      if (used) throw new Error('a one-time key signs once')
      used = true
      const signature = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        keys.privateKey,
        bytesOf(attributes),
      )
      return base64(signature)
    },
  }
}
