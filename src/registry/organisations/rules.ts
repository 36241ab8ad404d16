import { isOrganisationCode, normaliseCode, normaliseMobile } from '../../kernel/codes.ts'
import { Fault } from '../../kernel/faults.ts'
import './contract.ts'

/** The 18 characters; null for an empty one. @throws registry.code_invalid */
export function requireOrganisationCode(text: string | null | undefined): string | null {
  const code = normaliseCode(text ?? '')
  if (code === '') return null
  if (!isOrganisationCode(code)) throw new Fault('registry.code_invalid')
  return code
}

/** A mobile or a landline with its area code, digits only; null for an empty one. @throws registry.phone_invalid */
export function requireOfficePhone(text: string | null | undefined): string | null {
  const given = (text ?? '').trim()
  if (given === '') return null
  const phone = normaliseMobile(given) ?? given.normalize('NFKC').replace(/[\s()-]/g, '')
  if (!/^(?:1[3-9]\d{9}|0\d{9,11}|[2-8]\d{6,7}|400\d{7})$/.test(phone)) throw new Fault('registry.phone_invalid')
  return phone
}
