import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let answered = true

/** Whether the server was reached when it was last asked; the browser alone knows only of its antenna. */
export const isReachable = () => answered && navigator.onLine

/** Told by every request: an answer of any kind is a way to the server. */
export function noteReached(reached: boolean): void {
  if (reached === answered) return
  answered = reached
  for (const tell of listeners) tell()
}

export function onReach(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}

export const useReachable = () => useSyncExternalStore(onReach, isReachable)
