import type { Me } from '../../../src/identity/accounts/contract.ts'
import { isSignedOut, randomKey, send } from '../api.ts'
import type { Loaded } from '../loading.ts'
import { useRead } from '../loading.ts'

export interface SessionState {
  /** Undefined while nobody knows yet; null when nobody is signed in. */
  me: Me | null | undefined
  loaded: Loaded<Me>
}

export function useSession(): SessionState {
  const loaded = useRead<Me>('/identity/me')
  const signedOut = isSignedOut(loaded.error)
  return { me: signedOut ? null : loaded.data, loaded }
}

/** Ends the session here and leaves the face with an empty memory. */
export async function signOut(to: string): Promise<void> {
  await send('/identity/sign-out', { body: {}, key: randomKey() }).catch(() => undefined)
  location.assign(to)
}
