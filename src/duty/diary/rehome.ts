import { shareLinks } from '../../files/index.ts'
import type { Command } from '../../kernel/command.ts'
import type { AreaChange, Rehome, RehomeLine } from '../../kernel/ports.ts'
import { sharedOut, type Placed } from '../../kernel/sharing.ts'
import { countUnder, listPlacedIn, moveEntries, shareEntries } from './store.ts'

const BATCH = 1_000
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'

async function* placedIn(cmd: Command, change: AreaChange, areaPath: string): AsyncGenerator<Placed[]> {
  const until = change.begunUntil ?? cmd.now
  let afterId = BEFORE_ALL
  for (let more = true; more;) {
    const rows = await listPlacedIn(cmd.tx, cmd.county, areaPath, { afterId, until, limit: BATCH })
    if (rows.length > 0) yield rows
    afterId = rows.at(-1)?.id ?? afterId
    more = rows.length === BATCH
  }
}

/** Entries lie in an area and go where it goes; of a split area by where they were written, and without that they stay. */
export const diaryRehome: Rehome = {
  name: 'duty.diary',
  async preview(cmd, change) {
    const label = cmd.locale === 'en' ? 'Diary entries' : '民情日记'
    const { sharing, from } = change
    if (!sharing) {
      const counts = await Promise.all(from.map((path) => countUnder(cmd.tx, cmd.county, path)))
      return [{ label, count: counts.reduce((sum, one) => sum + one, 0) }]
    }
    const counts = new Map<string, number>()
    for await (const rows of placedIn(cmd, change, from[0]!))
      for (const [part, ids] of sharedOut(rows, from[0]!, sharing).byPart)
        counts.set(part, (counts.get(part) ?? 0) + ids.length)
    return [...counts].map(([to, count]): RehomeLine => ({ label, count, to }))
  },
  async apply(cmd, change) {
    const [from, to] = [change.from[0]!, change.to[0]]
    if (to === undefined) return 0
    let moved = 0
    if (!change.sharing) {
      for (const path of change.from) moved += await moveEntries(cmd.tx, cmd.county, path, to)
      return moved
    }
    for await (const rows of placedIn(cmd, change, from)) {
      for (const [part, all] of sharedOut(rows, from, change.sharing).byPart) {
        if (part === from) continue
        const ids = await shareEntries(cmd.tx, cmd.county, { ids: all, from, to: part })
        await shareLinks(cmd, { subjectKind: 'diary', ids, from, to: part })
        moved += ids.length
      }
    }
    return moved
  },
}
