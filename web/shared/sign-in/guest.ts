import type { SignInStep } from '../../../src/identity/contract.ts'
import { randomKey, send } from '../api.ts'

/** Opens a short session for a checked phone; no account has to be made for it. */
export const signInAsGuest = (phone: string, code: string) => send<SignInStep>('/sign-in/phone', { body: { phone, code, as: 'guest' }, key: randomKey() })
