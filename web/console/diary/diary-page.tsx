import { useNavigate, useSearch } from '@tanstack/react-router'
import type { DiaryEntry, DiaryMonth, DiaryTerms } from '../../../src/duty/diary/contract.ts'
import { saidDay, saidSpan } from '../../shared/dates.ts'
import { DiaryCard } from '../../shared/diary/diary-card.tsx'
import { MonthView } from '../../shared/diary/month-view.tsx'
import { thisMonth } from '../../shared/diary/months.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, SelectField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { usePagedQuery } from '../paged-query.ts'
import type { DiarySearch } from './search.ts'
import '../../shared/diary/diary.css'
import '../../shared/matter/matter.css'

/** The diaries of one's places: by month, day and kind, to be read and printed. Who may only write sees the own one. */
export function DiaryPage() {
  const t = useText()
  const terms = useRead<DiaryTerms>('/diary/terms')
  return (
    <ConsolePage
      title={t('diary.title')}
      side={
        <Button small onClick={() => print()}>
          {t('diary.print')}
        </Button>
      }
    >
      <Shown of={terms} waiting={<Skeleton lines={6} />}>
        {(known) => <Diaries terms={known} base={known.mayRead ? '/diary' : '/diary/mine'} />}
      </Shown>
    </ConsolePage>
  )
}

function Diaries({ terms, base }: { terms: DiaryTerms; base: string }) {
  const t = useText()
  const search = useSearch({ from: '/diary' })
  const navigate = useNavigate()
  const show = (next: DiarySearch) => void navigate({ to: '/diary', search: next })
  const month = search.month ?? search.day?.slice(0, 7) ?? thisMonth()
  const counted = useRead<DiaryMonth>(`${base}/month?month=${month}`)
  const query = new URLSearchParams({ limit: '50' })
  if (search.day) query.set('day', search.day)
  else if (search.month) query.set('month', search.month)
  if (search.kind) query.set('kind', search.kind)
  if (search.open) query.set('open', 'true')
  const { month: _month, day: _day, ...kept } = search
  return (
    <div className="two">
      <section className="page">
        <h2>{search.day ? saidDay(search.day) : search.month ? t('diary.wholeMonth') : t('diary.latest')}</h2>
        <Entries path={`${base}?${query}`} />
      </section>
      <div className="side no-print">
        <MonthView
          of={counted.data?.month === month ? counted.data : undefined}
          month={month}
          day={search.day ?? null}
          href={(next, on) => hrefOf({ ...kept, month: next, ...(on && { day: on }) })}
        />
        <section className="card stack">
          <SelectField
            label={t('diary.kind')}
            value={search.kind ?? ''}
            onChange={(kind) => {
              const { kind: _kind, ...rest } = search
              show({ ...rest, ...(kind && { kind }) })
            }}
            empty={t('scope.all')}
            choices={terms.kinds.map(({ code, name }) => ({ value: code, label: name }))}
          />
          <CheckField
            label={t('diary.openOnly')}
            checked={search.open ?? false}
            onChange={(open) => {
              const { open: _open, ...rest } = search
              show({ ...rest, ...(open && { open: true as const }) })
            }}
          />
          {counted.data && counted.data.kinds.length > 0 && (
            <dl className="facts">
              {counted.data.kinds.map((one) => (
                <KindCount key={one.kind} name={one.kindName} count={one.count} />
              ))}
            </dl>
          )}
          <p className="faint small">{t('diary.privacy', { time: saidSpan(terms.keepDays) })}</p>
        </section>
      </div>
    </div>
  )
}

function hrefOf(search: DiarySearch): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) query.set(name, String(value))
  return `/console/diary?${query}`
}

function KindCount({ name, count }: { name: string; count: number }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{count}</dd>
    </>
  )
}

function Entries({ path }: { path: string }) {
  const t = useText()
  const list = usePagedQuery<DiaryEntry>(path)
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={3} cards={4} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('diary.noneThen')}>{t('diary.noneDesk')}</Empty>
          ) : (
            <ul className="stack">
              {items.map((item) => (
                <li key={item.id}>
                  <DiaryCard of={item} href={`/console/diary/${item.id}`} named />
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
