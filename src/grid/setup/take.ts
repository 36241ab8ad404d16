import { createStaffAccounts } from '../../identity/index.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { entryOf, record, recordAll, type EntryRow } from '../../ledger/index.ts'
import { AreaCreated, forgetGround } from '../areas/index.ts'
import { gramsOf, overlayOfKind } from '../areas/rules.ts'
import { forgetDirectory } from '../directory.ts'
import { raise } from '../kept.ts'
import { PostAssigned, PostCreated } from '../posts/index.ts'
import { seedAreas, seedGrams, seedHoldings, seedPosts } from '../store.ts'
import { StaffSheetTaken, type SheetTaken } from './contract.ts'
import type { Plan } from './plan.ts'
import { countsOf, readStaffSheet } from './staff-sheet.ts'
import { saveVersions } from './store.ts'

/**
 * Takes a sheet of areas, posts and staff in, all of it or nothing; a second time it changes nothing.
 *
 * Two at once come one after the other, and the second sees what the first has made.
 * @throws grid.sheet_has_problems, and whatever reading it throws.
 */
export async function takeStaffSheet(cmd: Command, file: Buffer): Promise<SheetTaken> {
  await raise(cmd, 'ground')
  const { plan, sha256 } = await readStaffSheet(cmd, file)
  if (plan.problems.length > 0) throw new Fault('grid.sheet_has_problems', { count: plan.problems.length })
  const counts = countsOf(plan, sha256)
  if (plan.areas.length + plan.chairs.length + plan.people.length + plan.seatings.length === 0) return counts
  await takeAreas(cmd, plan)
  await createStaffAccounts(cmd, plan.people)
  await takePosts(cmd, plan)
  const { unchanged: _, ...taken } = counts
  await record(cmd, StaffSheetTaken, { id: uuidv7(cmd.now), version: 1 }, taken)
  cmd.afterCommit(() => {
    forgetGround(cmd.ports, cmd.county)
    forgetDirectory(cmd.ports, cmd.county)
  })
  return counts
}

async function takeAreas(cmd: Command, plan: Plan): Promise<void> {
  const areas = plan.areas.map((area) => ({
    ...area,
    overlay: overlayOfKind(area.kind),
    depth: area.path.split('/').length,
    schematic: false,
  }))
  if ((await seedAreas(cmd.tx, cmd.county, areas, cmd.now)) < areas.length) throw new Fault('kernel.conflict')
  const grams = areas.flatMap(({ id, name }) => gramsOf(name).map((gram) => ({ areaId: id, gram })))
  await seedGrams(cmd.tx, cmd.county, grams)
  await recordAll(
    cmd,
    areas.map(({ id, path, kind, overlay }) => entryOf(cmd, AreaCreated, { id, version: 1 }, { path, kind, overlay })),
  )
}

async function takePosts(cmd: Command, plan: Plan): Promise<void> {
  if ((await seedPosts(cmd.tx, cmd.county, plan.chairs, cmd.now)) < plan.chairs.length)
    throw new Fault('kernel.conflict')
  const entries: EntryRow[] = plan.chairs.map(({ id, areaId, path, role, unit }) =>
    entryOf(cmd, PostCreated, { id, version: 1 }, { area: areaId, path, role, unit }),
  )
  const holdings = plan.seatings.map(({ chair, accountId, slot }) => ({
    id: uuidv7(cmd.now),
    postId: chair.id,
    accountId,
    slot,
  }))
  if ((await seedHoldings(cmd.tx, cmd.county, holdings, cmd.now)) < holdings.length) throw new Fault('kernel.conflict')
  const versions = new Map<string, number>()
  for (const { chair, accountId, slot } of plan.seatings) {
    const version = (versions.get(chair.id) ?? chair.version) + 1
    versions.set(chair.id, version)
    const body = { path: chair.path, account: accountId, slot, from: cmd.now.toISOString(), until: null }
    entries.push(entryOf(cmd, PostAssigned, { id: chair.id, version }, body))
  }
  await recordAll(cmd, entries)
  await saveVersions(
    cmd.tx,
    cmd.county,
    [...versions].map(([id, version]) => ({ id, version })),
  )
}
