import { useState } from 'react'
import type { Flaws } from '../../../src/grid/shapes/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import type { Feature } from '../places/ground.ts'

const kinds = { gap: 'flaw.gap', overlap: 'flaw.overlap', beyond: 'flaw.beyond' } as const

/** What is wrong between the areas below one: ground of nobody, ground of two, ground outside. Each can be looked at. */
export function FlawList({ path, show }: { path: string; show: (feature: Feature | null) => void }) {
  const t = useText()
  const flaws = useRead<Flaws>(`/grid/boundaries/check?path=${encodeURIComponent(path)}`)
  const [chosen, setChosen] = useState(-1)
  const look = (at: number, flaw: Flaws['items'][number]) => {
    const next = at === chosen ? -1 : at
    setChosen(next)
    show(
      next === -1
        ? null
        : {
            type: 'Feature',
            id: `flaw-${at}`,
            properties: { path: '', name: '', kind: 'other', overlay: 'base', schematic: false },
            geometry: flaw.shape,
          },
    )
  }
  const size = (metres: number) =>
    metres >= 10_000 ? t('flaw.hectares', { size: (metres / 10_000).toFixed(2) }) : t('flaw.metres', { size: metres })
  return (
    <section className="card stack">
      <div className="spread">
        <h2>{t('flaw.title')}</h2>
        <Button small kind="plain" busy={flaws.busy} onClick={flaws.reload}>
          {t('flaw.again')}
        </Button>
      </div>
      <Shown of={flaws} waiting={<Skeleton lines={3} />}>
        {({ items, looked, undrawn, complete }) => (
          <>
            <p className="soft small">{t('flaw.looked', { looked })}</p>
            {items.length === 0 ? (
              <p className="tag tag-verified">{t(looked === 0 ? 'flaw.nothing' : 'flaw.none')}</p>
            ) : (
              <ul className="stack-s">
                {items.map((flaw, at) => (
                  <li key={at} className="spread">
                    <span>
                      {t(kinds[flaw.kind])} {flaw.names.join(t('flaw.and'))}{' '}
                      <span className="faint small">{size(flaw.squareMetres)}</span>
                    </span>
                    <Button small kind={at === chosen ? 'primary' : 'quiet'} onClick={() => look(at, flaw)}>
                      {t('flaw.look')}
                    </Button>
                  </li>
                ))}
              </ul>
            )}
            {undrawn.length > 0 && (
              <p className="soft small">
                {t('flaw.undrawn', {
                  count: undrawn.length,
                  names: undrawn
                    .slice(0, 5)
                    .map(({ name }) => name)
                    .join('、'),
                })}
              </p>
            )}
            {!complete && <p className="soft small">{t('flaw.more')}</p>}
          </>
        )}
      </Shown>
    </section>
  )
}
