import { Link } from '@tanstack/react-router'
import type { OrganisationBrief } from '../../../src/registry/organisations/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { More } from '../../shared/ui/more.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { Nothing } from './nothing.tsx'
import { Fresh, Rows, type Column } from './rows.tsx'
import { queryOf, type RegistrySearch } from './search.ts'

/** Enterprises, merchants, partner units … of a place. */
export function OrganisationsList({ search }: { search: RegistrySearch }) {
  const t = useText()
  const list = usePagedQuery<OrganisationBrief>(`/registry/organisations?${queryOf(search, ['area', 'kind'])}`)
  const columns: Column<OrganisationBrief>[] = [
    {
      key: 'name',
      name: t('registry.organisationName'),
      render: ({ id, name }) => (
        <Link className="rows-main" to="/registry/organisations/$id" params={{ id }}>
          {name}
        </Link>
      ),
    },
    { key: 'kind', name: t('registry.kind'), render: ({ kind }) => wordFor(t, 'organisation', kind) },
    { key: 'trade', name: t('registry.trade'), render: ({ trade }) => trade || '—' },
    { key: 'code', name: t('registry.code'), render: ({ code }) => <span className="mono">{code ?? '—'}</span> },
    { key: 'address', name: t('registry.address'), render: ({ address }) => address },
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
            <Nothing search={search} what="organisations" />
          ) : (
            <Rows label={t('registry.organisations')} columns={columns} items={items} />
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}
