import { useEffect } from 'react'
import type { Door, Doors } from '../../../src/registry/addresses/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { headAt } from '../../shared/registry/at-door.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { go } from '../../shared/router.ts'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Page } from '../shell.tsx'
import './doors.css'

/** A building: unit by unit, floor by floor, each door with who lives there. A house with one door is its door. */
export function BuildingDoorsPage({ id }: { id: string }) {
  const t = useText()
  const doors = useRead<Doors>(`/registry/buildings/${id}/doors`)
  const only = doors.data?.doors.length === 1 ? doors.data.doors[0]?.id : undefined
  useEffect(() => {
    if (only) go(`/h5/doors/at/${only}`, { replace: true })
  }, [only])
  return (
    <Page title={doors.data?.building.address ?? t('registry.building')} back="/h5/doors">
      <Shown of={doors} waiting={<Skeleton lines={3} cards={3} />}>
        {({ doors: items, more }) =>
          items.length === 0 ? (
            <Empty title={t('registry.noFlats')}>{t('registry.emptyNext')}</Empty>
          ) : (
            <>
              {[...Map.groupBy(items, ({ unit }) => unit)].map(([unit, own]) => (
                <section key={unit} className="stack-s">
                  {unit !== '' && <h2>{t('registry.unit', { unit })}</h2>}
                  {[...Map.groupBy(own, ({ floor }) => floor)].map(([floor, flats]) => (
                    <div key={floor ?? 'none'} className="floor-line">
                      {floor !== null && <span className="floor-number">{t('registry.floor', { floor })}</span>}
                      <ul className="floor-doors">
                        {flats.map((door) => (
                          <li key={door.id}>
                            <DoorTile of={door} />
                          </li>
                        ))}
                      </ul>
                    </div>
                  ))}
                </section>
              ))}
              {more && <p className="soft">{t('registry.moreDoors', { count: items.length })}</p>}
            </>
          )
        }
      </Shown>
    </Page>
  )
}

function DoorTile({ of }: { of: Door }) {
  const t = useText()
  return (
    <a className={`door-tile door-${of.use}`} href={`/h5/doors/at/${of.id}`}>
      <span className="strong">{of.room || t('registry.wholeHouse')}</span>
      <span className="small">{headAt(of) || wordFor(t, 'use', of.use)}</span>
      <span className="faint small">
        {of.residents > 0 ? t('registry.persons', { count: of.residents }) : t('registry.nobodyHere')}
      </span>
    </a>
  )
}
