import { useEffect, useState } from 'react'
import type { Duplicate } from '../../../src/loop/contract.ts'
import { randomKey, send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { Time } from '../ui/time.tsx'
import type { Draft } from './draft.ts'

const waitMs = 900
const likelyPercent = 50

/** Says, before the report is sent, that the same may be known already. It never stands in the way. */
export function Similar({ kind, draft }: { kind: string; draft: Draft }) {
  const t = useText()
  const [items, setItems] = useState<readonly Duplicate[]>([])
  const { category, text, place } = draft
  useEffect(() => {
    if (text.trim().length < 4 || !place) return setItems([])
    const body = {
      kind,
      ...(category ? { category } : {}),
      text,
      ...(place.position ? { position: place.position } : {}),
      ...(place.areaPath ? { areaPath: place.areaPath } : {}),
    }
    const timer = setTimeout(() => {
      send<{ items: Duplicate[] }>('/matters/duplicates', { body, key: randomKey() }).then(
        (found) => setItems(found.items.filter((item) => item.likeness >= likelyPercent).slice(0, 3)),
        () => setItems([]),
      )
    }, waitMs)
    return () => clearTimeout(timer)
  }, [kind, category, text, place])
  if (items.length === 0) return null
  return (
    <section className="stack-s" aria-live="polite">
      <h2>{t('similar.title')}</h2>
      <p className="soft small">{t('similar.note')}</p>
      {items.map((item, index) => (
        <div className="similar small" key={item.id ?? index}>
          <div className="spread">
            <span className="strong">{item.categoryName}</span>
            <span>{item.stateName}</span>
          </div>
          {item.summary && <div>{item.summary}</div>}
          <div className="faint">
            <Time at={item.reportedAt} />
            {item.distanceMetres !== null && ` · ${t('place.away', { metres: item.distanceMetres })}`}
          </div>
        </div>
      ))}
    </section>
  )
}
