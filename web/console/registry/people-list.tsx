import type { PersonBrief } from '../../../src/registry/people/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { TagLine } from '../../shared/registry/tags.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { Fresh, PersonLink, PremisesLink, Rows, type Column } from './rows.tsx'
import { queryOf, type RegistrySearch } from './search.ts'
import { Nothing } from './nothing.tsx'

/** Who lives here, or owns and rents here: numbers masked, names whole. */
export function PeopleList({ search }: { search: RegistrySearch }) {
  const t = useText()
  const list = usePagedQuery<PersonBrief>(`/registry/people?${queryOf(search, ['area', 'registration', 'tag'])}`)
  const columns: Column<PersonBrief>[] = [
    { key: 'name', name: t('registry.name'), render: ({ id, name }) => <PersonLink id={id} name={name} /> },
    {
      key: 'sex',
      name: t('registry.sexAge'),
      render: ({ sex, age }) => [wordFor(t, 'sex', sex), age === null ? '' : t('registry.years', { age })].join(' '),
    },
    { key: 'phone', name: t('registry.phone'), render: ({ phone }) => <span className="mono">{phone ?? '—'}</span> },
    {
      key: 'home',
      name: t('registry.home'),
      render: ({ premisesId, address, areaName }) => <PremisesLink id={premisesId} address={address || areaName} />,
    },
    {
      key: 'registration',
      name: t('registry.registrationName'),
      render: ({ registration }) => wordFor(t, 'registration', registration),
    },
    { key: 'tags', name: t('registry.tags'), render: ({ tags }) => <TagLine tags={tags} /> },
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
            <Nothing search={search} what="people" />
          ) : (
            <Rows label={t('registry.people')} columns={columns} items={items} />
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}
