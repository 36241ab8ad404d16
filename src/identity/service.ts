import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import type { Ports } from '../kernel/ports.ts'
import type { SignInMethod, Visitor } from './contract.ts'
import { defaultSettings, demoSettings, deviceLabel, windowOf, type Limit, type Settings } from './rules.ts'
import { clearThrottle, countThrottle, findSettings, insertAttempt, returnThrottle, saveSettings } from './store.ts'

/** The county's settings, or the defaults. */
export async function settingsOf(cmd: Pick<Command, 'tx' | 'county'>): Promise<Settings> {
  return (await findSettings(cmd.tx, cmd.county)) ?? defaultSettings
}

/** Relaxes a demo county once, so that its visitors need no second factor. */
export async function relaxForDemo(cmd: Command): Promise<void> {
  if (await findSettings(cmd.tx, cmd.county)) return
  await saveSettings(cmd.tx, cmd.county, { ...demoSettings, version: 1 })
}

/**
 * Counts one try against a limit.
 *
 * @param subject Keyed hash of whom it is counted on.
 * @returns seconds until the window ends when the limit is passed, else 0. A refusal that is thrown undoes the count.
 */
export async function take(cmd: Command, limit: Limit, subject: Buffer): Promise<number> {
  const { windowAt, endsAt } = windowOf(limit, cmd.now)
  const taken = await countThrottle(cmd.tx, { county: cmd.county, kind: limit.kind, subject, windowAt, endsAt })
  return taken > limit.most ? Math.max(1, Math.ceil((endsAt.getTime() - cmd.now.getTime()) / 1000)) : 0
}

/** The same, refusing as “locked”. @throws identity.locked with Retry-After. */
export async function takeOrLock(cmd: Command, limit: Limit, subject: Buffer): Promise<void> {
  const seconds = await take(cmd, limit, subject)
  if (seconds > 0)
    throw new Fault('identity.locked', { minutes: Math.ceil(seconds / 60) }, { retryAfterSeconds: seconds })
}

/** Forgets what was counted: the person has proved to be the right one. */
export const forgive = (cmd: Command, limit: Limit, subject: Buffer): Promise<void> =>
  clearThrottle(cmd.tx, { county: cmd.county, kind: limit.kind, subject })

/** Gives one try back to a subject that many share (an address). */
export const giveBack = (cmd: Command, limit: Limit, subject: Buffer): Promise<void> =>
  returnThrottle(cmd.tx, { county: cmd.county, kind: limit.kind, subject, ...windowOf(limit, cmd.now) })

export const addressKey = (cmd: Command, visitor: Visitor): Buffer =>
  cmd.vault.blind(cmd.county, 'address', visitor.address)

/** Keeps one attempt to sign in for the audit administrator: who is sealed or keyed, the outcome plain. */
export function recordAttempt(
  cmd: Command,
  visitor: Visitor,
  attempt: { method: SignInMethod; outcome: string; accountId?: string | null; subject?: Buffer | null },
): Promise<void> {
  return insertAttempt(cmd.tx, {
    county: cmd.county,
    at: cmd.now,
    method: attempt.method,
    outcome: attempt.outcome,
    accountId: attempt.accountId ?? null,
    subjectBlind: attempt.subject ?? null,
    addressSealed: cmd.vault.seal(cmd.county, visitor.address),
    deviceLabel: deviceLabel(visitor.userAgent),
  })
}

/** What remembers sessions in this process, per composed house (its ports object, which outlives replaced single ports). */
const memories = new WeakMap<Ports, { forget(ids: readonly string[]): void }>()

/** Names the memory that must forget when a session or token ends. */
export function rememberIn(ports: Ports, memory: { forget(ids: readonly string[]): void }): void {
  memories.set(ports, memory)
}

/** Drops sessions or API tokens from this process's memory once their end is committed; other processes follow in seconds. */
export function forgetAfterCommit(cmd: Command, ids: readonly string[]): void {
  if (ids.length > 0) cmd.afterCommit(() => memories.get(cmd.ports)?.forget(ids))
}
