import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { Burden } from '../../../src/registry/burden/contract.ts'
import type { RegistryTerms } from '../../../src/registry/terms/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { SelectField } from '../../shared/ui/field.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { PlacePicker } from '../registry/place-picker.tsx'
import { Rows, type Column } from '../registry/rows.tsx'
import { useRegistryTerms } from '../registry/use-terms.ts'
import { periods, type BurdenSearch } from './search.ts'
import '../registry/registry.css'
import './burden.css'

/** How often the same was asked of the same people: by what, from where, by whom, at which doors. */
export function BurdenPage() {
  const t = useText()
  const terms = useRegistryTerms()
  return (
    <ConsolePage title={t('burden.title')}>
      <p className="soft">{t('burden.lead')}</p>
      <Shown of={terms} waiting={<Skeleton lines={6} />}>
        {(known) =>
          known.mayCount ? (
            <Meter terms={known} />
          ) : (
            <Empty title={t('burden.notYours')}>{t('burden.notYoursNext')}</Empty>
          )
        }
      </Shown>
    </ConsolePage>
  )
}

function Meter({ terms }: { terms: RegistryTerms }) {
  const t = useText()
  const { area, days = 30 } = useSearch({ from: '/burden' })
  const navigate = useNavigate({ from: '/burden' })
  const change = (search: BurdenSearch) => void navigate({ search, replace: true })
  const at = area === undefined ? '' : `&area=${encodeURIComponent(area)}`
  const burden = useRead<Burden>(`/registry/burden?days=${days}${at}`)
  return (
    <>
      <div className="burden-asked">
        <PlacePicker
          terms={terms}
          area={area}
          choose={(chosen) => change(chosen === undefined ? { days } : { days, area: chosen })}
        />
        <SelectField
          label={t('burden.days')}
          value={String(days)}
          choices={periods.map((one) => ({ value: String(one), label: t('burden.lastDays', { days: one }) }))}
          onChange={(chosen) => change({ days: Number(chosen), ...(area === undefined ? {} : { area }) })}
        />
      </div>
      <Shown of={burden} waiting={<Skeleton lines={4} cards={2} />}>
        {(found) =>
          found.asked === 0 ? (
            <Empty title={t('burden.none')}>{t('burden.noneNext')}</Empty>
          ) : (
            <Measured of={found} doors={terms.mayRead} />
          )
        }
      </Shown>
    </>
  )
}

interface Tally {
  asked: number
  known: number
}

const shareOf = ({ asked, known }: Tally): string => `${asked === 0 ? 0 : Math.round((known / asked) * 100)}%`

function Measured({ of, doors }: { of: Burden; doors: boolean }) {
  const t = useText()
  const tally = <Item extends Tally & { id: string }>(): Column<Item>[] => [
    { key: 'asked', name: t('burden.asked'), render: ({ asked }) => asked },
    { key: 'known', name: t('burden.known'), render: ({ known }) => known },
    { key: 'share', name: t('burden.share'), render: (item) => shareOf(item) },
  ]
  return (
    <div className="stack">
      {!of.complete && (
        <p className="card" role="note">
          {t('burden.partial')}
        </p>
      )}
      <dl className="burden-figures">
        <Figure name={t('burden.asked')} value={t('burden.times', { count: of.asked })} />
        <Figure name={t('burden.known')} value={t('burden.times', { count: of.known })} />
        <Figure name={t('burden.share')} value={shareOf(of)} />
        <Figure name={t('burden.visits')} value={t('burden.times', { count: of.visits })} />
      </dl>
      <Groups of={of} />
      <div className="burden-halves">
        <section className="stack-s">
          <h2>{t('burden.bySource')}</h2>
          <Rows
            label={t('burden.bySource')}
            columns={[
              { key: 'source', name: t('burden.source'), render: ({ id }) => wordFor(t, 'source', id) },
              ...tally<Tally & { id: string }>(),
            ]}
            items={of.sources.map(({ source, ...counts }) => ({ id: source, ...counts }))}
          />
        </section>
        <section className="stack-s">
          <h2>{t('burden.byPost')}</h2>
          <Rows
            label={t('burden.byPost')}
            columns={[
              { key: 'post', name: t('burden.post'), render: ({ id }) => id || t('burden.nobody') },
              ...tally<Tally & { id: string }>(),
            ]}
            items={of.posts.map(({ label, ...counts }) => ({ id: label, ...counts }))}
          />
        </section>
      </div>
      {doors && <Doors of={of} />}
    </div>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="card">
      <dt className="soft small">{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Groups({ of }: { of: Burden }) {
  const t = useText()
  type Item = Burden['groups'][number] & { id: string }
  const columns: Column<Item>[] = [
    { key: 'name', name: t('burden.group'), render: ({ name }) => <span className="strong">{name}</span> },
    { key: 'asked', name: t('burden.asked'), render: ({ asked }) => asked },
    { key: 'known', name: t('burden.known'), render: (item) => `${item.known} (${shareOf(item)})` },
    { key: 'confirmed', name: t('burden.confirmed'), render: ({ confirmed }) => confirmed },
    { key: 'typed', name: t('burden.typed'), render: ({ typed }) => typed },
    { key: 'records', name: t('burden.records'), render: ({ records }) => records },
    {
      key: 'fresh',
      name: t('burden.fresh'),
      render: ({ freshMonths }) => t('burden.months', { count: freshMonths }),
    },
  ]
  return (
    <section className="stack-s">
      <h2>{t('burden.groups')}</h2>
      <Rows
        label={t('burden.groups')}
        columns={columns}
        items={of.groups.map((group) => ({ id: group.code, ...group }))}
      />
    </section>
  )
}

function Doors({ of }: { of: Burden }) {
  const t = useText()
  type Item = Burden['doors'][number] & { id: string }
  const columns: Column<Item>[] = [
    {
      key: 'door',
      name: t('burden.door'),
      render: ({ id, address, areaName }) => (
        <span>
          <Link to="/registry/premises/$id" params={{ id }} className="rows-main">
            {address}
          </Link>
          <br />
          <span className="faint small">{areaName}</span>
        </span>
      ),
    },
    { key: 'asked', name: t('burden.asked'), render: ({ asked }) => asked },
    { key: 'known', name: t('burden.known'), render: ({ known }) => known },
    { key: 'visits', name: t('burden.visits'), render: ({ visits }) => visits },
  ]
  return (
    <section className="stack-s">
      <h2>{t('burden.doors')}</h2>
      {of.doors.length === 0 ? (
        <p className="faint">{t('burden.doorsNone')}</p>
      ) : (
        <Rows
          label={t('burden.doors')}
          columns={columns}
          items={of.doors.map((door) => ({ id: door.premisesId, ...door }))}
        />
      )}
    </section>
  )
}
