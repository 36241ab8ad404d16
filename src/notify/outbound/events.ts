import type { EventType } from '../../ledger/index.ts'
import {
  MatterLinked,
  MatterMoved,
  MatterOverdue,
  MatterRated,
  MatterRemarked,
  MatterReminded,
  MatterReported,
} from '../../loop/contract.ts'

/** Ledger entries that another system may subscribe to: what happened, by ids and codes, never who. Each is heard in `../jobs.ts`. */
const published: readonly EventType[] = [
  MatterReported,
  MatterLinked,
  MatterMoved,
  MatterReminded,
  MatterOverdue,
  MatterRated,
  MatterRemarked,
]

export const publishedEvents = (): string[] => published.map((event) => event.name)
