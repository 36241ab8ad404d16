import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'

/**
 * argon2id with 19 MiB and three passes, one more than OWASP's least (19 MiB, t=2, p=1): about 40 ms on the smallest machine
 * we run on, and with at most four at once under 80 MiB, which leaves the process its memory.
 * @source OWASP Password Storage Cheat Sheet; RFC 9106 section 4.
 */
export const argonCost = { memoryCost: 19_456, timeCost: 3, parallelism: 1 } as const

/** Hashes under way at once, and those that may wait; more are refused with “busy” instead of piling up. */
export const HASHES_AT_ONCE = 4
export const HASHES_WAITING_MAX = 60

export const PASSWORD_LENGTH_MIN = 10
export const PASSWORD_LENGTH_MAX = 128

/** Passwords are compared as Unicode NFC, so that one typed on another keyboard is the same. */
export const normalisePassword = (password: string): string => password.normalize('NFC')

const plainWords = [
  'password',
  'tongxin',
  'admin',
  'qwerty',
  'asdfgh',
  'zxcvbn',
  'iloveyou',
  'woaini',
  '1q2w3e',
  'abc123',
  '5201314',
  '123456',
  '654321',
  '888888',
  '666666',
]

/** Whether the text runs up, down or stands still for most of its length: abcdef, 987654, aaaaaa. */
function runs(text: string): boolean {
  let longest = 1
  for (const step of [0, 1, -1]) {
    let length = 1
    for (let index = 1; index < text.length; index++) {
      length = text.charCodeAt(index) - text.charCodeAt(index - 1) === step ? length + 1 : 1
      longest = Math.max(longest, length)
    }
  }
  return longest * 2 > text.length
}

/**
 * What is wrong with a new password, or undefined.
 *
 * Length before variety; the old rule of forced monthly change is gone, since it makes passwords worse.
 * @source NIST SP 800-63B section 5.1.1.2; GB/T 22239 (等保) level 3 asks for complexity: two classes of characters.
 */
export function passwordComplaint(
  password: string,
  loginName: string,
): 'identity.password_too_short' | 'identity.password_too_plain' | undefined {
  const text = normalisePassword(password)
  if ([...text].length < PASSWORD_LENGTH_MIN) return 'identity.password_too_short'
  const lower = text.toLowerCase()
  const classes = [/\p{L}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((pattern) => pattern.test(text)).length
  const named = loginName.length >= 3 && lower.includes(loginName.toLowerCase())
  const worn = plainWords.some((word) => lower.includes(word) && word.length * 2 >= lower.length)
  const few = new Set(lower).size < 5
  return classes < 2 || named || worn || few || runs(lower) ? 'identity.password_too_plain' : undefined
}

/** SHA-1 because the common authenticator apps silently know nothing else; HMAC does not suffer from its collisions (RFC 6238). */
export const TOTP_ALGORITHM = 'SHA1'
const TOTP_PERIOD_SECONDS = 30
const TOTP_DIGITS = 6

export const newTotpSecret = (): string => new Secret({ size: 20 }).base32

const totpOf = (secret: string, label = 'tongxin'): TOTP =>
  new TOTP({
    issuer: '同心',
    label,
    algorithm: TOTP_ALGORITHM,
    digits: TOTP_DIGITS,
    period: TOTP_PERIOD_SECONDS,
    secret: Secret.fromBase32(secret),
  })

/** What the authenticator app reads from the QR code. */
export const totpUri = (secret: string, loginName: string): string => totpOf(secret, loginName).toString()

/** The code of an instant; for tests and the stand-in of an authenticator. */
export const totpCode = (secret: string, at: Date): string => totpOf(secret).generate({ timestamp: at.getTime() })

/**
 * The 30-second step whose code this is, one step of clock error allowed each way; undefined when it is none or was used.
 *
 * @param lastStep The newest step accepted so far: this one and older ones are refused, so that no code works twice.
 * @source RFC 6238 section 5.2.
 */
export function acceptedStep(secret: string, code: string, check: { now: Date; lastStep: number }): number | undefined {
  const digits = code.normalize('NFKC').replace(/\s/g, '')
  if (!/^\d{6}$/.test(digits)) return undefined
  const present = Math.floor(check.now.getTime() / 1000 / TOTP_PERIOD_SECONDS)
  const delta = totpOf(secret).validate({ token: digits, timestamp: check.now.getTime(), window: 1 })
  if (delta === null) return undefined
  const step = present + delta
  return step > check.lastStep ? step : undefined
}

export const RECOVERY_CODES = 10
/** Without I, L, O, U, 0 and 1: nobody has to guess what was written down. */
const recoveryLetters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Ten codes of ten letters (49 bits each), shown as AAAAA-AAAAA. */
export function newRecoveryCodes(): string[] {
  const code = (): string => {
    let letters = ''
    while (letters.length < 10) {
      const byte = randomBytes(1)[0] ?? 255
      // Bytes past the last whole round are thrown away, so that every letter is equally likely.
      if (byte < 240) letters += recoveryLetters[byte % 30]
    }
    return `${letters.slice(0, 5)}-${letters.slice(5)}`
  }
  return Array.from({ length: RECOVERY_CODES }, code)
}

export const normaliseRecoveryCode = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
