import type { Command } from '../../kernel/command.ts'
import { openSnapshot, sealSnapshot } from '../duplicates/snapshot.ts'
import type { DetailGroup } from '../field-groups.ts'
import { openPerson, type PersonState } from '../people/saving.ts'
import * as store from './store.ts'

const AT_ONCE = 500

/**
 * Takes groups of details out of what is kept of some people's past: their history, and records as they were before a merge. What
 * else changed stays readable; the salts of these changes go, for their commitments hold words that are no more.
 */
export async function forgetGroups(
  cmd: Command,
  people: readonly string[],
  groups: readonly DetailGroup[],
): Promise<void> {
  if (people.length === 0 || groups.length === 0) return
  const fields = groups.map((group) => `details:${group}`)
  for (const more = { is: true }; more.is;) {
    const rows = await store.listChangesOf(cmd.tx, cmd.county, { people, fields, limit: AT_ONCE })
    const redacted = rows.map(({ subjectId, version, changesSealed }) => {
      const changes = Object.entries(JSON.parse(cmd.vault.open(cmd.county, changesSealed)) as Record<string, unknown>)
      const rest = Object.fromEntries(changes.filter(([field]) => !fields.includes(field)))
      return { subjectId, version, changesSealed: cmd.vault.seal(cmd.county, JSON.stringify(rest)) }
    })
    await store.saveRedacted(cmd.tx, cmd.county, redacted, fields)
    more.is = rows.length === AT_ONCE
  }
  for (const { id, snapshotSealed } of await store.listSnapshotsOf(cmd.tx, cmd.county, people)) {
    const { kept, dropped } = openSnapshot(cmd, snapshotSealed)
    const clean = (side: PersonState): PersonState =>
      people.includes(side.row.id) ? withoutGroups(cmd, side, groups) : side
    await store.saveSnapshot(cmd.tx, cmd.county, id, sealSnapshot(cmd, { kept: clean(kept), dropped: clean(dropped) }))
  }
}

function withoutGroups(cmd: Command, state: PersonState, groups: readonly DetailGroup[]): PersonState {
  return { ...state, row: { ...state.row, detailsSealed: sealedWithout(cmd, state.row, groups) } }
}

/** Somebody's details without some groups, sealed; null where nothing is left. */
export function sealedWithout(
  cmd: Command,
  row: Parameters<typeof openPerson>[1],
  groups: readonly DetailGroup[],
): Buffer | null {
  const rest = Object.entries(openPerson(cmd, row).details).filter(([group]) => !groups.includes(group as DetailGroup))
  return rest.length === 0 ? null : cmd.vault.seal(cmd.county, JSON.stringify(Object.fromEntries(rest)))
}
