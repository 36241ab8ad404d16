export const periods = [7, 30, 92] as const

export interface BurdenSearch {
  area?: string
  days?: number
}

/** What the address says; anything else is left out. */
export function burdenSearch(search: Record<string, unknown>): BurdenSearch {
  const { area, days } = search
  const known = periods.find((one) => one === Number(days))
  return { ...(typeof area === 'string' ? { area } : {}), ...(known ? { days: known } : {}) }
}
