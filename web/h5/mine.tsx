import type { MatterBrief } from '../../src/loop/contract.ts'
import { useText } from '../shared/i18n/text.ts'
import { usePages } from '../shared/loading.ts'
import { BriefCard } from '../shared/matter/brief-card.tsx'
import { ButtonLink } from '../shared/ui/button.tsx'
import { ProgressView } from '../shared/progress/progress-view.tsx'
import { More } from '../shared/ui/more.tsx'
import { Empty, Shown, Skeleton } from '../shared/ui/states.tsx'
import { Page } from './shell.tsx'

/** What a resident reported, newest first. */
export function MinePage() {
  const t = useText()
  const list = usePages<MatterBrief>('/my/matters?limit=20')
  return (
    <Page title={t('h5.mine')}>
      <Shown of={list} waiting={<Skeleton lines={3} cards={3} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty
              title={t('mine.none')}
              action={
                <ButtonLink href="/h5/report" kind="primary" icon="camera">
                  {t('nav.report')}
                </ButtonLink>
              }
            >
              {t('mine.noneNext')}
            </Empty>
          ) : (
            <ul className="stack">
              {items.map((item) => (
                <li key={item.id}>
                  <BriefCard of={item} href={`/h5/mine/${item.id}`} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </Page>
  )
}

/** One of one's own reports. */
export function MyMatterPage({ id }: { id: string }) {
  const t = useText()
  return (
    <Page title={t('progress.title')} back="/h5/mine">
      <ProgressView path={`/my/matters/${id}`} heads={false} />
    </Page>
  )
}
