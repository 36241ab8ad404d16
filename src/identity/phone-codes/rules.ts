import { randomInt } from 'node:crypto'

export const CODE_SECONDS = 300
export const CODE_WRONG_MAX = 5
export const RESEND_SECONDS = 60

/** Six digits, each as likely as the other. */
export const newCode = (): string => String(randomInt(0, 1_000_000)).padStart(6, '0')

/** People type full-width digits and blanks. */
export const normaliseCodeInput = (text: string): string => text.normalize('NFKC').replace(/\D/g, '')

export interface CodeLife {
  wrongCount: number
  expiresAt: Date
  usedAt: Date | null
}

/** What stands against a code before it is compared; undefined when nothing does. */
export function codeComplaint(
  code: CodeLife | undefined,
  now: Date,
): 'identity.code_expired' | 'identity.code_locked' | undefined {
  if (!code || code.usedAt !== null || now >= code.expiresAt) return 'identity.code_expired'
  return code.wrongCount >= CODE_WRONG_MAX ? 'identity.code_locked' : undefined
}
