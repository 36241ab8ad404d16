import type { DiaryEntry, DiaryMonth, DiaryTerms } from '../../../src/duty/diary/contract.ts'
import { commonHeaders } from '../../shared/api.ts'
import { DiaryCard } from '../../shared/diary/diary-card.tsx'
import { MonthView } from '../../shared/diary/month-view.tsx'
import { thisMonth } from '../../shared/diary/months.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { usePages, useRead } from '../../shared/loading.ts'
import { shellHere } from '../../shared/position/index.ts'
import { useAddress } from '../../shared/router.ts'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { More } from '../../shared/ui/more.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Page } from '../shell.tsx'
import '../../shared/diary/diary.css'

type View = 'mine' | 'open' | 'month' | 'area'

const hrefOf = (view: View, more: Record<string, string | null> = {}) => {
  const query = new URLSearchParams({ view })
  for (const [name, value] of Object.entries(more)) if (value) query.set(name, value)
  return `/h5/diary?${query}`
}

/** One's diary: newest first, what is to be gone back to, by month; for those above, that of their places. */
export function DiaryListPage({ terms }: { terms: DiaryTerms }) {
  const t = useText()
  const asked = useAddress().searchParams
  const views: View[] = terms.mayWrite ? ['mine', 'open', 'month'] : []
  if (terms.mayRead) views.push('area')
  const view = views.find((one) => one === asked.get('view')) ?? views[0] ?? 'mine'
  const names = { mine: t('diary.mine'), open: t('diary.open'), month: t('diary.month'), area: t('diary.area') }
  return (
    <Page title={t('diary.title')}>
      {terms.mayWrite && (
        <ButtonLink href="/h5/diary/new" kind="primary" icon="camera" wide>
          {t('diary.write')}
        </ButtonLink>
      )}
      {views.length > 1 && (
        <nav className="segments" aria-label={t('h5.scopes')}>
          {views.map((one) => (
            <a key={one} href={hrefOf(one)} aria-current={one === view ? 'page' : undefined}>
              {names[one]}
            </a>
          ))}
        </nav>
      )}
      {view === 'month' ? (
        <Month month={asked.get('month') ?? thisMonth()} day={asked.get('day')} />
      ) : (
        <Entries view={view} terms={terms} kind={asked.get('kind') ?? ''} />
      )}
    </Page>
  )
}

function Entries({ view, terms, kind }: { view: View; terms: DiaryTerms; kind: string }) {
  const t = useText()
  return (
    <>
      {view !== 'open' && (
        <nav className="chips-line" aria-label={t('diary.kind')}>
          <a href={hrefOf(view)} aria-current={kind === '' ? 'true' : undefined}>
            {t('scope.all')}
          </a>
          {terms.kinds.map((one) => (
            <a
              key={one.code}
              href={hrefOf(view, { kind: one.code })}
              aria-current={one.code === kind ? 'true' : undefined}
            >
              {one.name}
            </a>
          ))}
        </nav>
      )}
      <List
        path={`/diary${view === 'area' ? '' : '/mine'}?limit=20${view === 'open' ? '&open=true' : ''}${kind ? `&kind=${kind}` : ''}`}
        named={view === 'area'}
        none={view === 'open' ? t('diary.noneOpen') : t('diary.none')}
      />
    </>
  )
}

function List({ path, named, none }: { path: string; named: boolean; none: string }) {
  const t = useText()
  const list = usePages<DiaryEntry>(path)
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={3} cards={4} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={none}>{t('diary.noneNext')}</Empty>
          ) : (
            <ul className="stack">
              {items.map((item) => (
                <li key={item.id}>
                  <DiaryCard of={item} href={`/h5/diary/${item.id}`} named={named} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}

function Month({ month, day }: { month: string; day: string | null }) {
  const t = useText()
  const loaded = useRead<DiaryMonth>(`/diary/mine/month?month=${month}`)
  return (
    <>
      <MonthView
        of={loaded.data?.month === month ? loaded.data : undefined}
        month={month}
        day={day}
        href={(next, on) => hrefOf('month', { month: next, day: on })}
      />
      <div>
        <Button
          kind="quiet"
          small
          icon="download"
          onClick={() => void downloadMonth(month, () => say(t('diary.noSheet'), { wrong: true }))}
        >
          {t('diary.sheet')}
        </Button>
      </div>
      <section className="stack-s">
        <h2>{day ? saidDay(day) : t('diary.wholeMonth')}</h2>
        <List
          path={`/diary/mine?limit=20&${day ? `day=${day}` : `month=${month}`}`}
          named={false}
          none={t('diary.noneThen')}
        />
      </section>
    </>
  )
}

/** The workbook of a month, fetched with the session and handed over as a file. */
async function downloadMonth(month: string, refused: () => void): Promise<void> {
  // The apps' web views take no files: they say nothing and do nothing.
  if (shellHere()) return refused()
  const answer = await fetch(`/api/v1/diary/mine/sheet?month=${month}`, {
    credentials: 'same-origin',
    headers: commonHeaders(),
  })
  if (!answer.ok) return refused()
  const url = URL.createObjectURL(await answer.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = `diary-${month}.xlsx`
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}
