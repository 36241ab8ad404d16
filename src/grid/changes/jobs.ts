import { countiesOf, type App } from '../../kernel/app.ts'
import { runSystem, type Command } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { AreaChange } from '../../kernel/ports.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import { record } from '../../ledger/index.ts'
import { listAreasByPath, type ChangeRecord } from '../areas/index.ts'
import { AreaRehomed } from './contract.ts'
import { BEGUN_SECONDS, changeOfSplit } from './rules.ts'
import { endChange, lockRecentChanges } from './store.ts'

const CHANGES_AT_ONCE = 50

/**
 * Re-homes what was begun before a change and written after it: a report that was on its way, a step that somebody was
 * just making. Each change is looked at again until no command from before it can live any more.
 *
 * @returns how many things moved.
 */
export async function rehomeLate(cmd: Command): Promise<number> {
  let total = 0
  for (const row of await lockRecentChanges(cmd.tx, cmd.county, CHANGES_AT_ONCE)) {
    const change = await changeAgain(cmd, row)
    let moved = 0
    if (change) for (const room of cmd.ports.rehome) moved += await room.apply(cmd, change)
    if (moved > 0) {
      const body = { change: row.id, from: change!.from, moved }
      await record(cmd, AreaRehomed, { id: uuidv7(cmd.now), version: 1 }, body)
    }
    if (row.againUntil! <= cmd.now) await endChange(cmd.tx, cmd.county, row.id)
    total += moved
  }
  return total
}

/** The change as it still holds: a path at which there is another area by now is that one's. */
async function changeAgain(cmd: Command, row: ChangeRecord): Promise<AreaChange | undefined> {
  if (row.sharing)
    return changeOfSplit(row.fromPaths[0]!, row.sharing, new Date(row.at.getTime() + BEGUN_SECONDS * 1_000))
  const there = await listAreasByPath(cmd.tx, cmd.county, row.fromPaths, cmd.now)
  const from = row.fromPaths.filter((path) => !there.some((area) => area.path === path))
  return from.length > 0 ? { kind: row.kind, from, to: row.toPaths } : undefined
}

async function run(app: App): Promise<void> {
  for (const { code } of await countiesOf(app)) await runSystem(app, code, rehomeLate)
}

export const changeSweeps: readonly Sweep[] = [{ name: 'grid.rehome_late', everySeconds: 60, run }]
