import { useEffect, useRef } from 'react'
import type { Matter } from '../../src/loop/contract.ts'
import { useText } from '../shared/i18n/text.ts'
import { useRead } from '../shared/loading.ts'
import { DueExplained } from '../shared/matter/deadline.tsx'
import { DiaryOrigin } from '../shared/diary/origin.tsx'
import { MatterFacts, MatterMoves, MatterStory, MatterTimeline } from '../shared/matter/parts.tsx'
import { StateTag, UrgentTag } from '../shared/matter/state-tag.tsx'
import type { Item } from '../shared/offline/store.ts'
import { isUnsent, useOutbox } from '../shared/offline/use-outbox.ts'
import { ButtonLink } from '../shared/ui/button.tsx'
import { Shown, Skeleton } from '../shared/ui/states.tsx'
import { KeptLine } from './bars.tsx'
import { Page } from './shell.tsx'

export function TaskPage({ id }: { id: string }) {
  const t = useText()
  const loaded = useRead<Matter>(`/matters/${id}`)
  const made = useOutbox().find((item) => item.subject === id && item.kind === 'move' && isUnsent(item))
  const wasMade = useRef(false)
  const { reload } = loaded
  useEffect(() => {
    // What was done without a network has arrived: the page shows what came of it.
    if (wasMade.current && !made) reload()
    wasMade.current = made !== undefined
  }, [made, reload])
  return (
    <Page title={loaded.data?.categoryName ?? t('h5.task')} back="/h5/tasks">
      <Shown of={loaded} waiting={<Skeleton lines={4} cards={3} />}>
        {(matter) => (
          <>
            <KeptLine of={matter} />
            <section className="card stack">
              <div className="row spread">
                <span className="row">
                  <StateTag of={matter} />
                  {matter.urgent && <UrgentTag />}
                </span>
                <span className="faint small nowrap">{matter.number}</span>
              </div>
              <MatterStory matter={matter} />
              {matter.due && <DueExplained due={matter.due} />}
            </section>
            <section className="stack-s" aria-label={t('matter.moves')}>
              <h2>{t('matter.moves')}</h2>
              {made ? <MadeOffline item={made} /> : <MatterMoves matter={matter} reload={loaded.reload} />}
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

/** One's own move is on its way; until it arrived, no other can be made on top of it. */
function MadeOffline({ item }: { item: Item }) {
  const t = useText()
  const wants = item.state === 'conflict' || item.state === 'refused'
  return (
    <>
      <p className={wants ? 'banner banner-warn' : 'banner'} role="status">
        {t(wants ? 'matter.queuedConflict' : 'matter.queuedWaits', { move: item.title })}
      </p>
      <ButtonLink kind={wants ? 'primary' : 'quiet'} href="/h5/outbox" wide>
        {t('outbox.see')}
      </ButtonLink>
    </>
  )
}
