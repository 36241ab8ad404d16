import type { EventType } from '../../ledger/index.ts'
import { MatterMoved, MatterOverdue, MatterRated, MatterReported } from '../../loop/contract.ts'

/** Ledger entries that another system may subscribe to: what happened, by ids and codes, never who. */
export const published: readonly EventType[] = [MatterReported, MatterMoved, MatterOverdue, MatterRated]

export const publishedEvents = (): string[] => published.map((event) => event.name)
