import type { Command } from '../../kernel/command.ts'
import type { AreaChange, Rehome, RehomeLine, Undecided } from '../../kernel/ports.ts'
import { sharedOut } from '../../kernel/sharing.ts'
import { carryBuilding } from '../addresses/moving.ts'
import { listBuildingsByIds } from '../addresses/store.ts'
import { saveOrganisations } from '../organisations/saving.ts'
import { listOrganisationsByIds } from '../organisations/store.ts'
import { loadPeople, savePeople } from '../people/saving.ts'
import * as store from './store.ts'

export { rehomingRoutes } from './routes.ts'

/** Buildings of one look; each is carried with everybody in it. */
const BATCH = 200
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'

async function* placedIn(cmd: Command, root: string): AsyncGenerator<store.PlacedBuilding[]> {
  let page = { afterPath: '', afterId: BEFORE_ALL, limit: BATCH }
  for (let more = true; more;) {
    const rows = await store.listPlacedBuildings(cmd.tx, cmd.county, root, page)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last) page = { afterPath: last.areaPath, afterId: last.id, limit: BATCH }
    more = rows.length === BATCH
  }
}

/** Where each building goes: of a split by position or choice, else where its area went. */
function targetsOf(change: AreaChange, root: string, rows: readonly store.PlacedBuilding[]): Map<string, string> {
  const targets = new Map<string, string>()
  if (change.sharing) {
    for (const [to, ids] of sharedOut(rows, root, change.sharing).byPart)
      if (to !== root) for (const id of ids) targets.set(id, to)
  } else for (const { id, areaPath } of rows) targets.set(id, change.to[0]! + areaPath.slice(root.length))
  return targets
}

async function carry(cmd: Command, targets: ReadonlyMap<string, string>, kind: AreaChange['kind']): Promise<number> {
  const why = {
    source: 'department' as const,
    reason: kind === 'move' ? '区域调整' : kind === 'split' ? '区域拆分' : '区域合并',
  }
  let moved = 0
  for (const row of await listBuildingsByIds(cmd.tx, cmd.county, [...targets.keys()])) {
    const to = targets.get(row.id)
    if (to === undefined || to === row.areaPath) continue
    await carryBuilding(cmd, row, to, { why, past: kind !== 'move' })
    moved++
  }
  return moved
}

/** People and organisations without premises, and chat groups, go by their place alone. */
async function carryLoose(cmd: Command, from: string, to: string): Promise<number> {
  const why = { source: 'department' as const, reason: '区域调整' }
  const placed = (path: string): string => to + path.slice(from.length)
  let moved = await store.moveGroups(cmd.tx, cmd.county, from, to)
  let after = BEFORE_ALL
  for (let more = true; more;) {
    const ids = await store.listLoosePeople(cmd.tx, cmd.county, from, { after, limit: BATCH })
    after = ids.at(-1) ?? after
    const people = await loadPeople(cmd, ids)
    const steps = [...people.values()].map((before) => ({
      act: 'moved',
      before,
      after: {
        ...before,
        row: {
          ...before.row,
          areaPath: placed(before.row.areaPath),
          version: before.row.version + 1,
          updatedAt: cmd.now,
        },
      },
    }))
    await savePeople(cmd, steps, why, true)
    moved += steps.length
    more = steps.length === BATCH
  }
  for (let more = true; more;) {
    const ids = await store.listLooseOrganisations(cmd.tx, cmd.county, from, BATCH)
    const steps = (await listOrganisationsByIds(cmd.tx, cmd.county, ids)).map((before) => ({
      act: 'moved',
      before,
      after: { ...before, areaPath: placed(before.areaPath), version: before.version + 1, updatedAt: cmd.now },
    }))
    await saveOrganisations(cmd, steps, why, true)
    moved += steps.length
    more = steps.length === BATCH
  }
  return moved
}

/**
 * Buildings go with the ground they stand on, and with them premises, households, organisations and people: by the same writers
 * as every other change, so that nothing is found at the old place.
 */
export const registryRehome: Rehome = {
  name: 'registry',
  async preview(cmd, change) {
    const [buildings, households] = cmd.locale === 'en' ? ['Buildings', 'Households'] : ['楼栋', '住户']
    const lines = new Map<string, { buildings: number; households: number }>()
    let undecided = 0
    for (const root of change.from)
      for await (const rows of placedIn(cmd, root)) {
        const targets = targetsOf(change, root, rows)
        if (change.sharing) undecided += sharedOut(rows, root, change.sharing).undecided.length
        for (const { id, households: homes } of rows) {
          const to = targets.get(id) ?? root
          const line = lines.get(to) ?? { buildings: 0, households: 0 }
          lines.set(to, { buildings: line.buildings + 1, households: line.households + homes })
        }
      }
    return [...lines].flatMap(([to, line], at): RehomeLine[] => [
      { label: buildings!, count: line.buildings, ...(change.sharing && { to }), ...(at === 0 && { undecided }) },
      { label: households!, count: line.households, ...(change.sharing && { to }) },
    ])
  },
  async undecided(cmd, change, limit) {
    const found: Undecided[] = []
    if (!change.sharing) return []
    for await (const rows of placedIn(cmd, change.from[0]!)) {
      const ids = new Set(sharedOut(rows, change.from[0]!, change.sharing).undecided)
      const label = cmd.locale === 'en' ? 'Building' : '楼栋'
      found.push(...rows.filter(({ id }) => ids.has(id)).map(({ id, address }) => ({ id, label, detail: address })))
      if (found.length >= limit) break
    }
    return found.slice(0, limit)
  },
  async apply(cmd, change) {
    let moved = 0
    for (const root of change.from) {
      // Read whole first: what is carried leaves the range that is read.
      const targets = new Map<string, string>()
      for await (const rows of placedIn(cmd, root))
        for (const [id, to] of targetsOf(change, root, rows)) targets.set(id, to)
      const ids = [...targets.keys()]
      for (let at = 0; at < ids.length; at += BATCH)
        moved += await carry(cmd, new Map(ids.slice(at, at + BATCH).map((id) => [id, targets.get(id)!])), change.kind)
      const to = change.to[0]
      if (!change.sharing && to !== undefined) moved += await carryLoose(cmd, root, to)
    }
    return moved
  },
}
