import type { ReactNode } from 'react'
import { useText } from '../i18n/text.ts'
import { PhotoGrid } from '../ui/photo-grid.tsx'
import { Time } from '../ui/time.tsx'

export interface Happening {
  id: string
  at: string
  title: string
  by: string
  said?: ReactNode
  photos?: readonly { id: string; url: string; full: string }[]
  /** A quiet sign beside the time. */
  side?: ReactNode
}

/** What happened to a matter, newest first: the one timeline of all faces. */
export function Timeline({ items, label }: { items: readonly Happening[]; label: string }) {
  const t = useText()
  if (items.length === 0) return <p className="soft">{t('matter.nothingYet')}</p>
  return (
    <ol className="timeline" aria-label={label}>
      {items.map((item) => (
        <li key={item.id}>
          <div className="head">
            <h3>{item.title}</h3>
            <span className="faint small">
              <Time at={item.at} />
              {item.side}
            </span>
          </div>
          <p className="soft small">{item.by}</p>
          {item.said && <div className="says">{item.said}</div>}
          {item.photos && item.photos.length > 0 && <PhotoGrid photos={item.photos} />}
        </li>
      ))}
    </ol>
  )
}
