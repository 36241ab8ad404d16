import type { ReportKind, ShownCategory } from '../../../src/packs/contract.ts'
import type { Loaded } from '../loading.ts'
import { useRead } from '../loading.ts'

/** What may be reported here, in plain words, from the pack that is in force. */
export function useReportKind(kind: string): Loaded<ReportKind | null> {
  const kinds = useRead<{ items: ReportKind[] }>('/kinds')
  const found = kinds.data && (kinds.data.items.find((one) => one.kind === kind) ?? null)
  return { ...kinds, data: found, replace: () => undefined }
}

/** Complaints about staff or the platform have their own entry on every face. */
const complaintCategory = 'complaint'

export const withoutComplaints = (kind: ReportKind): readonly ShownCategory[] =>
  kind.categories.filter(({ code }) => code !== complaintCategory)

/** Where a county has no category of its own for complaints, the whole list is offered: the entry never leads nowhere. */
export function complaintsOf(kind: ReportKind): readonly ShownCategory[] {
  const own = kind.categories.filter(({ code }) => code === complaintCategory)
  return own.length > 0 ? own : kind.categories
}
