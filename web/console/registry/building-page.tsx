import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { BuildingView, Door, Doors } from '../../../src/registry/addresses/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { headAt, newResidentsAt } from '../../shared/registry/at-door.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { BackToList } from './back.tsx'
import { BuildingActs } from './building-acts.tsx'
import { History } from './history.tsx'
import './registry.css'

/** A building as one sees it from the street: units side by side, floors upon each other, each flat with who lives there. */
export function BuildingPage() {
  const { id } = useParams({ from: '/registry/buildings/$id' })
  // Another record is another page: nothing that was opened or shown of one stays with the next.
  return <OneBuilding id={id} key={id} />
}

function OneBuilding({ id }: { id: string }) {
  const t = useText()
  const building = useRead<BuildingView>(`/registry/buildings/${id}`)
  const doors = useRead<Doors>(`/registry/buildings/${id}/doors`)
  const [round, setRound] = useState(0)
  return (
    <ConsolePage
      title={building.data?.address ?? t('registry.building')}
      side={
        <>
          <ButtonLink small icon="list" href={`/console/registry/roster?building=${id}`}>
            {t('registry.printRoster')}
          </ButtonLink>
          {building.data?.mayWrite && !building.data.closed && (
            <BuildingActs
              of={building.data}
              saved={(next) => {
                building.replace(next)
                building.reload()
                doors.reload()
                setRound((count) => count + 1)
              }}
            />
          )}
        </>
      }
    >
      <BackToList tab="premises" area={building.data?.areaPath} />
      <Shown of={building} waiting={<Skeleton lines={2} />}>
        {(one) => (
          <>
            {one.closed && <p className="banner banner-warn">{t('homes.isClosed')}</p>}
            <p className="soft">
              {wordFor(t, 'building', one.kind)} · {one.areaName} · {t('registry.flats', { count: one.premises })}
            </p>
          </>
        )}
      </Shown>
      <Shown of={doors} waiting={<Skeleton lines={8} />}>
        {({ doors: items, more }) =>
          items.length === 0 ? (
            <Empty title={t('registry.noFlats')}>
              {t(building.data?.mayWrite ? 'homes.addFirst' : 'registry.emptyNext')}
            </Empty>
          ) : (
            <>
              <Legend doors={items} />
              <Picture doors={items} />
              {more && <p className="soft">{t('registry.moreDoors', { count: items.length })}</p>}
            </>
          )
        }
      </Shown>
      <History subject={id} kind="building" round={round} />
    </ConsolePage>
  )
}

const legend: readonly [use: string, name: TextKey][] = [
  ['ownerOccupied', 'registry.use.ownerOccupied'],
  ['let', 'registry.use.let'],
  ['vacant', 'registry.use.vacant'],
]

function Legend({ doors }: { doors: readonly Door[] }) {
  const t = useText()
  const residents = doors.reduce((sum, door) => sum + door.residents, 0)
  const fresh = doors.reduce((sum, door) => sum + newResidentsAt(door), 0)
  return (
    <p className="row flat-legend">
      {legend.map(([use, name]) => (
        <span key={use} className={`flat-sample flat-${use}`}>
          {t(name)} {doors.filter((door) => door.use === use).length}
        </span>
      ))}
      <span className="soft">{t('registry.livesHere', { residents, fresh })}</span>
    </p>
  )
}

function Picture({ doors }: { doors: readonly Door[] }) {
  const t = useText()
  const units = [...Map.groupBy(doors, ({ unit }) => unit)]
  return (
    <div className="units">
      {units.map(([unit, own]) => (
        <section
          key={unit}
          className="unit"
          aria-label={unit === '' ? t('registry.flatsHere') : t('registry.unit', { unit })}
        >
          {unit !== '' && <h2>{t('registry.unit', { unit })}</h2>}
          {[...Map.groupBy(own, ({ floor }) => floor)]
            .toSorted(([one], [other]) => (other ?? 0) - (one ?? 0))
            .map(([floor, flats]) => (
              <div key={floor ?? 'none'} className="storey">
                {floor !== null && (
                  <span className="storey-number" aria-label={t('registry.floor', { floor })}>
                    {floor}
                  </span>
                )}
                {flats.map((door) => (
                  <Flat key={door.id} of={door} />
                ))}
              </div>
            ))}
        </section>
      ))}
    </div>
  )
}

function Flat({ of }: { of: Door }) {
  const t = useText()
  return (
    <Link className={`flat flat-${of.use}`} to="/registry/premises/$id" params={{ id: of.id }}>
      <span className="strong">{of.room === '' ? t('registry.wholeHouse') : of.room}</span>
      <span className="flat-use">{wordFor(t, 'use', of.use)}</span>
      <span className="flat-who">
        {headAt(of)}
        {of.residents > 0 && <span className="faint"> {t('registry.persons', { count: of.residents })}</span>}
      </span>
    </Link>
  )
}
