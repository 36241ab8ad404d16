import type { ReactNode } from 'react'
import type { ReportKind, ShownCategory } from '../../../src/packs/contract.ts'
import { useText } from '../i18n/text.ts'
import { useRead } from '../loading.ts'
import { ChoiceField } from '../ui/field.tsx'
import { Empty, Shown, Skeleton } from '../ui/states.tsx'
import { chosenKind, complaintsOf, mattersOf } from './categories.ts'

export interface OfferedKind {
  kind: ReportKind
  categories: readonly ShownCategory[]
  /** The other kinds, where there are any: stands above the form. */
  choice: ReactNode
}

interface Offering {
  /** Chosen in the address; another or none means what most people come for. */
  chosen: string | null
  choose: (kind: string) => void
  children: (offered: OfferedKind) => ReactNode
  /** Stands above while the kinds are asked for. */
  intro?: ReactNode
}

export function Waiting({ intro }: Pick<Offering, 'intro'>) {
  return (
    <>
      {intro}
      <Skeleton lines={4} cards={2} />
    </>
  )
}

/** What this person may report here, as the packs in force say: one kind leads straight to its form, several to a choice. */
export function OfferedKinds({ chosen, choose, children, intro }: Offering) {
  const t = useText()
  const loaded = useRead<{ items: ReportKind[] }>('/kinds')
  return (
    <Shown of={loaded} waiting={<Waiting intro={intro} />}>
      {({ items }) => {
        const offered = items.filter((kind) => mattersOf(kind).length > 0)
        const kind = chosenKind(offered, chosen)
        if (!kind) return <Empty title={t('report.noKind')}>{t('report.noKindNote')}</Empty>
        const choice = offered.length > 1 && (
          <ChoiceField
            label={t('report.kind')}
            hint={kind.hint}
            value={kind.kind}
            onChange={choose}
            choices={offered.map((one) => ({ value: one.kind, label: one.name }))}
          />
        )
        return children({ kind, categories: mattersOf(kind), choice })
      }}
    </Shown>
  )
}

/** Complaints about staff or the platform: the kind that has categories of its own for them, else what most people come for. */
export function OfferedComplaints({ children, intro }: Pick<Offering, 'children' | 'intro'>) {
  const t = useText()
  const loaded = useRead<{ items: ReportKind[] }>('/kinds')
  return (
    <Shown of={loaded} waiting={<Waiting intro={intro} />}>
      {({ items }) => {
        const kind = items.find((one) => one.categories.some(({ complaint }) => complaint)) ?? items[0]
        if (!kind) return <Empty title={t('report.noKind')}>{t('report.noKindNote')}</Empty>
        return children({ kind, categories: complaintsOf(kind), choice: null })
      }}
    </Shown>
  )
}
