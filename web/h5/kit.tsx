import { useState } from 'react'
import type { Chair, Kit, Poster } from '../../src/duty/kit/contract.ts'
import { useText } from '../shared/i18n/text.ts'
import { useRead } from '../shared/loading.ts'
import { PosterSheet } from '../shared/poster/poster-sheet.tsx'
import { Button } from '../shared/ui/button.tsx'
import { Icon } from '../shared/ui/icon.tsx'
import { Sheet } from '../shared/ui/sheet.tsx'
import { Shown, Skeleton } from '../shared/ui/states.tsx'

/** What a head carries: which posts, who acts there now, whom to call, and the code that residents scan. */
export function MyKit() {
  const t = useText()
  const kit = useRead<Kit>('/duty/kit')
  return (
    <section className="stack-s" aria-label={t('kit.title')}>
      <h2>{t('kit.title')}</h2>
      <Shown of={kit} waiting={<Skeleton lines={6} cards={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{t('kit.none')}</p>
          ) : (
            <ul className="stack">
              {items.map((chair) => (
                <li key={chair.postId} className="card stack-s">
                  <ChairCard of={chair} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </section>
  )
}

function ChairCard({ of }: { of: Chair }) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const self = of.sitting.find((one) => one.self)
  const said = of.acts ? t('kit.acts') : self?.away ? t('kit.away') : t('kit.waits')
  return (
    <>
      <h3>{of.areaName}</h3>
      <p className="row">
        <span>{of.roleName}</span>
        <span className={of.acts ? 'tag tag-verified' : 'tag tag-parked'}>{said}</span>
      </p>
      <dl className="facts">
        {(['A', 'B'] as const).map((slot) => (
          <Slot key={slot} slot={slot} of={of} />
        ))}
        {of.dutyPhone && (
          <>
            <dt>{t('kit.dutyPhone')}</dt>
            <dd>
              <a href={`tel:${of.dutyPhone.replace(/[^\d+]/g, '')}`}>{of.dutyPhone}</a>
            </dd>
          </>
        )}
      </dl>
      {of.leaf && (
        <>
          <Button kind="quiet" icon="camera" wide onClick={() => setOpen(true)}>
            {t('kit.poster')}
          </Button>
          <Sheet title={t('kit.poster')} open={open} close={() => setOpen(false)}>
            <ShownPoster path={of.areaPath} />
          </Sheet>
        </>
      )}
    </>
  )
}

function Slot({ slot, of }: { slot: 'A' | 'B'; of: Chair }) {
  const t = useText()
  const one = of.sitting.find((sitting) => sitting.slot === slot)
  return (
    <>
      <dt>{t('kit.slotOf', { slot })}</dt>
      <dd>
        {one ? (
          <span className="row">
            {one.name}
            {one.self && <span className="faint">{t('kit.self')}</span>}
            {one.acts ? (
              <span className="tag tag-verified">{t('kit.actsNow')}</span>
            ) : (
              one.away && <span className="tag tag-parked">{t('areas.away')}</span>
            )}
          </span>
        ) : (
          <span className="faint">{t('kit.vacant', { slot })}</span>
        )}
      </dd>
    </>
  )
}

function ShownPoster({ path }: { path: string }) {
  const t = useText()
  const loaded = useRead<Poster>(`/duty/poster?path=${encodeURIComponent(path)}`)
  return (
    <Shown of={loaded} waiting={<Skeleton lines={5} />}>
      {(poster) => (
        <>
          <p className="row soft">
            <Icon name="info" />
            {t('kit.posterHint')}
          </p>
          <PosterSheet of={poster} />
        </>
      )}
    </Shown>
  )
}
