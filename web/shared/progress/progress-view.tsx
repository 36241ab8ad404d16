import type { Progress } from '../../../src/loop/contract.ts'
import { pictureOf } from '../files.ts'
import { useText } from '../i18n/text.ts'
import { useRead } from '../loading.ts'
import { DueExplained } from '../matter/deadline.tsx'
import { Moves } from '../matter/moves.tsx'
import { StateTag } from '../matter/state-tag.tsx'
import { Timeline } from '../matter/timeline.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { PhotoGrid } from '../ui/photo-grid.tsx'
import { isUnknown, Shown, Skeleton, Unknown } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { Title } from '../ui/title.tsx'
import { ProofDownload } from '../proof/proof-download.tsx'
import { RatingForm, RatingGiven } from './rating.tsx'

interface Viewing {
  /** Where the progress is read: by its code, or as one's own. */
  path: string
  /** The code shows the photos to who has no session. */
  code?: string
  /** Whether it is the page's own heading, or stands below one. */
  heads: boolean
}

/** What became of a report, in a villager's words. */
export function ProgressView({ path, code, heads }: Viewing) {
  const t = useText()
  const loaded = useRead<Progress>(path)
  if (loaded.error && isUnknown(loaded.error) && !loaded.data) {
    return (
      <Unknown title={t('progress.unknown')} next={t('progress.unknownNext')}>
        <ButtonLink kind="primary" href="/p">
          {t('progress.again')}
        </ButtonLink>
      </Unknown>
    )
  }
  return (
    <Shown of={loaded} waiting={<Skeleton lines={4} cards={3} />}>
      {(progress) => (
        <>
          <section className="stack-s">
            {heads ? (
              <Title text={t('progress.title')}>{progress.categoryName}</Title>
            ) : (
              <h2>{progress.categoryName}</h2>
            )}
            <div className="row">
              <StateTag of={progress} />
              <span className="faint small">
                {progress.number} · <Time at={progress.reportedAt} />
              </span>
            </div>
          </section>
          <section className="card stack">
            <h2>{t('progress.now')}</h2>
            <p className="strong">{progress.next}</p>
            {progress.due && <DueExplained due={progress.due} />}
          </section>
          {progress.moves.length > 0 && (
            <section className="card stack">
              <h2>{t('progress.youMay')}</h2>
              <Moves
                path={path}
                version={progress.version}
                offers={progress.moves}
                takesPhotos={code === undefined}
                moved={loaded.reload}
              />
            </section>
          )}
          {progress.mayRate && <RatingForm path={path} rated={loaded.replace} />}
          {progress.rating && <RatingGiven rating={progress.rating} title={t('rating.given')} />}
          <section className="card stack">
            <h2>{t('progress.what')}</h2>
            <p style={{ whiteSpace: 'pre-line' }}>{progress.text}</p>
            <p className="soft small">{progress.areaName}</p>
            {progress.fileIds.length > 0 && <PhotoGrid photos={progress.fileIds.map((id) => pictureOf(id, code))} />}
          </section>
          <section className="card stack">
            <h2>{t('matter.timeline')}</h2>
            <Timeline
              label={t('matter.timeline')}
              items={[...progress.steps]
                .reverse()
                .map((step) => ({ id: step.entryId, at: step.at, title: step.title, by: step.by, said: step.note }))}
            />
          </section>
          <section className="card stack">
            <h2>{t('proof.title')}</h2>
            <p className="soft">{t('proof.lead')}</p>
            <div className="row">
              <ProofDownload path={`${path}/proofs`} number={progress.number} />
              <ButtonLink kind="plain" href={`/verify?proof=${encodeURIComponent(`${path}/proofs`)}`}>
                {t('nav.verify')}
              </ButtonLink>
            </div>
          </section>
        </>
      )}
    </Shown>
  )
}
