import { useSyncExternalStore } from 'react'

const storageKey = 'tongxin.elder'
const listeners = new Set<() => void>()
const tellAll = () => listeners.forEach((tell) => tell())

/** A browser that keeps nothing (private mode) has the usual type each time. */
function kept(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}

/** Large type for older eyes; kept on this device only. */
export const isElder = () => document.documentElement.hasAttribute('data-elder')

export function setElder(on: boolean): void {
  document.documentElement.toggleAttribute('data-elder', on)
  localStorage.setItem(storageKey, on ? '1' : '')
  tellAll()
}

export const restoreElder = () => document.documentElement.toggleAttribute('data-elder', kept() === '1')

const listen = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useElder = () => useSyncExternalStore(listen, isElder)

/** True until somebody here has said which type they want. */
export const useElderUnasked = () => useSyncExternalStore(listen, () => kept() === null)
