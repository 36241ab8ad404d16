import type { PublicKeys } from '../../../src/ledger/contract.ts'
import { read } from '../api.ts'

/**
 * The public keys that this house publishes, base64. Everybody can make a key and sign a ledger of their own with it, so a
 * proof is held to these and not to the key that it brings along.
 */
export const publishedKeys = (): Promise<string[]> =>
  read<PublicKeys>('/ledger/keys').then(
    ({ items }) => items.map((key) => key.public_key),
    () => [],
  )
