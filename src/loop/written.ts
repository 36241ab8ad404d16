import { randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import { idempotencyOwner, sealAnswer, type Command } from '../kernel/command.ts'
import type { KeptAnswer } from './store.ts'

const SALT_BYTES = 16

/** Binds what was written to the ledger without putting it there. */
export function commitTo(cmd: Command, written: Record<string, unknown>): { salt: Buffer; commitment: string } {
  const salt = randomBytes(SALT_BYTES)
  return { salt, commitment: cmd.vault.commitment(salt, canonicalize(written) ?? '').toString('hex') }
}

/** The kept answer as a hot path writes it inside its own statement; null when the request cannot be repeated. */
export function keep(cmd: Command, answer: unknown): KeptAnswer | null {
  const { idempotency } = cmd
  if (!idempotency) return null
  idempotency.saved = true
  return [
    cmd.county,
    idempotencyOwner(cmd.actor),
    idempotency.key,
    idempotency.route,
    idempotency.requestHash,
    sealAnswer(cmd, answer),
    cmd.now,
  ]
}
