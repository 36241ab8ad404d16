import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { segmentIds } from '../segments/index.ts'
import type { Who } from './contract.ts'
import { premisesBehind } from './target-store.ts'

/** Doors that a segment may choose: as many as a town's forces can go to. */
const DOORS_MAX = 20_000
const PAGE = 2_000
/** Each page looks at 12,000 records at most. */
const PAGES_MAX = 100

/**
 * The premises that a campaign's segment chooses now, within what the caller may see; null where it names none.
 *
 * @throws registry.segment_too_wide, kernel.not_found for a segment that is closed or not shared, registry.segment_sensitive
 */
export async function chosenDoors(cmd: Command, who: Who): Promise<string[] | null> {
  if (who.segmentId === undefined) return null
  const found = new Set<string>()
  let after: string | null = null
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const page: Awaited<ReturnType<typeof segmentIds>> = await segmentIds(cmd, who.segmentId, { after, limit: PAGE })
    for (const id of await premisesBehind(cmd.tx, cmd.county, page.subject, page.ids)) found.add(id)
    if (found.size > DOORS_MAX) break
    if (page.next === null) return [...found]
    after = page.next
  }
  throw new Fault('registry.segment_too_wide', { most: DOORS_MAX })
}
