import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import type { MatterBrief } from '../../../src/loop/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { Bulk } from './bulk.tsx'
import { Export } from './export.tsx'
import { Filters, noFilters } from './filters.tsx'
import { BULK_MAX } from './limits.ts'
import { Look } from './look.tsx'
import { useRowKeys } from './row-keys.ts'
import { ScopeTabs } from './scope-tabs.tsx'
import { isFiltered, listPath, type WorkSearch } from './search.ts'
import { keepTrail } from './trail.ts'
import { Views } from './views.tsx'
import { WorkTable } from './work-table.tsx'
import './work-list.css'

/** What is to be done, due first. The address holds the filters; the list is walked and worked without a mouse. */
export function WorkListPage() {
  const t = useText()
  const search = useSearch({ from: '/matters' })
  const navigate = useNavigate({ from: '/matters' })
  const list = usePagedQuery<MatterBrief>(listPath(search))
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [help, setHelp] = useState(false)
  const change = (part: Partial<WorkSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true })
  const toggle = useCallback((id: string) => {
    if (id === '') return
    setChosen((before) =>
      before.includes(id) ? before.filter((one) => one !== id) : [...before, id].slice(0, BULK_MAX),
    )
  }, [])
  useRowKeys({ toggle, help: useCallback(() => setHelp(true), []) })
  const shown = list.data
  useEffect(() => {
    if (shown)
      keepTrail(
        search,
        shown.map(({ id }) => id),
      )
  }, [shown, search])
  return (
    <ConsolePage
      title={t('nav.work')}
      side={
        <>
          <Look />
          <Export search={search} />
          <ButtonLink small kind="primary" icon="plus" href="/console/report">
            {t('nav.behalf')}
          </ButtonLink>
        </>
      }
    >
      <Views search={search} />
      <ScopeTabs search={search} />
      <Filters search={search} change={change} />
      <Shown of={list} waiting={<Skeleton lines={8} cards={1} />}>
        {(items) =>
          items.length === 0 && !list.more ? (
            <Nothing search={search} clear={() => change(noFilters)} />
          ) : (
            <WorkTable items={items} chosen={chosen} toggle={toggle} />
          )
        }
      </Shown>
      {list.more && (shown?.length ?? 0) === 0 && <p className="soft">{t('work.lookFurther')}</p>}
      <More more={list.more} busy={list.busy} />
      <Bulk ids={chosen} all={shown?.map(({ id }) => id).slice(0, BULK_MAX) ?? []} choose={setChosen} />
      <p className="keys no-print">
        <kbd>j</kbd> {t('work.keyDown')} <kbd>k</kbd> {t('work.keyUp')} <kbd>Enter</kbd> {t('work.keyOpen')}{' '}
        <Button small kind="plain" onClick={() => setHelp(true)}>
          {t('keys.title')}
        </Button>
      </p>
      <Sheet title={t('keys.title')} open={help} close={() => setHelp(false)}>
        <Keys />
      </Sheet>
    </ConsolePage>
  )
}

const nothingIn: Partial<Record<WorkSearch['scope'], [TextKey, TextKey]>> = {
  mine: ['work.none', 'work.noneNext'],
  unit: ['work.noneUnit', 'work.noneUnitNext'],
  overdue: ['work.noneOverdue', 'work.noneOverdueNext'],
  dueSoon: ['work.noneSoon', 'work.noneOverdueNext'],
}

function Nothing({ search, clear }: { search: WorkSearch; clear: () => void }) {
  const t = useText()
  if (isFiltered(search))
    return (
      <Empty title={t('work.noneFiltered')} action={<Button onClick={clear}>{t('work.clear')}</Button>}>
        {t('work.noneFilteredNext')}
      </Empty>
    )
  const [title, next] = nothingIn[search.scope] ?? ['work.noneHere', 'work.noneNext']
  return <Empty title={t(title)}>{t(next)}</Empty>
}

const keys: readonly [string, TextKey][] = [
  ['j', 'work.keyDown'],
  ['k', 'work.keyUp'],
  ['x', 'keys.choose'],
  ['Enter', 'work.keyOpen'],
  ['/', 'keys.search'],
  ['?', 'keys.help'],
  ['Esc', 'keys.close'],
]

function Keys() {
  const t = useText()
  return (
    <dl className="facts">
      {keys.map(([key, name]) => (
        <div key={key} className="key-row">
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{t(name)}</dd>
        </div>
      ))}
    </dl>
  )
}
