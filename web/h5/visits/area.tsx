import { useEffect, useState } from 'react'
import { useText } from '../../shared/i18n/text.ts'
import { useOutbox } from '../../shared/offline/use-outbox.ts'
import { useAddress } from '../../shared/router.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Empty, Skeleton, Trouble } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { Bar } from '../../shared/visits/bar.tsx'
import {
  blockName,
  doorName,
  isGap,
  lastStop,
  nextStop,
  queuedSubjects,
  stopsOf,
  useDoors,
  type Stop,
} from '../../shared/visits/doors.ts'
import { StandingTag } from '../../shared/visits/standing-tag.tsx'
import { premisesUseName } from '../../shared/visits/words.ts'
import { Page } from '../shell.tsx'

export const doorHref = (area: string, subject: string) =>
  `/h5/visits?area=${encodeURIComponent(area)}&door=${encodeURIComponent(subject)}`

/** The doors of a micro-grid by building, floor and room; one goes on where one stopped. */
export function AreaPage({ area }: { area: string }) {
  const t = useText()
  const { doors, keptAt, error, reload } = useDoors(area)
  return (
    <Page title={t('visit.doors')} back="/h5/visits">
      {error && !doors && <Trouble error={error} retry={reload} />}
      {!doors && !error && <Skeleton lines={3} cards={4} />}
      {keptAt !== undefined && (
        <p className="banner banner-warn">
          <Icon name="clock" />
          <span>
            {t('visit.keptAt')} <Time at={new Date(keptAt).toISOString()} />
          </span>
        </p>
      )}
      {doors && <Stops stops={stopsOf(doors)} area={area} />}
    </Page>
  )
}

function Stops({ stops, area }: { stops: readonly Stop[]; area: string }) {
  const t = useText()
  const all = useAddress().searchParams.get('all') !== null
  const queued = queuedSubjects(useOutbox())
  const [at, setAt] = useState<string>()
  useEffect(() => {
    void lastStop(area).then(setAt)
  }, [area])
  const concerned = stops.filter(({ subject }) => subject.targets.length > 0)
  const gaps = stops.filter((stop) => isGap(stop, queued))
  const next = nextStop(stops, at, queued)
  const shown = all || concerned.length === 0 ? stops : gaps
  const here = `/h5/visits?area=${encodeURIComponent(area)}`
  const done = concerned.length - gaps.length
  return (
    <>
      {concerned.length > 0 && (
        <>
          <section className="card stack-s">
            <Bar done={done} all={concerned.length} />
            <p>{t('visit.progress', { done, all: concerned.length })}</p>
            {next && (
              <ButtonLink kind="primary" wide icon="home" href={doorHref(area, next.subject.id)}>
                {t(at ? 'visit.goOn' : 'visit.begin', { door: doorName(next.door) })}
              </ButtonLink>
            )}
          </section>
          <nav className="segments" aria-label={t('visit.which')}>
            <a href={here} aria-current={all ? undefined : 'page'}>
              {t('visit.onlyGaps')} {gaps.length}
            </a>
            <a href={`${here}&all=1`} aria-current={all ? 'page' : undefined}>
              {t('visit.allDoors')} {stops.length}
            </a>
          </nav>
        </>
      )}
      {shown.length > 0 ? (
        <Buildings stops={shown} area={area} queued={queued} />
      ) : (
        <Empty title={t(stops.length === 0 ? 'visit.noDoor' : 'visit.allDone')}>
          {t(stops.length === 0 ? 'visit.noDoorNext' : 'visit.allDoneNext')}
        </Empty>
      )}
    </>
  )
}

function Buildings({ stops, area, queued }: { stops: readonly Stop[]; area: string; queued: ReadonlySet<string> }) {
  const groups = new Map<string, Stop[]>()
  for (const stop of stops) {
    const key = `${stop.door.buildingId}|${stop.door.unit}`
    groups.set(key, [...(groups.get(key) ?? []), stop])
  }
  return [...groups].map(([key, inside]) => (
    <section className="stack-s" key={key}>
      <h2>{inside[0] && (blockName(inside[0].door) || inside[0].door.address)}</h2>
      <ul className="rows">
        {inside.map((stop) => (
          <li key={stop.subject.id}>
            <StopLine stop={stop} area={area} queued={queued.has(stop.subject.id)} />
          </li>
        ))}
      </ul>
    </section>
  ))
}

function StopLine({ stop: { door, subject }, area, queued }: { stop: Stop; area: string; queued: boolean }) {
  const t = useText()
  const worst = subject.targets.find(({ standing }) => standing !== 'done') ?? subject.targets[0]
  const names = subject.people.map(({ name }) => name)
  return (
    <a className="line" href={doorHref(area, subject.id)}>
      <span className="grow">
        <span className="strong">{door.room || door.address}</span>{' '}
        {subject.steward && <span className="tag tag-running">{t('visit.steward')}</span>}
        <span className="soft small visit-under">
          {names.length > 0
            ? t('visit.peopleHere', { names: names.slice(0, 3).join('、'), count: names.length })
            : t(premisesUseName(door.use))}
        </span>
      </span>
      {queued ? (
        <span className="tag tag-parked">{t('outbox.waiting')}</span>
      ) : (
        worst && <StandingTag of={worst.standing} />
      )}
      <Icon name="forward" />
    </a>
  )
}
