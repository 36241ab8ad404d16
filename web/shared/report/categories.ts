import type { ReportKind, ShownCategory } from '../../../src/packs/contract.ts'

/** The kind named in the address, else the first: packs say in which order they stand. */
export const chosenKind = (kinds: readonly ReportKind[], chosen: string | null): ReportKind | undefined =>
  kinds.find(({ kind }) => kind === chosen) ?? kinds[0]

/** What is offered to everybody; complaints about staff or the platform have their own entry on every face. */
export const mattersOf = (kind: ReportKind): readonly ShownCategory[] =>
  kind.categories.filter(({ complaint }) => !complaint)

/** Where a county has no category of its own for complaints, the whole list is offered: the entry never leads nowhere. */
export function complaintsOf(kind: ReportKind): readonly ShownCategory[] {
  const own = kind.categories.filter(({ complaint }) => complaint)
  return own.length > 0 ? own : kind.categories
}
