import type { SentCode } from '../../../src/identity/phone-codes/contract.ts'

/** A code that was asked for: phones close the page while its message is being read. */
export interface AskedCode {
  request: string
  phone: string
  expiresAt: number
  resendAt: number
}

const storageKey = 'tongxin.phone-code'

/** The request under way, as long as its code is good. */
export function findAskedCode(): AskedCode | undefined {
  try {
    const asked = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') as AskedCode | null
    if (asked && asked.expiresAt > Date.now()) return asked
  } catch {
    // What an older page left there is none.
  }
  forgetPhoneCode()
  return undefined
}

export function keepAskedCode(phone: string, sent: SentCode): AskedCode {
  const resendAt = Date.now() + sent.resendAfterSeconds * 1000
  const asked = { request: sent.request, phone, expiresAt: Date.parse(sent.expiresAt), resendAt }
  sessionStorage.setItem(storageKey, JSON.stringify(asked))
  return asked
}

/** Used or expired: the next person asks for another. */
export const forgetPhoneCode = () => sessionStorage.removeItem(storageKey)
