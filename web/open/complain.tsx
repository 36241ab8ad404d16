import { useText } from '../shared/i18n/text.ts'
import { GuestReport } from '../shared/report/guest-report.tsx'
import { OfferedComplaints } from '../shared/report/offered-kinds.tsx'
import { Icon } from '../shared/ui/icon.tsx'
import { useSession } from '../shared/sign-in/session.ts'
import { Title } from '../shared/ui/title.tsx'
import { InCounty } from './county-choice.tsx'

/** Complaints about staff or the platform: the same loop, in other hands. */
export function ComplainPage() {
  const t = useText()
  const session = useSession()
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
    <InCounty intro={intro}>
      <OfferedComplaints intro={intro}>
        {(offered) => <GuestReport session={session} intro={intro} drawer="complain" {...offered} />}
      </OfferedComplaints>
    </InCounty>
  )
}
