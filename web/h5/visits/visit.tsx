import type { VisitFiledAs, VisitView } from '../../../src/registry/visits/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { VisitStory } from '../../shared/visits/visit-story.tsx'
import { Page } from '../shell.tsx'

/** One visit as it was recorded, and the tap that makes a case of it. */
export function VisitPage({ id }: { id: string }) {
  const t = useText()
  const loaded = useRead<VisitView>(`/visits/${id}`)
  return (
    <Page title={t('visit.entry')} back="/h5/visits">
      <Shown of={loaded} waiting={<Skeleton lines={4} cards={2} />}>
        {(visit) => (
          <>
            <section className="card stack">
              <VisitStory of={visit} />
            </section>
            {visit.conflicts > 0 && (
              <a className="banner banner-warn" href="/h5/visits/conflicts">
                <Icon name="warning" />
                <span className="grow">{t('visit.savedConflicts', { count: visit.conflicts })}</span>
                <Icon name="forward" />
              </a>
            )}
            {visit.mayFile && <FileIt id={visit.id} filed={loaded.reload} />}
            {visit.matter && (
              <ButtonLink kind="quiet" wide icon="forward" href={`/h5/tasks/${visit.matter.id}`}>
                {t('visit.case', { number: visit.matter.number })}
              </ButtonLink>
            )}
            <ButtonLink kind="quiet" wide icon="home" href={`/h5/visits?area=${encodeURIComponent(visit.areaPath)}`}>
              {t('visit.backToDoors')}
            </ButtonLink>
          </>
        )}
      </Shown>
    </Page>
  )
}

function FileIt({ id, filed }: { id: string; filed: () => void }) {
  const t = useText()
  const act = useAct((visit: string, key) => send<VisitFiledAs>(`/visits/${visit}/matter`, { body: {}, key }))
  const file = async () => {
    const made = await act.run(id)
    if (!made) return
    say(t('visit.filed', { number: made.number }))
    filed()
  }
  return (
    <>
      <Refused error={act.error} />
      <Button kind="primary" wide icon="list" busy={act.busy} onClick={() => void file()}>
        {t('visit.fileCase')}
      </Button>
    </>
  )
}
