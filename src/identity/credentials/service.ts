import { hash, parseOptions, verify } from '@node-rs/argon2'
import qrcode from 'qrcode'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import {
  acceptedStep,
  argonCost,
  HASHES_AT_ONCE,
  HASHES_WAITING_MAX,
  newRecoveryCodes,
  newTotpSecret,
  normalisePassword,
  normaliseRecoveryCode,
  passwordComplaint,
  PASSWORD_LENGTH_MIN,
  TOTP_ALGORITHM,
  totpUri,
} from './rules.ts'
import * as store from './store.ts'

let underWay = 0
const waiting: (() => void)[] = []

/** A lane for argon2: four at once, sixty in line. @throws identity.busy when the line is full. */
async function inLane<T>(work: () => Promise<T>): Promise<T> {
  if (underWay >= HASHES_AT_ONCE) {
    if (waiting.length >= HASHES_WAITING_MAX) throw new Fault('identity.busy', {}, { retryAfterSeconds: 5 })
    await new Promise<void>((go) => waiting.push(go))
  } else underWay++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else underWay--
  }
}

/** The argon2id hash in PHC form. Slow on purpose: call it outside a transaction where strangers can make it run. */
export const hashPassword = (password: string): Promise<string> =>
  inLane(() => hash(normalisePassword(password), argonCost))

let decoy: Promise<string> | undefined
/** A hash that no password fits, so that an unknown login name costs as long as a wrong password. */
export const decoyHash = (): Promise<string> => (decoy ??= hash(Buffer.from(newTotpSecret()), argonCost))

export const passwordFits = (phc: string, password: string): Promise<boolean> =>
  inLane(() => verify(phc, normalisePassword(password)))

/** Whether the hash was made with a cost that is no longer ours. */
export function isOutdated(phc: string): boolean {
  const { memoryCost, timeCost, parallelism } = parseOptions(phc)
  return memoryCost !== argonCost.memoryCost || timeCost !== argonCost.timeCost || parallelism !== argonCost.parallelism
}

/** @throws identity.password_too_short, identity.password_too_plain */
export function requireGoodPassword(password: string, loginName: string): void {
  const complaint = passwordComplaint(password, loginName)
  if (complaint) throw new Fault(complaint, { length: PASSWORD_LENGTH_MIN })
}

export const savePassword = (cmd: Command, accountId: string, phc: string): Promise<void> =>
  store.savePasswordHash(cmd.tx, { county: cmd.county, accountId, hash: phc, changedAt: cmd.now })

export interface TotpOffer {
  secret: string
  uri: string
  /** SVG of the QR code. */
  qrSvg: string
}

/** Makes a secret that counts only when its first code was shown. @throws identity.totp_enrolled when one is on already. */
export async function offerTotp(cmd: Command, account: { id: string; loginName: string | null }): Promise<TotpOffer> {
  const secret = newTotpSecret()
  const offered = await store.offerTotp(cmd.tx, {
    county: cmd.county,
    accountId: account.id,
    secretSealed: cmd.vault.seal(cmd.county, secret),
    algorithm: TOTP_ALGORITHM,
    createdAt: cmd.now,
  })
  if (!offered) throw new Fault('identity.totp_enrolled')
  const uri = totpUri(secret, account.loginName ?? account.id)
  return { secret, uri, qrSvg: await qrcode.toString(uri, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' }) }
}

/** Switches an offered secret on with its first code and gives the recovery codes; undefined when the code is wrong. */
export async function confirmTotp(cmd: Command, accountId: string, code: string): Promise<string[] | undefined> {
  const row = await store.findTotp(cmd.tx, cmd.county, accountId)
  if (!row) throw new Fault('identity.totp_not_enrolled')
  if (row.confirmedAt) throw new Fault('identity.totp_enrolled')
  if (!(await stepFits(cmd, row, code))) return undefined
  await store.confirmTotp(cmd.tx, { county: cmd.county, accountId }, cmd.now)
  return renewRecoveryCodes(cmd, accountId)
}

/** Whether the code is right, of now, and was never used; uses it up. */
export async function totpFits(cmd: Command, accountId: string, code: string): Promise<boolean> {
  const row = await store.findTotp(cmd.tx, cmd.county, accountId)
  return row?.confirmedAt ? stepFits(cmd, row, code) : false
}

async function stepFits(cmd: Command, row: store.TotpRow, code: string): Promise<boolean> {
  const secret = cmd.vault.open(cmd.county, row.secretSealed)
  const step = acceptedStep(secret, code, { now: cmd.now, lastStep: row.lastStep })
  return step !== undefined && store.takeStep(cmd.tx, { county: cmd.county, accountId: row.accountId }, step)
}

export async function hasTotp(cmd: Command, accountId: string): Promise<boolean> {
  return Boolean((await store.findTotp(cmd.tx, cmd.county, accountId))?.confirmedAt)
}

/** Ten new recovery codes; the old ones are dead. */
export async function renewRecoveryCodes(cmd: Command, accountId: string): Promise<string[]> {
  const codes = newRecoveryCodes()
  const blinds = codes.map((code) => recoveryBlind(cmd, accountId, code))
  await store.replaceRecoveryCodes(cmd.tx, { county: cmd.county, accountId }, { blinds, at: cmd.now })
  return codes
}

/** Whether the recovery code was right; uses it up. */
export const recoveryCodeFits = (cmd: Command, accountId: string, code: string): Promise<boolean> =>
  store.takeRecoveryCode(
    cmd.tx,
    { county: cmd.county, accountId, codeBlind: recoveryBlind(cmd, accountId, code) },
    cmd.now,
  )

const recoveryBlind = (cmd: Command, accountId: string, code: string): Buffer =>
  cmd.vault.blind(cmd.county, 'recoveryCode', `${accountId}:${normaliseRecoveryCode(code)}`)
