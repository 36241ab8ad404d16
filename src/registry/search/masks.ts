/** 13800138000 → 138****8000. */
export const maskPhone = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`

/** 11010519491231002X → **************002X. */
export const maskCitizenId = (id: string): string => `${'*'.repeat(Math.max(0, id.length - 4))}${id.slice(-4)}`

/** Whole years from a day of birth to a day. */
export const ageOn = (bornOn: string, on: string): number =>
  Number(on.slice(0, 4)) - Number(bornOn.slice(0, 4)) - (on.slice(5) < bornOn.slice(5) ? 1 : 0)
