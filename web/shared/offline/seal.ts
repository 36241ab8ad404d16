/** What lies on the phone: ciphertext and the nonce that it was made with. */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer>
  data: ArrayBuffer
}

const words = new TextEncoder()

/** A key that scripts can use and nobody can read: where it is deleted, what it sealed is gone. */
export const newKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])

/** `bound` names the row, so that a sealed thing moved to another row opens no more. */
export async function seal(key: CryptoKey, bound: string, bytes: BufferSource): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const additionalData = words.encode(bound)
  return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, bytes) }
}

/** @throws OperationError when it was sealed by another key or for another row. */
export const unseal = (key: CryptoKey, bound: string, { iv, data }: Sealed): Promise<ArrayBuffer> =>
  crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: words.encode(bound) }, key, data)

export const sealValue = (key: CryptoKey, bound: string, value: unknown): Promise<Sealed> =>
  seal(key, bound, words.encode(JSON.stringify(value)))

export const unsealValue = async (key: CryptoKey, bound: string, sealed: Sealed): Promise<unknown> =>
  JSON.parse(new TextDecoder().decode(await unseal(key, bound, sealed)))
