import type { Command } from '../../kernel/command.ts'
import { isWithin } from '../../kernel/grants.ts'
import { listKnown } from './store.ts'

/** Somebody of the registry as whoever writes to them needs it; the number and the phone in the open. */
export interface KnownPerson {
  readonly id: string
  readonly name: string
  readonly bornOn: string | null
  readonly deceased: boolean
  readonly areaPath: string
  readonly householdId: string | null
  readonly address: string
  readonly citizenId: string
  readonly phone: string
}

const AT_ONCE = 500

function* parts<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < list.length; from += AT_ONCE) yield list.slice(from, from + AT_ONCE)
}

/**
 * People of a place by id, citizen ID or phone, within one subtree: for a letter that is sent to them. The caller has checked
 * that it may send there.
 */
export async function knownPeople(
  cmd: Command,
  place: string,
  wanted: { ids?: readonly string[]; citizenIds?: readonly string[]; phones?: readonly string[] },
): Promise<KnownPerson[]> {
  const blind = (kind: string) => (text: string) => cmd.vault.blind(cmd.county, kind, text)
  const none = { ids: [], citizenIds: [], phones: [] }
  const asked = [
    ...[...parts(wanted.ids ?? [])].map((ids) => ({ ...none, ids })),
    ...[...parts(wanted.citizenIds ?? [])].map((all) => ({ ...none, citizenIds: all.map(blind('citizenId')) })),
    ...[...parts(wanted.phones ?? [])].map((all) => ({ ...none, phones: all.map(blind('phone')) })),
  ]
  const found = new Map<string, KnownPerson>()
  const open = (sealed: Buffer | null): string => (sealed ? cmd.vault.open(cmd.county, sealed) : '')
  for (const part of asked)
    for (const row of await listKnown(cmd.tx, cmd.county, part)) {
      if (!isWithin(row.areaPath, place)) continue
      const { id, name, bornOn, areaPath, householdId } = row
      const numbers = { citizenId: open(row.citizenIdSealed), phone: open(row.phoneSealed) }
      const deceased = row.state === 'deceased'
      found.set(id, { id, name, bornOn, areaPath, householdId, deceased, address: row.address ?? '', ...numbers })
    }
  return [...found.values()]
}
