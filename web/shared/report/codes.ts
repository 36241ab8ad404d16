const storageKey = 'tongxin.codes'
const keptMax = 50

type Codes = Record<string, string>

function kept(): Codes {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Codes
  } catch {
    return {}
  }
}

/** The progress codes that this phone was given, by matter; the server keeps only their hashes. */
export const progressCodeOf = (matterId: string): string | undefined => {
  const codes = kept()
  return Object.hasOwn(codes, matterId) ? codes[matterId] : undefined
}

export function keepProgressCode(matterId: string, code: string): void {
  const codes = Object.entries({ ...kept(), [matterId]: code }).slice(-keptMax)
  localStorage.setItem(storageKey, JSON.stringify(Object.fromEntries(codes)))
}
