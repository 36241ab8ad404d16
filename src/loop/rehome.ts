import type { Command } from '../kernel/command.ts'
import type { AreaChange, Rehome, RehomeLine } from '../kernel/ports.ts'
import { sharedOut } from '../kernel/sharing.ts'
import { moveLinks, shareLinks } from '../files/index.ts'
import { countViewsUnder, moveViews } from './desk/store.ts'
import { countOpenUnder, listPlacedIn, moveMatters, settleHolders, shareMatters, type PlacedMatter } from './store.ts'

/** Rows of one statement. */
const BATCH = 1_000
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'

async function* placedIn(cmd: Command, change: AreaChange): AsyncGenerator<PlacedMatter[]> {
  const until = change.begunUntil ?? cmd.now
  for (const path of change.from) {
    let afterId = BEFORE_ALL
    for (let more = true; more;) {
      const rows = await listPlacedIn(cmd.tx, cmd.county, path, { afterId, until, limit: BATCH })
      if (rows.length > 0) yield rows
      afterId = rows.at(-1)?.id ?? afterId
      more = rows.length === BATCH
    }
  }
}

async function previewSplit(cmd: Command, change: AreaChange, sharing: NonNullable<AreaChange['sharing']>) {
  const from = change.from[0]!
  const counts = new Map<string, number>()
  let undecided = 0
  for await (const rows of placedIn(cmd, change)) {
    const open = rows.filter((row) => row.open)
    const shared = sharedOut(open, from, sharing)
    undecided += shared.undecided.length
    for (const [part, ids] of shared.byPart) counts.set(part, (counts.get(part) ?? 0) + ids.length)
  }
  const label = cmd.locale === 'en' ? 'Open matters' : '在办事项'
  return [...counts].map(([to, count]): RehomeLine => ({ label, count, to, ...(to === from && { undecided }) }))
}

async function applySplit(cmd: Command, change: AreaChange, sharing: NonNullable<AreaChange['sharing']>) {
  const from = change.from[0]!
  let moved = 0
  for await (const rows of placedIn(cmd, change)) {
    for (const [to, all] of sharedOut(rows, from, sharing).byPart) {
      if (to === from) continue
      const ids = await shareMatters(cmd.tx, cmd.county, { ids: all, from, to })
      await shareLinks(cmd, { subjectKind: 'matter', ids, from, to })
      moved += ids.length
    }
  }
  if (change.begunUntil)
    for (const to of change.to) moved += await settleHolders(cmd.tx, cmd.county, { from, to, until: change.begunUntil })
  return moved
}

/**
 * Matters lie in an area and go where it goes, with their photos: who answers for the place still has them in hand. Of a
 * split area they go by their position, the closed ones too; what the old area's posts had in hand goes to the new one's.
 */
export const matterRehome: Rehome = {
  name: 'loop',
  async preview(cmd, change) {
    if (change.sharing) return previewSplit(cmd, change, change.sharing)
    const counts = await Promise.all(change.from.map((path) => countOpenUnder(cmd.tx, cmd.county, path)))
    return [
      { label: cmd.locale === 'en' ? 'Open matters' : '在办事项', count: counts.reduce((sum, one) => sum + one, 0) },
    ]
  },
  async undecided(cmd, change, limit) {
    const found: PlacedMatter[] = []
    if (!change.sharing) return []
    for await (const rows of placedIn(cmd, change)) {
      const { undecided } = sharedOut(rows, change.from[0]!, change.sharing)
      const ids = new Set(undecided)
      found.push(...rows.filter(({ id, open }) => open && ids.has(id)))
      if (found.length >= limit) break
    }
    const label = cmd.locale === 'en' ? 'Matter' : '事项'
    return found
      .slice(0, limit)
      .map(({ id, number, address }) => ({ id, label, detail: `${number} ${address}`.trim() }))
  },
  async apply(cmd, change) {
    if (change.sharing) return applySplit(cmd, change, change.sharing)
    const to = change.to[0]
    if (to === undefined) return 0
    let moved = 0
    for (const from of change.from) {
      moved += await moveMatters(cmd.tx, cmd.county, from, to)
      await moveLinks(cmd, from, to)
    }
    return moved
  },
}

/** Views that were kept for a place, and those that look at it, go where the place goes; a split leaves them with the old area. */
export const viewRehome: Rehome = {
  name: 'loop.views',
  async preview(cmd, change) {
    const counts = await Promise.all(change.from.map((path) => countViewsUnder(cmd.tx, cmd.county, path)))
    const count = counts.reduce((sum, one) => sum + one, 0)
    const label = cmd.locale === 'en' ? 'Saved views' : '常用筛选'
    return [{ label, count, ...(change.sharing && { to: change.from[0]! }) }]
  },
  async apply(cmd, change) {
    const to = change.to[0]
    if (change.sharing || to === undefined) return 0
    let moved = 0
    for (const from of change.from) moved += await moveViews(cmd.tx, cmd.county, from, to)
    return moved
  },
}
