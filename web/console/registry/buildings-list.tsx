import { Link } from '@tanstack/react-router'
import type { Building, Premises } from '../../../src/registry/addresses/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { Nothing } from './nothing.tsx'
import { Fresh, PremisesLink, Rows, type Column } from './rows.tsx'
import { queryOf, type RegistrySearch } from './search.ts'

/** Buildings of a place; with a use asked for, the flats themselves. */
export function BuildingsList({ search }: { search: RegistrySearch }) {
  return search.use === undefined ? <Buildings search={search} /> : <Flats search={search} />
}

function Buildings({ search }: { search: RegistrySearch }) {
  const t = useText()
  const list = usePagedQuery<Building>(`/registry/buildings?${queryOf(search, ['area'])}`)
  const columns: Column<Building>[] = [
    {
      key: 'address',
      name: t('registry.building'),
      render: ({ id, address }) => (
        <Link className="rows-main" to="/registry/buildings/$id" params={{ id }}>
          {address}
        </Link>
      ),
    },
    { key: 'kind', name: t('registry.kind'), render: ({ kind }) => wordFor(t, 'building', kind) },
    { key: 'floors', name: t('registry.floors'), render: ({ floors }) => floors ?? '—' },
    { key: 'area', name: t('registry.area'), render: ({ areaName }) => areaName },
  ]
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={8} />}>
        {(items) =>
          items.length === 0 ? (
            <Nothing search={search} what="premises" />
          ) : (
            [...Map.groupBy(items, ({ estate, street }) => estate || street)].map(([name, buildings]) => (
              <section key={name} className="stack-s">
                <div className="spread">
                  <h2 className="estate-name">{name}</h2>
                  <ButtonLink small kind="plain" icon="list" href={rosterOf(search.area, name)}>
                    {t('registry.printEstate', { name })}
                  </ButtonLink>
                </div>
                <Rows label={name} columns={columns} items={buildings} />
              </section>
            ))
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}

/** An estate may lie in several micro-grids: its roster is that of the whole village, whichever of them one looks at. */
function rosterOf(area: string | undefined, estate: string): string {
  const village = area?.split('/').slice(0, 3).join('/')
  return `/console/registry/roster?${new URLSearchParams({ ...(village !== undefined && { area: village }), estate })}`
}

function Flats({ search }: { search: RegistrySearch }) {
  const t = useText()
  const list = usePagedQuery<Premises>(`/registry/premises?${queryOf(search, ['area', 'use'])}`)
  const columns: Column<Premises>[] = [
    {
      key: 'address',
      name: t('registry.door'),
      render: ({ id, address }) => <PremisesLink id={id} address={address} />,
    },
    { key: 'use', name: t('registry.use'), render: ({ use }) => wordFor(t, 'use', use) },
    { key: 'area', name: t('registry.area'), render: ({ areaName }) => areaName },
    {
      key: 'fresh',
      name: t('registry.checked'),
      render: ({ checkedAt, stale }) => <Fresh at={checkedAt} stale={stale} />,
    },
  ]
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={8} />}>
        {(items) =>
          items.length === 0 ? (
            <Nothing search={search} what="premises" />
          ) : (
            <Rows label={t('registry.premises')} columns={columns} items={items} />
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}
