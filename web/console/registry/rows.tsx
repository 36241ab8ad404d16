import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../../shared/i18n/text.ts'
import { Time } from '../../shared/ui/time.tsx'

export interface Column<Item> {
  key: string
  name: string
  /** Left out on narrow screens, where a row is a card. */
  wide?: true
  render: (item: Item) => ReactNode
}

/** A table at the desk, cards on a narrow screen: the same rows, each cell with its column's name for those who need it. */
export function Rows<Item extends { id: string }>({
  label,
  columns,
  items,
}: {
  label: string
  columns: readonly Column<Item>[]
  items: readonly Item[]
}) {
  return (
    <div className="sheet-table">
      <table className="rows" aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ key, name }) => (
              <th key={key} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              {columns.map(({ key, name, wide, render }) => (
                <td key={key} data-name={name} className={wide ? 'rows-wide' : undefined}>
                  {render(item)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** When it was last seen to be so; what is too old says so in words. */
export function Fresh({ at, stale }: { at: string; stale: boolean }) {
  const t = useText()
  return (
    <span className="row fresh">
      <Time at={at} />
      {stale && <span className="tag tag-dueSoon">{t('registry.askAgain')}</span>}
    </span>
  )
}

export function PersonLink({ id, name }: { id: string; name: string }) {
  return (
    <Link className="rows-main" to="/registry/people/$id" params={{ id }}>
      {name}
    </Link>
  )
}

export function PremisesLink({ id, address }: { id: string | null; address: string }) {
  if (id === null) return address === '' ? <span className="faint">—</span> : address
  return (
    <Link to="/registry/premises/$id" params={{ id }}>
      {address}
    </Link>
  )
}
