import { useState } from 'react'
import type { MyPosts } from '../../../src/grid/posts/contract.ts'
import type { StewardPeople, StewardRow } from '../../../src/registry/visits/contract.ts'
import { send } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { SelectField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { LeafChoice } from './leaf-choice.tsx'

/** Who looks after which household: three to five each. */
export function Stewards() {
  const t = useText()
  const posts = useRead<MyPosts>('/grid/posts/mine')
  const [area, setArea] = useState('')
  const root = posts.data?.items[0]?.areaPath
  return (
    <>
      <p className="soft">{t('visit.stewardsLead')}</p>
      {root && <LeafChoice root={root} chosen={area} choose={setArea} />}
      {area && <Homes area={area} key={area} />}
    </>
  )
}

function Homes({ area }: { area: string }) {
  const t = useText()
  const at = `area=${encodeURIComponent(area)}`
  const list = usePagedQuery<StewardRow>(`/visits/stewards?${at}&limit=50`)
  const people = useRead<StewardPeople>(`/visits/stewards/people?${at}`)
  return (
    <section className="card stack">
      <Shown of={list} waiting={<Skeleton lines={5} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('visit.noDoor')}>{t('visit.noDoorNext')}</Empty>
          ) : (
            <ul className="stack">
              {items.map((item) => (
                <li key={item.householdId}>
                  <Home
                    of={item}
                    people={people.data}
                    changed={(next) => {
                      people.replace(next)
                      list.reload()
                    }}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </section>
  )
}

function Home({
  of,
  people,
  changed,
}: {
  of: StewardRow
  people: StewardPeople | undefined
  changed: (next: StewardPeople) => void
}) {
  const t = useText()
  const act = useAct((accountId: string | null, key) =>
    send<StewardPeople>(`/visits/stewards/${of.householdId}`, { method: 'PUT', body: { accountId }, key }),
  )
  const give = async (account: string) => {
    const next = await act.run(account || null)
    if (next) changed(next)
  }
  const known = people?.items ?? []
  const other = of.accountId && !known.some(({ accountId }) => accountId === of.accountId)
  return (
    <div className="spread">
      <div className="grow">
        <span className="strong">{of.head || of.address}</span>
        <div className="soft small">
          {of.address} · {t('visit.members', { count: of.members })}
          {of.fromOn && ` · ${t('visit.since', { day: saidDay(of.fromOn) })}`}
        </div>
        <Refused error={act.error} />
      </div>
      <SelectField
        label={t('visit.stewardOf')}
        value={of.accountId ?? ''}
        onChange={(account) => void give(account)}
        empty={t('visit.noSteward')}
        choices={[
          ...known.map(({ accountId, name, label, households }) => ({
            value: accountId,
            label: `${name} · ${label} · ${t('visit.stewardHas', { count: households, most: people?.most ?? 0 })}`,
          })),
          ...(other ? [{ value: of.accountId ?? '', label: of.stewardName }] : []),
        ]}
      />
    </div>
  )
}
