import { useSyncExternalStore } from 'react'
import { houseLater } from './index.ts'
import type { Item } from './store.ts'

const none: readonly Item[] = []
let items = none
const listeners = new Set<() => void>()
let watching = false

function watch(): void {
  if (watching) return
  watching = true
  void houseLater().then((found) =>
    found?.watch((next) => {
      items = next
      for (const tell of listeners) tell()
    }),
  )
}

/** The outbox as it stands, in this tab and the others. */
export const useOutbox = (): readonly Item[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      watch()
      return () => listeners.delete(listener)
    },
    () => items,
  )

export const isUnsent = ({ state }: Item) => state !== 'sent'
