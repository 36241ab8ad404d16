import { Link } from '@tanstack/react-router'
import type { HouseholdBrief } from '../../../src/registry/households/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { More } from '../../shared/ui/more.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { Nothing } from './nothing.tsx'
import { Fresh, PremisesLink, Rows, type Column } from './rows.tsx'
import { queryOf, type RegistrySearch } from './search.ts'

/** Households of a place: who is the head, how many, where. */
export function HouseholdsList({ search }: { search: RegistrySearch }) {
  const t = useText()
  const list = usePagedQuery<HouseholdBrief>(`/registry/households?${queryOf(search, ['area', 'kind'])}`)
  const columns: Column<HouseholdBrief>[] = [
    {
      key: 'head',
      name: t('registry.head.head'),
      render: ({ id, headName }) => (
        <Link className="rows-main" to="/registry/households/$id" params={{ id }}>
          {headName || t('registry.noHead')}
        </Link>
      ),
    },
    { key: 'members', name: t('registry.members'), render: ({ members }) => t('registry.persons', { count: members }) },
    { key: 'kind', name: t('registry.kind'), render: ({ kind }) => wordFor(t, 'household', kind) },
    {
      key: 'home',
      name: t('registry.home'),
      render: ({ premisesId, address }) => <PremisesLink id={premisesId} address={address} />,
    },
    { key: 'area', name: t('registry.area'), wide: true, render: ({ areaName }) => areaName },
    {
      key: 'fresh',
      name: t('registry.checked'),
      wide: true,
      render: ({ checkedAt, stale }) => <Fresh at={checkedAt} stale={stale} />,
    },
  ]
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={8} />}>
        {(items) =>
          items.length === 0 ? (
            <Nothing search={search} what="households" />
          ) : (
            <Rows label={t('registry.households')} columns={columns} items={items} />
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}
