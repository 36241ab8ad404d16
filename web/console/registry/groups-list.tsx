import type { ChatGroup } from '../../../src/registry/organisations/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { More } from '../../shared/ui/more.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { GroupActs } from './group-acts.tsx'
import { Nothing } from './nothing.tsx'
import { Rows, type Column } from './rows.tsx'
import { queryOf, type RegistrySearch } from './search.ts'

/** The chat groups of a place: for whom, on what, who looks after them. Who is in them is not kept. */
export function GroupsList({ search, mayWrite }: { search: RegistrySearch; mayWrite: boolean }) {
  const t = useText()
  const list = usePagedQuery<ChatGroup>(`/registry/chat-groups?${queryOf(search, ['area', 'kind'])}`)
  const columns: Column<ChatGroup>[] = [
    { key: 'name', name: t('groups.name'), render: ({ name }) => <span className="strong">{name}</span> },
    { key: 'kind', name: t('registry.kind'), render: ({ kind }) => wordFor(t, 'group', kind) },
    { key: 'channel', name: t('groups.channel'), render: ({ channel }) => wordFor(t, 'channel', channel) },
    { key: 'audience', name: t('groups.audience'), render: ({ audience }) => audience || '—' },
    { key: 'members', name: t('registry.members'), render: ({ members }) => members ?? '—' },
    { key: 'owner', name: t('groups.owner'), render: ({ ownerPost }) => ownerPost || '—' },
    { key: 'area', name: t('registry.area'), render: ({ areaName }) => areaName },
    { key: 'checked', name: t('registry.checked'), wide: true, render: ({ checkedAt }) => <Time at={checkedAt} /> },
    ...(mayWrite
      ? [
          {
            key: 'acts',
            name: t('groups.acts'),
            render: (group: ChatGroup) => <GroupActs of={group} changed={list.reload} />,
          },
        ]
      : []),
  ]
  return (
    <>
      <p className="faint small">{t('groups.hint')}</p>
      <Shown of={list} waiting={<Skeleton lines={6} />}>
        {(items) =>
          items.length === 0 ? (
            <Nothing search={search} what="groups" />
          ) : (
            <Rows label={t('groups.title')} columns={columns} items={items} />
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}
