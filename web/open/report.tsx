import { useText } from '../shared/i18n/text.ts'
import { useReportKind, withoutComplaints } from '../shared/report/categories.ts'
import { GuestReport } from '../shared/report/guest-report.tsx'
import { Shown, Skeleton } from '../shared/ui/states.tsx'
import { Title } from '../shared/ui/title.tsx'

export function ReportPage() {
  const t = useText()
  const loaded = useReportKind('event')
  const intro = (
    <section className="stack-s">
      <Title text={t('nav.report')} />
      <p className="soft">{t('report.lead')}</p>
    </section>
  )
  return (
    <Shown of={loaded} waiting={<Skeleton lines={4} cards={3} />}>
      {(kind) => kind && <GuestReport intro={intro} drawer="open" kind={kind} categories={withoutComplaints(kind)} />}
    </Shown>
  )
}
