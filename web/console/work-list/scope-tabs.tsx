import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { WorkCounts } from '../../../src/loop/contract.ts'
import { read } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { scopes, type Scope, type WorkSearch } from './search.ts'

export const scopeNames: Record<Scope, TextKey> = {
  mine: 'scope.mine',
  unit: 'scope.unit',
  overdue: 'scope.overdue',
  dueSoon: 'scope.dueSoon',
  open: 'scope.open',
  closed: 'scope.closed',
  all: 'scope.all',
}
const countMax = 1000

export const askCounts = () => ({ queryKey: ['counts'], queryFn: () => read<WorkCounts>('/matters/counts') })

/** Where one looks, with how much lies there. */
export function ScopeTabs({ search }: { search: WorkSearch }) {
  const t = useText()
  const counts = useQuery(askCounts()).data
  const countOf = (scope: Scope) =>
    counts && Object.hasOwn(counts, scope) ? counts[scope as keyof WorkCounts] : undefined
  return (
    <nav className="tabs-line" aria-label={t('h5.scopes')}>
      {scopes.map((scope) => {
        const count = countOf(scope)
        return (
          <Link
            key={scope}
            to="/matters"
            search={{ ...search, scope }}
            aria-current={scope === search.scope ? 'page' : undefined}
          >
            {t(scopeNames[scope])}
            {count !== undefined && (
              <span className={scope === 'overdue' && count > 0 ? 'num num-overdue' : 'num'}>
                {count > countMax ? `${countMax}+` : count}
              </span>
            )}
          </Link>
        )
      })}
    </nav>
  )
}
