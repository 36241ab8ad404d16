import { useEffect } from 'react'
import type { MatterBrief, WorkCounts } from '../../src/loop/contract.ts'
import type { TextKey } from '../shared/i18n/text.ts'
import { useText } from '../shared/i18n/text.ts'
import { usePages, useRead } from '../shared/loading.ts'
import { BriefCard } from '../shared/matter/brief-card.tsx'
import { takeAlong } from '../shared/offline/take-along.ts'
import { useAddress } from '../shared/router.ts'
import { ButtonLink } from '../shared/ui/button.tsx'
import { Icon } from '../shared/ui/icon.tsx'
import { More } from '../shared/ui/more.tsx'
import { Empty, Shown, Skeleton } from '../shared/ui/states.tsx'
import { KeptLine } from './bars.tsx'
import { Page } from './shell.tsx'

type Scope = 'mine' | 'unit' | 'overdue' | 'open' | 'closed'
const scopes: Record<Scope, TextKey> = {
  mine: 'scope.mine',
  unit: 'scope.unit',
  overdue: 'scope.overdue',
  open: 'scope.open',
  closed: 'scope.closed',
}
const emptyTitles: Record<Scope, TextKey> = {
  mine: 'tasks.noneMine',
  unit: 'tasks.noneMine',
  overdue: 'tasks.noneOverdue',
  open: 'tasks.noneOpen',
  closed: 'tasks.noneClosed',
}

const isScope = (text: string | null): text is Scope => text !== null && Object.hasOwn(scopes, text)

/** Who stands in for somebody, or works for a whole unit, begins where the work is. */
function firstWithWork(counts: WorkCounts | undefined): Scope {
  if (!counts || counts.mine > 0) return 'mine'
  return counts.unit > 0 ? 'unit' : counts.open > 0 ? 'open' : 'mine'
}

const shownScopes = (counts: WorkCounts | undefined, scope: Scope): Scope[] =>
  (Object.keys(scopes) as Scope[]).filter((name) => name !== 'unit' || scope === 'unit' || (counts?.unit ?? 0) > 0)

/** What is in my hands, what is due first at the top. */
export function TasksPage({ visits }: { visits: boolean }) {
  const t = useText()
  const asked = useAddress().searchParams.get('scope')
  const counts = useRead<WorkCounts>('/matters/counts').data
  const scope: Scope = isScope(asked) ? asked : firstWithWork(counts)
  const list = usePages<MatterBrief>(`/matters?scope=${scope}&limit=20`)
  useEffect(() => {
    if (list.data && scope === 'mine') void takeAlong(list.data)
  }, [list.data, scope])
  const countOf = (name: Scope) => (counts && name !== 'closed' ? ` ${counts[name]}` : '')
  return (
    <Page title={t('h5.tasks')}>
      {visits && (
        <a className="card row" href="/h5/visits">
          <Icon name="home" />
          <span className="grow strong">{t('visit.title')}</span>
          <Icon name="forward" />
        </a>
      )}
      {visits && (
        <a className="card row" href="/h5/signing">
          <Icon name="check" />
          <span className="grow strong">{t('signing.work')}</span>
          <Icon name="forward" />
        </a>
      )}
      <nav className="segments" aria-label={t('h5.scopes')}>
        {shownScopes(counts, scope).map((name) => (
          <a key={name} href={`/h5/tasks?scope=${name}`} aria-current={name === scope ? 'page' : undefined}>
            {t(scopes[name])}
            {countOf(name)}
          </a>
        ))}
      </nav>
      <KeptLine of={list.data} />
      <Shown of={list} waiting={<Skeleton lines={3} cards={4} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty
              title={t(emptyTitles[scope])}
              action={
                <ButtonLink href="/h5/report" kind="quiet" icon="camera">
                  {t('nav.report')}
                </ButtonLink>
              }
            >
              {t('tasks.noneNext')}
            </Empty>
          ) : (
            <ul className="stack">
              {items.map((item) => (
                <li key={item.id}>
                  <BriefCard of={item} href={`/h5/tasks/${item.id}`} />
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
