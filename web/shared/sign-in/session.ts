import { useCallback, useSyncExternalStore } from 'react'
import type { Me, Who } from '../../../src/identity/accounts/contract.ts'
import { isSignedOut, isUnanswered, randomKey, send } from '../api.ts'
import type { Loaded } from '../loading.ts'
import { useRead } from '../loading.ts'
import { forgetPhone } from '../offline/index.ts'
import { forgetPhoneCode } from './phone-code-kept.ts'

export interface SessionState {
  /** Undefined while nobody knows yet; null when nobody is signed in. */
  me: Me | null | undefined
  loaded: Loaded<Me>
}

/** Somebody signed out here without a network: the server is told as soon as there is one, and nobody is let in before. */
const storageKey = 'tongxin.signing-out'
const listeners = new Set<() => void>()
const isLeaving = () => localStorage.getItem(storageKey) !== null

function setLeaving(leaving: boolean): void {
  if (leaving) localStorage.setItem(storageKey, '1')
  else localStorage.removeItem(storageKey)
  for (const tell of listeners) tell()
}

function listen(tell: () => void): () => void {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

export function useSession(): SessionState {
  const leaving = useSyncExternalStore(listen, isLeaving)
  const asked = useRead<Who>(leaving ? null : '/identity/who')
  const { replace } = asked
  const loaded: Loaded<Me> = {
    ...asked,
    data: asked.data?.me ?? undefined,
    replace: useCallback((me: Me) => replace({ me }), [replace]),
  }
  if (leaving) {
    // Whoever signs in now has a session of their own.
    const reload = () => {
      setLeaving(false)
      loaded.reload()
    }
    return { me: null, loaded: { ...loaded, reload } }
  }
  return { me: isSignedOut(asked.error) ? null : asked.data?.me, loaded }
}

async function tellServer(): Promise<void> {
  try {
    await send('/identity/sign-out', { body: {}, key: randomKey() })
    setLeaving(false)
  } catch (error) {
    // Signed out already is signed out.
    if (!isUnanswered(error)) setLeaving(false)
  }
}

/** Goes on with a sign-out that had no network. */
export async function finishSignOut(): Promise<void> {
  if (!isLeaving()) return
  addEventListener('online', () => isLeaving() && void tellServer())
  await tellServer()
}

export const useLeaving = () => useSyncExternalStore(listen, isLeaving)

/** Ends the session here, deletes what this browser kept for the person, and leaves the face with an empty memory. */
export async function signOut(to: string): Promise<void> {
  setLeaving(true)
  await forgetPhone()
  forgetPhoneCode()
  await tellServer()
  location.assign(to)
}
