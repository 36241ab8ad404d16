import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { MatterBrief, WorkCounts } from '../../../src/loop/contract.ts'
import { read } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { usePagedQuery } from '../paged-query.ts'
import type { Scope, WorkSearch } from './search.ts'
import { scopes } from './search.ts'
import { exportCsv } from './export-csv.ts'
import { Filters } from './filters.tsx'
import { WorkTable } from './work-table.tsx'

const scopeNames: Record<Scope, TextKey> = {
  mine: 'scope.mine',
  overdue: 'scope.overdue',
  open: 'scope.open',
  closed: 'scope.closed',
  all: 'scope.all',
}

function pathOf(search: WorkSearch): string {
  const query = new URLSearchParams({ limit: '30' })
  for (const [name, value] of Object.entries(search)) if (value) query.set(name, String(value))
  return `/matters?${query}`
}

/** What is to be done, due first. The address holds the filters; j, k and Enter walk it without a mouse. */
export function WorkListPage() {
  const t = useText()
  const search = useSearch({ from: '/matters' })
  const navigate = useNavigate({ from: '/matters' })
  const list = usePagedQuery<MatterBrief>(pathOf(search))
  const change = (part: Partial<WorkSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true })
  const filtered = Boolean(search.area || search.state || search.category || search.number)
  useRowKeys()
  return (
    <ConsolePage
      title={t('nav.work')}
      side={
        <>
          <Button small disabled={!list.data?.length} icon="download" onClick={() => exportCsv(list.data ?? [], t)}>
            {t('work.export')}
          </Button>
          <ButtonLink small kind="primary" icon="plus" href="/console/report">
            {t('nav.behalf')}
          </ButtonLink>
        </>
      }
    >
      <ScopeTabs search={search} />
      <Filters search={search} change={change} />
      <Shown of={list} waiting={<Skeleton lines={8} cards={1} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty
              title={filtered ? t('work.noneFiltered') : t('work.none')}
              action={
                filtered && (
                  <Button
                    onClick={() =>
                      change({ area: undefined, state: undefined, category: undefined, number: undefined })
                    }
                  >
                    {t('work.clear')}
                  </Button>
                )
              }
            >
              {filtered ? t('work.noneFilteredNext') : t('work.noneNext')}
            </Empty>
          ) : (
            <WorkTable items={items} />
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
      <p className="keys no-print">
        <kbd>j</kbd> {t('work.keyDown')} <kbd>k</kbd> {t('work.keyUp')} <kbd>Enter</kbd> {t('work.keyOpen')}
      </p>
    </ConsolePage>
  )
}

function ScopeTabs({ search }: { search: WorkSearch }) {
  const t = useText()
  const counts = useQuery({ queryKey: ['counts'], queryFn: () => read<WorkCounts>('/matters/counts') }).data
  const countOf = (scope: Scope) => (counts && scope in counts ? counts[scope as keyof WorkCounts] : undefined)
  return (
    <nav className="tabs-line" aria-label={t('h5.scopes')}>
      {scopes.map((scope) => (
        <Link
          key={scope}
          to="/matters"
          search={{ ...search, scope }}
          aria-current={scope === search.scope ? 'page' : undefined}
        >
          {t(scopeNames[scope])}
          {countOf(scope) !== undefined && (
            <span className={scope === 'overdue' && countOf(scope) ? 'num num-overdue' : 'num'}>{countOf(scope)}</span>
          )}
        </Link>
      ))}
    </nav>
  )
}

/** j and k move the focus along the rows; Enter then opens the link that has it. */
function useRowKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof Element &&
        event.target.closest('input, textarea, select, [contenteditable], [role=combobox]')
      if (typing || event.ctrlKey || event.metaKey || event.altKey || (event.key !== 'j' && event.key !== 'k')) return
      const rows = [...document.querySelectorAll<HTMLElement>('a.work-what')]
      const at = rows.findIndex((row) => row === document.activeElement)
      const next = rows[event.key === 'j' ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)]
      next?.focus()
      next?.scrollIntoView({ block: 'nearest' })
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
