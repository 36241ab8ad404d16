import { useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Matter } from '../../../src/loop/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { DueExplained } from '../../shared/matter/deadline.tsx'
import { MatterFacts, MatterMoves, MatterStory, MatterTimeline } from '../../shared/matter/parts.tsx'
import { StateTag, UrgentTag } from '../../shared/matter/state-tag.tsx'
import { RatingGiven } from '../../shared/progress/rating.tsx'
import { ProofDownload } from '../../shared/proof/proof-download.tsx'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Title } from '../../shared/ui/title.tsx'
import { PlaceDutyList } from '../places/duty-list.tsx'
import { neighboursIn, readTrail } from '../work-list/trail.ts'
import { PhotoFacts } from './photo-facts.tsx'
import { PlaceMap } from './place-map.tsx'
import { RelatedMatters } from './related-matters.tsx'
import './matter-page.css'

/** One matter whole: what was reported, what happened, what may be done now, and what proves it. */
export function MatterPage() {
  const { id } = useParams({ from: '/matters/$id' })
  const loaded = useRead<Matter>(`/matters/${id}`)
  const queries = useQueryClient()
  const version = loaded.data?.version
  useEffect(() => {
    // Whatever was done here, the lists and counts behind it are out of date.
    if (version !== undefined) void queries.invalidateQueries()
  }, [version, queries])
  return (
    <Shown of={loaded} waiting={<Skeleton lines={5} cards={3} />}>
      {(matter) => <MatterShown matter={matter} reload={loaded.reload} key={matter.id} />}
    </Shown>
  )
}

/** The way back to the list as it was, and to its neighbours in it. */
function Trail({ id }: { id: string }) {
  const t = useText()
  const { search, ids } = readTrail()
  const { at, before, after } = neighboursIn(ids, id)
  return (
    <nav className="row no-print" aria-label={t('matter.trail')}>
      <Link className="button button-plain button-small" to="/matters" search={search}>
        <Icon name="back" />
        {t('matter.backToList')}
      </Link>
      {at >= 0 && ids.length > 1 && (
        <>
          <Neighbour id={before} label={t('matter.previous')} />
          <span className="faint small">{t('matter.nth', { at: at + 1, count: ids.length })}</span>
          <Neighbour id={after} label={t('matter.next')} />
        </>
      )}
      <Link className="button button-quiet button-small" to="/matters/$id/print" params={{ id }}>
        {t('print.open')}
      </Link>
    </nav>
  )
}

function Neighbour({ id, label }: { id: string | undefined; label: string }) {
  if (!id) return <span className="button button-plain button-small trail-end">{label}</span>
  return (
    <Link className="button button-plain button-small" to="/matters/$id" params={{ id }}>
      {label}
    </Link>
  )
}

function MatterShown({ matter, reload }: { matter: Matter; reload: () => void }) {
  const t = useText()
  const proofs = `/matters/${matter.id}/proofs`
  return (
    <div className="page">
      <div className="page-head">
        <div className="stack-s">
          <Title text={`${matter.categoryName} ${matter.number}`}>{matter.categoryName}</Title>
          <div className="row">
            <StateTag of={matter} />
            {matter.urgent && <UrgentTag />}
            <span className="faint">{matter.number}</span>
          </div>
        </div>
        <Trail id={matter.id} />
      </div>
      <div className="two matter-columns">
        <div className="page">
          <section className="card">
            <h2>{t('matter.story')}</h2>
            <MatterStory matter={matter} about={PhotoFacts} />
          </section>
          {matter.rating && <RatingGiven rating={matter.rating} title={t('event.matterRated')} />}
          <section className="card">
            <h2>{t('matter.timeline')}</h2>
            <MatterTimeline matter={matter} proofHref={(entry) => `/verify?proof=${proofs}&entry=${entry}`} />
          </section>
        </div>
        <div className="side">
          <section className="card">
            <h2>{t('matter.moves')}</h2>
            <div className="stack">
              {matter.due && <DueExplained due={matter.due} />}
              <MatterMoves matter={matter} reload={reload} />
            </div>
          </section>
          <section className="card">
            <h2>{t('matter.facts')}</h2>
            <MatterFacts matter={matter} />
          </section>
          <PlaceMap matter={matter} />
          <section className="card no-print">
            <h2>{t('duty.here')}</h2>
            <PlaceDutyList query={`path=${encodeURIComponent(matter.areaPath)}`} nearest={3} />
          </section>
          <RelatedMatters id={matter.id} />
          <section className="card stack no-print">
            <h2>{t('proof.title')}</h2>
            <p className="soft small">{t('proof.lead')}</p>
            <div className="row">
              <ProofDownload path={proofs} number={matter.number} />
              <ButtonLink kind="plain" href={`/verify?proof=${proofs}`}>
                {t('nav.verify')}
              </ButtonLink>
            </div>
          </section>
        </div>
      </div>
    </div>
  )
}
