import type { Command } from '../../kernel/command.ts'
import type { PersonState } from '../people/saving.ts'

/** Two records as they were before they became one. */
export interface Snapshot {
  readonly kept: PersonState
  readonly dropped: PersonState
}

/** Bytes and instants said so, since JSON has neither. */
function plain(this: unknown, key: string, value: unknown): unknown {
  const raw = (this as Record<string, unknown>)[key]
  if (raw instanceof Date) return { instant: raw.toISOString() }
  if (Buffer.isBuffer(raw)) return { bytes: raw.toString('base64') }
  return value
}

function revived(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value)
  const [name, text] = entries.length === 1 ? entries[0]! : []
  if (name === 'instant' && typeof text === 'string') return new Date(text)
  if (name === 'bytes' && typeof text === 'string') return Buffer.from(text, 'base64')
  return value
}

export const sealSnapshot = (cmd: Command, snapshot: Snapshot): Buffer =>
  cmd.vault.seal(cmd.county, JSON.stringify(snapshot, plain))

export const openSnapshot = (cmd: Command, sealed: Buffer): Snapshot =>
  JSON.parse(cmd.vault.open(cmd.county, sealed), revived) as Snapshot
