import { useText } from '../shared/i18n/text.ts'
import { complaintsOf, useReportKind } from '../shared/report/categories.ts'
import { GuestReport } from '../shared/report/guest-report.tsx'
import { Icon } from '../shared/ui/icon.tsx'
import { Shown, Skeleton } from '../shared/ui/states.tsx'
import { Title } from '../shared/ui/title.tsx'

/** Complaints about staff or the platform: the same loop, in other hands. */
export function ComplainPage() {
  const t = useText()
  const loaded = useReportKind('event')
  const intro = (
    <section className="stack-s">
      <Title text={t('nav.complain')} />
      <p className="soft">{t('complain.lead')}</p>
      <p className="banner">
        <Icon name="phone" />
        <a href="tel:12345">{t('complain.hotline')}</a>
      </p>
    </section>
  )
  return (
    <Shown of={loaded} waiting={<Skeleton lines={4} cards={2} />}>
      {(kind) => kind && <GuestReport intro={intro} drawer="complain" kind={kind} categories={complaintsOf(kind)} />}
    </Shown>
  )
}
