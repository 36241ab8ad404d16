import { useText } from '../shared/i18n/text.ts'
import { OfferedKinds } from '../shared/report/offered-kinds.tsx'
import { ReportForm } from '../shared/report/report-form.tsx'
import { go, useAddress } from '../shared/router.ts'
import { Button, ButtonLink } from '../shared/ui/button.tsx'
import { Page } from './shell.tsx'

export function ReportPage() {
  const t = useText()
  const { pathname, searchParams } = useAddress()
  return (
    <Page title={t('nav.report')}>
      <OfferedKinds
        chosen={searchParams.get('kind')}
        choose={(kind) => go(`${pathname}?kind=${kind}`, { replace: true })}
      >
        {(offered) => (
          <ReportForm
            key={offered.kind.kind}
            drawer="h5"
            {...offered}
            renderDone={(again) => (
              <div className="row">
                <Button kind="quiet" onClick={again}>
                  {t('report.another')}
                </Button>
                <ButtonLink kind="plain" href="/h5">
                  {t('nav.home')}
                </ButtonLink>
              </div>
            )}
          />
        )}
      </OfferedKinds>
    </Page>
  )
}
