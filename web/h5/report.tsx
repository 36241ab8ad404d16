import { useText } from '../shared/i18n/text.ts'
import { useReportKind, withoutComplaints } from '../shared/report/categories.ts'
import { ReportForm } from '../shared/report/report-form.tsx'
import { Button, ButtonLink } from '../shared/ui/button.tsx'
import { Shown, Skeleton } from '../shared/ui/states.tsx'
import { Page } from './shell.tsx'

export function ReportPage() {
  const t = useText()
  const loaded = useReportKind('event')
  return (
    <Page title={t('nav.report')}>
      <Shown of={loaded} waiting={<Skeleton lines={4} cards={3} />}>
        {(kind) =>
          kind && (
            <ReportForm
              drawer="h5"
              kind={kind}
              categories={withoutComplaints(kind)}
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
          )
        }
      </Shown>
    </Page>
  )
}
