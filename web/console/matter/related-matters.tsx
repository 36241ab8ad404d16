import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Related } from '../../../src/loop/desk/contract.ts'
import { read } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { language, useText } from '../../shared/i18n/text.ts'
import { StateTag } from '../../shared/matter/state-tag.tsx'
import { Time } from '../../shared/ui/time.tsx'

type Why = Related['items'][number]['why'][number]
const whyNames: Record<Why, TextKey> = {
  duplicate: 'related.duplicate',
  alike: 'related.alike',
  near: 'related.near',
  reporter: 'related.reporter',
}
const shownFirst = 5

/** Others that have to do with it, each with why. Joining them is a move, not made here. */
export function RelatedMatters({ id }: { id: string }) {
  const t = useText()
  const found = useQuery({
    queryKey: ['related', language(), id],
    queryFn: () => read<Related>(`/matters/${id}/related`),
  }).data?.items
  if (!found || found.length === 0) return null
  return (
    <section className="card no-print">
      <h2>{t('related.title')}</h2>
      <ul className="stack">
        {found.slice(0, shownFirst).map((item) => (
          <li key={item.id}>
            <span className="row">
              <StateTag of={item} />
              {item.why.map((why) => (
                <span className="faint small" key={why}>
                  {t(whyNames[why])}
                </span>
              ))}
            </span>
            <Link to="/matters/$id" params={{ id: item.id }}>
              {item.summary}
            </Link>
            <div className="faint small">
              {item.number} · <Time at={item.reportedAt} />
              {item.distanceMetres !== null && ` · ${t('place.away', { metres: item.distanceMetres })}`}
              {item.why.includes('alike') && ` · ${t('similar.likeness', { percent: item.likeness })}`}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
