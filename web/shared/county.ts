export interface County {
  code: string
  name: string
}

const storageKey = 'tongxin.county'
let served: readonly County[] = []
let demo = false
let home: string | null = null

/** @param homeCounty Where a folder made for trying out begins: its other counties are only ground. */
export function rememberCounties(counties: readonly County[], isDemo: boolean, homeCounty: string | null = null): void {
  served = counties
  demo = isDemo
  home = homeCounty
  // Where there is no choice it is remembered, so that the next page can ask at once for what belongs to the county.
  if (counties.length === 1 && counties[0] && localStorage.getItem(storageKey) === null) chooseCounty(counties[0].code)
}

export const servedCounties = () => served
/** Whether this is a folder made for trying out; the sign-in page then lists the roles. */
export const isDemo = () => demo

/** The county this browser works for: from the link it was opened by, else the last one chosen, else the only one here. */
export function currentCounty(): string | null {
  const asked = new URLSearchParams(location.search).get('county')
  if (asked && /^\d{6}$/.test(asked)) chooseCounty(asked)
  const kept = localStorage.getItem(storageKey)
  if (kept && (served.length === 0 || served.some((county) => county.code === kept))) return kept
  if (demo && home !== null) return home
  return served.length === 1 ? (served[0]?.code ?? null) : null
}

export const chooseCounty = (code: string) => localStorage.setItem(storageKey, code)

/** Shown in page heads; empty until the server told it. */
export const countyName = () => served.find((county) => county.code === currentCounty())?.name ?? ''
