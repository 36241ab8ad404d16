import { useState } from 'react'
import type { FoundResponsible } from '../../../src/grid/posts/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { TextField } from '../../shared/ui/field.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'

const groundRole = 'microGridLead'

/** Who answered for the place on a day, from the ground up: history is asked, never guessed. */
export function WhoWas({ path }: { path: string }) {
  const t = useText()
  const [day, setDay] = useState('')
  // Noon in China: whoever came or went that morning is there or gone.
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T12:00:00+08:00`).toISOString() : null
  const query =
    at && `/grid/responsible?path=${encodeURIComponent(path)}&role=${groundRole}&at=${encodeURIComponent(at)}`
  const found = useRead<FoundResponsible>(query)
  return (
    <section className="card stack">
      <h2>{t('whoWas.title')}</h2>
      <TextField label={t('whoWas.day')} type="date" value={day} onChange={setDay} />
      {query && (
        <Shown of={found} waiting={<Skeleton lines={3} />}>
          {({ chain }) =>
            chain.length === 0 ? (
              <p className="soft">{t('whoWas.nobody')}</p>
            ) : (
              <ol className="stack-s">
                {chain.map((one) => (
                  <li key={one.postId}>
                    <span className="strong">{one.name}</span> {one.postName}{' '}
                    <span className="faint small">
                      {one.areaName} · {t(one.slot === 'A' ? 'areas.slotA' : 'areas.slotB')}
                    </span>
                  </li>
                ))}
              </ol>
            )
          }
        </Shown>
      )}
    </section>
  )
}
