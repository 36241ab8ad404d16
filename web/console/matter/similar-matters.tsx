import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Duplicate, Matter } from '../../../src/loop/contract.ts'
import { randomKey, send } from '../../shared/api.ts'
import { language, useText } from '../../shared/i18n/text.ts'
import { Time } from '../../shared/ui/time.tsx'

const likelyPercent = 40

/** Others that may be the same: near in place, time and words. Joining them is a move, not made here. */
export function SimilarMatters({ matter }: { matter: Matter }) {
  const t = useText()
  const position = matter.position
  const found = useQuery({
    queryKey: ['similar', language(), matter.id],
    enabled: matter.closedAt === null,
    queryFn: () =>
      send<{ items: Duplicate[] }>('/matters/duplicates', {
        key: randomKey(),
        body: {
          kind: matter.kind,
          category: matter.category,
          text: matter.text,
          areaPath: matter.areaPath,
          ...(position ? { position: { longitude: position.longitude, latitude: position.latitude } } : {}),
        },
      }),
  }).data?.items
  const others = (found ?? [])
    .filter((item) => item.id && item.id !== matter.id && item.likeness >= likelyPercent)
    .slice(0, 5)
  if (others.length === 0) return null
  return (
    <section className="card">
      <h2>{t('similar.others')}</h2>
      <ul className="stack">
        {others.map((item) => (
          <li key={item.id}>
            <Link to="/matters/$id" params={{ id: item.id ?? '' }}>
              {item.summary ?? item.categoryName}
            </Link>
            <div className="faint small">
              {item.stateName} · <Time at={item.reportedAt} />
              {item.distanceMetres !== null && ` · ${t('place.away', { metres: item.distanceMetres })}`} ·{' '}
              {t('similar.likeness', { percent: item.likeness })}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
