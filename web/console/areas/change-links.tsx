import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Area } from '../../../src/grid/areas/contract.ts'
import { read } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useMayManage } from './area-posts.tsx'
import { netOfKind } from './nets.tsx'

/** What whoever keeps the grid may do with an area: draw it, split it, merge it. */
export function ChangeLinks({ path }: { path: string }) {
  const t = useText()
  const kind = useQuery({
    queryKey: ['area', path],
    retry: false,
    queryFn: () => read<Area>(`/grid/area?path=${encodeURIComponent(path)}`),
  }).data?.kind
  if (!useMayManage() || !path.includes('/')) return null
  return (
    <nav className="row" aria-label={t('ground.change')}>
      <Link to="/areas/boundary" search={{ area: path }} className="button button-plain button-small">
        {t('ground.boundary')}
      </Link>
      <Link to="/areas/split" search={{ area: path }} className="button button-plain button-small">
        {t('ground.split')}
      </Link>
      <Link to="/areas/merge" search={{ area: path }} className="button button-plain button-small">
        {t('ground.merge')}
      </Link>
      {kind !== undefined && netOfKind(kind) !== 'base' && (
        <Link to="/areas/covers" search={{ area: path }} className="button button-plain button-small">
          {t('covers.link')}
        </Link>
      )}
    </nav>
  )
}
