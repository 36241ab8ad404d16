import type { VisitView } from '../../../src/registry/visits/contract.ts'
import { saidDay } from '../dates.ts'
import { pictureOf } from '../files.ts'
import { useText } from '../i18n/text.ts'
import { PhotoGrid } from '../ui/photo-grid.tsx'
import { Time } from '../ui/time.tsx'
import { fateNames, forceName, resultNames } from './words.ts'

/** Who was there, whom they met, what was answered and done. */
export function VisitStory({ of }: { of: VisitView }) {
  const t = useText()
  const look = of.result === 'visited' ? 'verified' : of.result === 'refused' ? 'overdue' : 'dueSoon'
  return (
    <>
      <div className="spread">
        <span className="strong">{of.address}</span>
        <span className={`tag tag-${look}`}>{t(resultNames[of.result])}</span>
      </div>
      {of.forgotten && <p className="soft">{t('visit.forgotten')}</p>}
      {of.text && <p style={{ whiteSpace: 'pre-line' }}>{of.text}</p>}
      {of.fileIds.length > 0 && <PhotoGrid photos={of.fileIds.map((id) => pictureOf(id))} />}
      <dl className="facts">
        <dt>{t('visit.by')}</dt>
        <dd>
          {[of.byName, of.byLabel].filter(Boolean).join(' · ')} · {t(forceName(of.force))}
        </dd>
        <dt>{t('visit.metAt')}</dt>
        <dd>
          <Time at={of.metAt} />
        </dd>
        {of.people.length > 0 && (
          <>
            <dt>{t('visit.whom')}</dt>
            <dd>
              {of.people.map(({ name, fate }, at) => (
                <div key={at}>
                  {name} · {t(fateNames[fate])}
                </div>
              ))}
            </dd>
          </>
        )}
        {of.duties.length > 0 && (
          <>
            <dt>{t('visit.whatDone')}</dt>
            <dd>{of.duties.map(({ name }) => name).join('、')}</dd>
          </>
        )}
        {of.answers
          .flatMap(({ values }) => values)
          .map(({ label, value }, at) => (
            <div key={at} style={{ display: 'contents' }}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        {of.nextOn && (
          <>
            <dt>{t('visit.nextTry')}</dt>
            <dd>{saidDay(of.nextOn)}</dd>
          </>
        )}
        <dt>{t('visit.filledName')}</dt>
        <dd>{t('visit.filled', { count: of.campaigns })}</dd>
      </dl>
      <p className="faint small">{t('visit.kept', { day: saidDay(of.keptUntil) })}</p>
    </>
  )
}
