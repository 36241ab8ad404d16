/**
 * Codes that the state gives out, checked at the door. Each check tells whether the text *can* be such a code;
 * whether it was ever issued only the issuer knows.
 */

const citizenIdWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const citizenIdChecks = '10X98765432'
/** First two digits of GB/T 2260: the provincial divisions. 83 stands in residence permits of Taiwan residents. */
const provinces = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '),
)
const organisationAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

const halfWidth = (text: string): string =>
  text.replace(/[\uFF01-\uFF5E]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))

/** Half-width, without blanks, upper case: the form in which citizen and organisation codes are stored and compared. */
export const normaliseCode = (text: string): string => halfWidth(text).replace(/\s/g, '').toUpperCase()

export interface CitizenIdFacts {
  /** `YYYY-MM-DD`. */
  readonly bornOn: string
  readonly sex: 'male' | 'female'
  /** Six digits of GB/T 2260 where the number was first given; the county may long be gone. */
  readonly division: string
}

/**
 * What a citizen ID number says by itself, or undefined when it cannot be one.
 *
 * Checks length, check character, provincial part of the division, and that the birth date exists, is not
 * before 1880 and not after `today` (`YYYY-MM-DD`, left out: not checked against today).
 * @source GB 11643-1999
 */
export function citizenIdFacts(id: string, today?: string): CitizenIdFacts | undefined {
  if (!/^\d{17}[\dX]$/.test(id)) return undefined
  const sum = citizenIdWeights.reduce((total, weight, at) => total + weight * Number(id[at]), 0)
  if (citizenIdChecks[sum % 11] !== id[17] || !provinces.has(id.slice(0, 2))) return undefined
  const bornOn = `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`
  const born = new Date(`${bornOn}T00:00:00Z`)
  if (Number.isNaN(born.getTime()) || born.toISOString().slice(0, 10) !== bornOn) return undefined
  if (bornOn < '1880-01-01' || (today !== undefined && bornOn > today)) return undefined
  return { bornOn, sex: Number(id[16]) % 2 === 1 ? 'male' : 'female', division: id.slice(0, 6) }
}

/** Whether the text (already normalised) can be a citizen ID number. @source GB 11643-1999 */
export const isCitizenId = (id: string, today?: string): boolean => citizenIdFacts(id, today) !== undefined

/**
 * Whether the text (already normalised) can be a unified social credit code: 18 characters without I O S V Z,
 * the last one making the weighted sum (3^i mod 31) a multiple of 31, and its organisation part (9–17) holding GB 11714.
 * @source GB 32100-2015
 */
export function isOrganisationCode(code: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(code)) return false
  let weight = 1
  let sum = 0
  for (const character of code.slice(0, 17)) {
    sum += organisationAlphabet.indexOf(character) * weight
    weight = (weight * 3) % 31
  }
  return organisationAlphabet[(31 - (sum % 31)) % 31] === code[17]
}

/** Eleven digits of a mainland mobile number without +86, blanks, dashes or full-width digits; undefined when it is none. */
export function normaliseMobile(text: string): string | undefined {
  const digits = halfWidth(text)
    .replace(/[\s()-]/g, '')
    .replace(/^(?:\+|00)?86(?=1\d{10}$)/, '')
  return isMobile(digits) ? digits : undefined
}

/** Whether the text is a mainland mobile number in the stored form: 11 digits, 13–19. */
export const isMobile = (text: string): boolean => /^1[3-9]\d{9}$/.test(text)

/**
 * Whether the text has the form of a division code: 2, 4 or 6 digits (GB/T 2260), 9 (GB/T 10114, township) or
 * 12 (statistical, village). That it exists on a day, the grid knows.
 */
export const isDivisionCode = (code: string): boolean =>
  /^(?:\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/.test(code) && provinces.has(code.slice(0, 2))
