import type { Command } from '../kernel/command.ts'
import type { Entry } from '../kernel/jobs.ts'
import { areaNames } from '../grid/index.ts'
import { follow } from '../ledger/index.ts'
import { MatterMoved, MatterOverdue, MatterRated, MatterReminded, MatterReported } from '../loop/index.ts'
import { categoryName, stateName } from '../packs/index.ts'
import type { WallHappening } from './contract.ts'
import { readSeen } from './figures-store.ts'
import { packsOf, pointOf, standsNow } from './names.ts'

const whatOf: Record<string, WallHappening['what']> = {
  [MatterReported.name]: 'reported',
  [MatterMoved.name]: 'moved',
  [MatterOverdue.name]: 'overdue',
  [MatterReminded.name]: 'reminded',
  [MatterRated.name]: 'rated',
}

interface About {
  state?: string
  to?: string
  closed?: boolean
}

/** What happened to matters in a stretch of the ledger, oldest first: two statements, however many listen. */
export async function happenings(cmd: Command, fromLeaf: number, count: number): Promise<WallHappening[]> {
  const entries = (await follow(cmd, fromLeaf, count)).filter(({ event }) => whatOf[event] !== undefined)
  if (entries.length === 0) return []
  const rows = await readSeen(cmd.tx, cmd.county, [...new Set(entries.map(({ subjectId }) => subjectId))])
  const byId = new Map(rows.map((row) => [row.id, row]))
  const [packOfRow, names] = await Promise.all([
    packsOf(cmd, rows),
    areaNames(
      cmd,
      rows.map((row) => row.areaPath),
    ),
  ])
  return entries.flatMap((entry) => {
    const row = byId.get(entry.subjectId)
    if (!row) return []
    const pack = packOfRow(row)
    const state = stateAfter(entry, row.state)
    return {
      leaf: entry.leafIndex,
      at: entry.at.toISOString(),
      what: (entry.body as About).closed ? 'closed' : whatOf[entry.event]!,
      matterId: row.id,
      number: row.number,
      areaPath: row.areaPath,
      areaName: names.get(row.areaPath)?.shortName ?? row.areaPath,
      category: { zh: categoryName(pack, row.category, 'zh-CN'), en: categoryName(pack, row.category, 'en') },
      state: { zh: stateName(pack, state, 'zh-CN'), en: stateName(pack, state, 'en') },
      urgent: row.urgent,
      stands: standsNow(row, cmd.now),
      point: pointOf(row),
    }
  })
}

const stateAfter = (entry: Entry, now: string): string => {
  const { to, state } = entry.body as About
  return to ?? state ?? now
}
