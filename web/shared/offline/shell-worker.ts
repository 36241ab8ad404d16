import { useSyncExternalStore } from 'react'
import { longQuiet } from '../quiet.ts'

const listeners = new Set<() => void>()
let waiting: ServiceWorker | null = null

function offer(next: ServiceWorker | null): void {
  waiting = next
  for (const tell of listeners) tell()
}

/**
 * Lays the shell of a face on the phone, so that it opens without a network. Web views without service workers go on
 * without; so does a page that was opened over plain http.
 */
export async function layShell(scope: '/h5' | '/r'): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  // Its first visit fetches the whole shell: that waits until the person has what they came for.
  if (!navigator.serviceWorker.controller) await longQuiet()
  const registration = await navigator.serviceWorker.register('/sw.js', { scope }).catch(() => undefined)
  if (!registration) return
  const look = (worker: ServiceWorker | null) => {
    const done = () => worker?.state === 'installed' && navigator.serviceWorker.controller && offer(worker)
    done()
    worker?.addEventListener('statechange', done)
  }
  look(registration.waiting)
  registration.addEventListener('updatefound', () => look(registration.installing))
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void registration.update().catch(() => undefined)
  })
}

/** A newer version lies ready: the answer takes it. */
export function useUpdate(): (() => void) | undefined {
  const ready = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => waiting,
  )
  if (!ready) return undefined
  return () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
    ready.postMessage('tongxin-update')
  }
}
