import type { Static } from 'typebox'
import type { ExportedAreas } from '../../../src/grid/areas/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { kindNames, netOfKind, type Net } from './nets.tsx'

type Rows = Static<typeof ExportedAreas>
type Row = Rows['items'][number]

/** The areas of one net below a place as they hang together, also those that stand over no ground. */
export function NetTree({ path, net, open }: { path: string; net: Net; open: (path: string) => void }) {
  const t = useText()
  const rows = useRead<Rows>(`/grid/areas/export?under=${encodeURIComponent(path)}`)
  return (
    <Shown of={rows} waiting={<Skeleton lines={5} />}>
      {({ items, next }) => {
        const own = items.filter(({ kind }) => netOfKind(kind) === net)
        const known = new Set(own.map(pathOf))
        const below = (parent: string): Row[] => own.filter(({ parentPath }) => parentPath === parent)
        const roots = own.filter(({ parentPath }) => !known.has(parentPath))
        const branch = (row: Row) => (
          <li key={pathOf(row)}>
            <button type="button" className="link-button" onClick={() => open(pathOf(row))}>
              {row.name}
            </button>{' '}
            <span className="faint small">{t(kindNames[row.kind] ?? 'kind.other')}</span>
            {below(pathOf(row)).length > 0 && <ul className="net-tree">{below(pathOf(row)).map(branch)}</ul>}
          </li>
        )
        return (
          <>
            <ul className="net-tree">{roots.slice(0, ROOTS_MAX).map(branch)}</ul>
            {(next !== null || roots.length > ROOTS_MAX) && <p className="soft small">{t('nets.treeCut')}</p>}
          </>
        )
      }}
    </Shown>
  )
}

const ROOTS_MAX = 200
const pathOf = ({ parentPath, code }: Row): string => `${parentPath}/${code}`
