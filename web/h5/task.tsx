import type { Matter } from '../../src/loop/contract.ts'
import { useText } from '../shared/i18n/text.ts'
import { useRead } from '../shared/loading.ts'
import { DueExplained } from '../shared/matter/deadline.tsx'
import { DiaryOrigin } from '../shared/diary/origin.tsx'
import { MatterFacts, MatterMoves, MatterStory, MatterTimeline } from '../shared/matter/parts.tsx'
import { StateTag, UrgentTag } from '../shared/matter/state-tag.tsx'
import { Shown, Skeleton } from '../shared/ui/states.tsx'
import { Page } from './shell.tsx'

export function TaskPage({ id }: { id: string }) {
  const t = useText()
  const loaded = useRead<Matter>(`/matters/${id}`)
  return (
    <Page title={loaded.data?.categoryName ?? t('h5.task')} back="/h5/tasks">
      <Shown of={loaded} waiting={<Skeleton lines={4} cards={3} />}>
        {(matter) => (
          <>
            <section className="card stack">
              <div className="spread">
                <span className="row">
                  <StateTag of={matter} />
                  {matter.urgent && <UrgentTag />}
                </span>
                <span className="faint small">{matter.number}</span>
              </div>
              <MatterStory matter={matter} />
              {matter.due && <DueExplained due={matter.due} />}
            </section>
            <section className="stack-s" aria-label={t('matter.moves')}>
              <h2>{t('matter.moves')}</h2>
              <MatterMoves matter={matter} reload={loaded.reload} />
            </section>
            <section className="card">
              <MatterFacts matter={matter} />
            </section>
            <DiaryOrigin matterId={matter.id} base="/h5/diary" />
            <section className="card stack">
              <h2>{t('matter.timeline')}</h2>
              <MatterTimeline
                matter={matter}
                proofHref={(entry) => `/verify?proof=/matters/${matter.id}/proofs&entry=${entry}`}
              />
            </section>
          </>
        )}
      </Shown>
    </Page>
  )
}
