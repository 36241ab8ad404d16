import { createHash } from 'node:crypto'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { uuidv5 } from '../../kernel/ids.ts'
import { record } from '../../ledger/index.ts'
import { SettingChanged, type SetSetting, type Setting, type Settings } from './contract.ts'
import * as store from './store.ts'

/** The same row, hence ledger subject, for the same day or key of a county. */
export const idOf = (cmd: Command, what: string): string =>
  uuidv5('f0b1a2ce-55d8-5b9e-8f57-5d24c1f5a3e1', `${cmd.county}/${what}`)

export const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')

const shippedSettings = new Map<string, (value: unknown) => boolean>()

/**
 * Declares something a county may set for itself; called at import by the room that reads it.
 *
 * @param fits Whether a value can be stored.
 */
export function offerSetting(key: string, fits: (value: unknown) => boolean): void {
  shippedSettings.set(key, fits)
}

/** What the county has set for a key; undefined while the shipped default holds. */
export async function findSetting<T>(cmd: Pick<Command, 'tx' | 'county'>, key: string): Promise<T | undefined> {
  return (await store.findSettingRecord(cmd.tx, cmd.county, key))?.value as T | undefined
}

/** The same with its version, for what is read and saved by a room of its own. */
export async function findSettingWithVersion<T>(
  cmd: Pick<Command, 'tx' | 'county'>,
  key: string,
): Promise<{ value: T; version: number } | undefined> {
  const found = await store.findSettingRecord(cmd.tx, cmd.county, key)
  return found && { value: found.value as T, version: found.version }
}

/** Writes a setting anew where a change of the ground concerns it. @returns how many of its parts changed, by `change`. */
export async function rewriteSetting<T>(
  cmd: Command,
  key: string,
  change: (value: T) => { value: T; changed: number },
): Promise<number> {
  const there = await findSettingWithVersion<T>(cmd, key)
  if (!there) return 0
  const { value, changed } = change(there.value)
  if (changed > 0) await saveSetting(cmd, { key, value, version: there.version })
  return changed
}

/** Everything that the county has set. @throws kernel.forbidden, kernel.wrong_purpose */
export async function listSettings(cmd: Command): Promise<Settings> {
  requireGrant(cmd, 'grid.manage', cmd.county)
  const rows = await store.listSettings(cmd.tx, cmd.county)
  const known = new Map(rows.map(({ key, value, version }) => [key, { key, value, version }]))
  for (const key of shippedSettings.keys()) if (!known.has(key)) known.set(key, { key, value: null, version: 0 })
  return { items: [...known.values()].toSorted((one, other) => (one.key < other.key ? -1 : 1)) }
}

/** Sets one. @throws grid.unknown_setting, kernel.invalid_input, kernel.stale, kernel.forbidden, kernel.wrong_purpose */
export async function setSetting(cmd: Command, key: string, input: SetSetting): Promise<Setting> {
  requireGrant(cmd, 'grid.manage', cmd.county)
  const fits = shippedSettings.get(key)
  if (!fits) throw new Fault('grid.unknown_setting')
  if (!fits(input.value)) {
    const [zh, en] = ['这一项的内容不对', 'The value does not fit']
    throw new Fault('kernel.invalid_input', { fields: [{ path: 'value', message: zh, zh, en }] })
  }
  return saveSetting(cmd, { key, value: input.value, version: input.version })
}

/** Saves a setting and records it. @throws kernel.stale */
export async function saveSetting(
  cmd: Command,
  input: { key: string; value: unknown; version: number },
): Promise<Setting> {
  const there = await store.findSettingRecord(cmd.tx, cmd.county, input.key)
  if ((there?.version ?? 0) !== input.version) throw new Fault('kernel.stale', { version: there?.version ?? 0 })
  const { key, value } = input
  const version = input.version + 1
  const id = idOf(cmd, `setting:${key}`)
  await store.saveSettingRecord(cmd.tx, cmd.county, { key, id, value, version }, cmd.now)
  await record(cmd, SettingChanged, { id, version }, { key, setting: id, sha256: digest(value) })
  return { key, value, version }
}
