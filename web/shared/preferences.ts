import { useSyncExternalStore } from 'react'

const storageKey = 'tongxin.elder'
const listeners = new Set<() => void>()

/** Large type for older eyes; kept on this device only. */
export const isElder = () => document.documentElement.hasAttribute('data-elder')

export function setElder(on: boolean): void {
  document.documentElement.toggleAttribute('data-elder', on)
  localStorage.setItem(storageKey, on ? '1' : '')
  for (const tell of listeners) tell()
}

export const restoreElder = () => setElder(localStorage.getItem(storageKey) === '1')

export const useElder = () =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, isElder)
