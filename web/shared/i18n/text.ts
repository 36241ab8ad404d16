import { useSyncExternalStore } from 'react'
import type { zhDesk } from './zh-CN.desk.ts'
import { zhCN } from './zh-CN.ts'

export type Language = 'zh-CN' | 'en'
export type TextKey = keyof typeof zhCN | keyof typeof zhDesk
export type Catalogue = Record<TextKey, string>
export type Translate = (key: TextKey, values?: Record<string, string | number>) => string

const storageKey = 'tongxin.language'
let current: Language = 'zh-CN'
/** A face that does not fetch the desk's texts shows none of its pages. */
const chinese = { ...zhCN } as Catalogue
let catalogue = chinese
const listeners = new Set<() => void>()

export const language = () => current

/** Adds the texts that only one face says, before it is shown. */
export function addTexts(more: Partial<Catalogue>): void {
  Object.assign(chinese, more)
}

/** Chinese is part of the page; English is fetched when somebody asks for it. */
export async function switchLanguage(next: Language): Promise<void> {
  catalogue = next === 'en' ? (await import('./en.ts')).en : chinese
  current = next
  document.documentElement.lang = next
  localStorage.setItem(storageKey, next)
  // The server's sentences follow the choice made here, not the browser's settings.
  document.cookie = `tongxin_locale=${next}; path=/; max-age=31536000; samesite=lax`
  for (const tell of listeners) tell()
}

/** The language last chosen here; Chinese first, whatever the browser says. */
export async function restoreLanguage(): Promise<void> {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(storageKey)
  await switchLanguage(asked === 'en' ? 'en' : 'zh-CN')
}

export const t: Translate = (key, values) => {
  const text = catalogue[key]
  const filled = values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text
  return current === 'zh-CN' ? spaced(filled) : filled
}

/** The translator of the language shown now; the component is drawn anew when the language changes. */
export function useText(): Translate {
  useSyncExternalStore(subscribe, language)
  return t
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const han = '\\p{Script=Han}'
const latin = '[A-Za-z0-9]'
const border = new RegExp(`(?<=${han})(?=${latin})|(?<=${latin})(?=${han})`, 'gu')
const spacedTexts = new Map<string, string>()

/** Puts a thin space between Chinese and Latin, as printers do: 还剩 2 个工作日. */
export function spaced(text: string): string {
  let found = spacedTexts.get(text)
  if (found === undefined) {
    found = text.replace(border, '\u2009').replace(/ (?=\p{Script=Han})|(?<=\p{Script=Han}) /gu, '\u2009')
    if (spacedTexts.size > 2000) spacedTexts.clear()
    spacedTexts.set(text, found)
  }
  return found
}
