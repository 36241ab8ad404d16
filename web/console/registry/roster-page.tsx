import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Building, Door } from '../../../src/registry/addresses/contract.ts'
import { read } from '../../shared/api.ts'
import { countyName } from '../../shared/county.ts'
import { exactTime, saidDay } from '../../shared/dates.ts'
import { language, useText } from '../../shared/i18n/text.ts'
import { asRefusal } from '../../shared/loading.ts'
import type { DoorPerson } from '../../shared/registry/at-door.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField } from '../../shared/ui/field.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Empty, Skeleton, Trouble } from '../../shared/ui/states.tsx'
import { Title } from '../../shared/ui/title.tsx'
import { useMe } from '../me-context.ts'
import type { RosterSearch } from './search.ts'
import '../matter/matter-page.css'
import './registry.css'

/** A paper longer than this is an export: the browser would stop before the printer does. */
const DOORS_MAX = 4_000

/** All pages of a list, one after another, up to what a paper bears. */
async function allOf<Item>(path: string, query: Record<string, string>, signal: AbortSignal, max: number) {
  const items: Item[] = []
  let next: string | null = null
  do {
    const asked = new URLSearchParams({ ...query, limit: '100', ...(next !== null && { after: next }) })
    const page: { items: Item[]; next: string | null } = await read(`${path}?${asked}`, signal)
    items.push(...page.items)
    next = page.next
  } while (next !== null && items.length < max)
  return { items, cut: next !== null }
}

/** The doors of a place, of one building, or of every building of an estate, however many areas it lies in. */
async function wholeRoster(asked: RosterSearch, signal: AbortSignal, heard: (doors: number) => void) {
  const { area, building, estate } = asked
  const within: Record<string, string> = area === undefined ? {} : { area }
  if (building !== undefined || estate === undefined) {
    const query = building === undefined ? within : { building }
    const { items: doors, cut } = await allOf<Door>('/registry/roster', query, signal, DOORS_MAX)
    return { doors, cut }
  }
  const { items: buildings } = await allOf<Building>('/registry/buildings', within, signal, DOORS_MAX)
  const doors: Door[] = []
  for (const { id } of buildings.filter((one) => (one.estate || one.street) === estate)) {
    const found = await allOf<Door>('/registry/roster', { building: id }, signal, DOORS_MAX)
    doors.push(...found.items)
    heard(doors.length)
    if (doors.length >= DOORS_MAX) return { doors, cut: true }
  }
  return { doors, cut: false }
}

/** The roster of an estate, a building or a micro-grid on A4: doors in the order in which one walks them. */
export function RosterPage() {
  const t = useText()
  const asked = useSearch({ from: '/registry/roster' })
  const { area, estate } = asked
  const [heard, setHeard] = useState(0)
  const [withIds, setWithIds] = useState(false)
  const [onlyLiving, setOnlyLiving] = useState(false)
  const query = useQuery({
    queryKey: ['roster', language(), asked],
    queryFn: ({ signal }) => wholeRoster(asked, signal, setHeard),
    retry: false,
  })
  return (
    <div className="page">
      <div className="row no-print">
        <Link
          className="button button-plain button-small"
          to="/registry"
          search={{ tab: 'premises', ...(area !== undefined && { area }) }}
        >
          <Icon name="back" />
          {t('act.back')}
        </Link>
        <Button kind="primary" small onClick={() => print()}>
          {t('print.do')}
        </Button>
        <CheckField label={t('registry.withIds')} checked={withIds} onChange={setWithIds} />
        <CheckField label={t('registry.onlyLiving')} checked={onlyLiving} onChange={setOnlyLiving} />
      </div>
      {!query.data?.doors.length && (
        <Title
          text={estate === undefined ? t('registry.rosterTitle') : t('registry.rosterOf', { name: estate })}
          hidden
        />
      )}
      {query.error && <Trouble error={asRefusal(query.error)} retry={() => void query.refetch()} />}
      {query.isPending && (
        <>
          <p role="status">{t('registry.fetched', { count: heard })}</p>
          <Skeleton lines={8} cards={2} />
        </>
      )}
      {query.data &&
        (query.data.doors.length === 0 ? (
          <Empty title={t('registry.noBuilding')}>{t('registry.emptyNext')}</Empty>
        ) : (
          <Paper
            estate={estate}
            doors={query.data.doors}
            cut={query.data.cut}
            withIds={withIds}
            onlyLiving={onlyLiving}
          />
        ))}
    </div>
  )
}

function Paper({
  estate,
  doors,
  cut,
  withIds,
  onlyLiving,
}: {
  estate: string | undefined
  doors: readonly Door[]
  cut: boolean
  withIds: boolean
  onlyLiving: boolean
}) {
  const t = useText()
  const me = useMe()
  const [printedAt] = useState(() => new Date())
  const living = doors.reduce((sum, { people }) => sum + people.filter(({ livesHere }) => livesHere).length, 0)
  const title = estate === undefined ? t('registry.rosterTitle') : t('registry.rosterOf', { name: estate })
  const places = [...new Set(doors.map(({ areaName }) => areaName))]
  return (
    <article className="paper roster-paper">
      <Title text={title}>{title}</Title>
      <div className="paper-under">
        <span>
          {countyName()} {places.length <= 3 ? places.join('、') : t('registry.placesCount', { count: places.length })}
        </span>
        <span>{t('registry.rosterCount', { doors: doors.length, people: living })}</span>
      </div>
      {cut && <p className="banner banner-warn">{t('registry.rosterCut', { count: doors.length })}</p>}
      <table className="roster">
        <thead>
          <tr>
            <th>{t('registry.door')}</th>
            <th>{t('registry.name')}</th>
            <th>{t('registry.sexAge')}</th>
            <th>{t('registry.relationName')}</th>
            <th>{t('registry.phone')}</th>
            {withIds && <th>{t('registry.citizenId')}</th>}
            <th>{t('registry.fromOn')}</th>
          </tr>
        </thead>
        {doors.map((door) => (
          <DoorRows key={door.id} door={door} withIds={withIds} onlyLiving={onlyLiving} />
        ))}
      </table>
      <p className="paper-foot">
        {t('registry.rosterNote')}
        <br />
        {t('print.by', { who: me.name, at: exactTime(printedAt) })}
      </p>
    </article>
  )
}

function DoorRows({ door, withIds, onlyLiving }: { door: Door; withIds: boolean; onlyLiving: boolean }) {
  const t = useText()
  const people = onlyLiving ? door.people.filter(({ livesHere }) => livesHere) : door.people
  const head = (
    <th scope="rowgroup" rowSpan={Math.max(1, people.length)}>
      {door.address}
      <br />
      <span className="faint">{wordFor(t, 'use', door.use)}</span>
    </th>
  )
  if (people.length === 0)
    return (
      <tbody>
        <tr>
          {head}
          <td colSpan={withIds ? 6 : 5} className="faint">
            {t('registry.nobodyHere')}
          </td>
        </tr>
      </tbody>
    )
  return (
    <tbody>
      {people.map((person, at) => (
        <tr key={`${person.id}${person.relation}`}>
          {at === 0 && head}
          <PersonCells of={person} withIds={withIds} />
        </tr>
      ))}
    </tbody>
  )
}

function PersonCells({ of, withIds }: { of: DoorPerson; withIds: boolean }) {
  const t = useText()
  const tie = [wordFor(t, 'relation', of.relation), wordFor(t, 'head', of.headRelation)].filter(Boolean).join(' · ')
  return (
    <>
      <td>{of.name}</td>
      <td className="nowrap">
        {wordFor(t, 'sex', of.sex)} {of.age !== null && t('registry.years', { age: of.age })}
      </td>
      <td>
        {tie}
        {!of.livesHere && ` · ${t('registry.livesElsewhere')}`}
      </td>
      <td className="mono nowrap">{of.phone ?? '—'}</td>
      {withIds && <td className="mono nowrap">{of.citizenId ?? '—'}</td>}
      <td className="nowrap">{saidDay(of.fromOn)}</td>
    </>
  )
}
