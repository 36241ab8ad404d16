import { useText } from '../shared/i18n/text.ts'
import { GuestReport } from '../shared/report/guest-report.tsx'
import { OfferedKinds } from '../shared/report/offered-kinds.tsx'
import { go, useAddress } from '../shared/router.ts'
import { useSession } from '../shared/sign-in/session.ts'
import { Title } from '../shared/ui/title.tsx'
import { InCounty } from './county-choice.tsx'

export function ReportPage() {
  const t = useText()
  const session = useSession()
  const { pathname, searchParams } = useAddress()
  const intro = (
    <section className="stack-s">
      <Title text={t('nav.report')} />
      <p className="soft">{t('report.lead')}</p>
    </section>
  )
  return (
    <InCounty intro={intro}>
      <OfferedKinds
        intro={intro}
        chosen={searchParams.get('kind')}
        choose={(kind) => {
          const at = searchParams.get('at')
          go(`${pathname}?${new URLSearchParams({ kind, ...(at && { at }) })}`, { replace: true })
        }}
      >
        {(offered) => (
          <GuestReport session={session} key={offered.kind.kind} intro={intro} drawer="open" {...offered} />
        )}
      </OfferedKinds>
    </InCounty>
  )
}
