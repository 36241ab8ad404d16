import type { RecordedChange } from '../../../src/registry/history/contract.ts'
import { useText, type Translate } from '../../shared/i18n/text.ts'
import { usePages } from '../../shared/loading.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { More } from '../../shared/ui/more.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { ActSheet } from './act-sheet.tsx'
import { actNames, fieldNames, valueOf } from './history-words.ts'
import { OnDay } from './on-day.tsx'

/** Who changed what, when, why, and who said so. */
export function History({ subject, kind, round }: { subject: string; kind: string; round: number }) {
  const t = useText()
  return (
    <section className="card stack">
      <div className="spread">
        <h2>{t('registry.history')}</h2>
        <ActSheet label={t('onDay.ask')} kind="plain">
          {() => <OnDay subject={subject} kind={kind} />}
        </ActSheet>
      </div>
      <Changes path={`/registry/history/${kind}/${subject}?limit=10`} kind={kind} key={round} />
    </section>
  )
}

function Changes({ path, kind }: { path: string; kind: string }) {
  const t = useText()
  const list = usePages<RecordedChange>(path)
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={3} />}>
        {(items) =>
          items.length === 0 ? (
            <p className="soft">{t('registry.noHistory')}</p>
          ) : (
            <ol className="stack">
              {items.map((change) => (
                <Change key={change.version} of={change} kind={kind} />
              ))}
            </ol>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}

function Change({ of, kind }: { of: RecordedChange; kind: string }) {
  const t = useText()
  const act = actNames[of.act]
  return (
    <li className="stack-s history-line">
      <span className="row">
        <span className="strong">{t(act ?? 'registry.act.changed')}</span>
        <span className="faint small">
          <Time at={of.at} />
        </span>
      </span>
      {of.act !== 'registered' && <Fields of={of} kind={kind} t={t} />}
      <span className="faint small">
        {[
          of.byName,
          of.byPost === 'system' ? t('history.system') : of.byPost,
          wordFor(t, 'source', of.source),
          of.reason,
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {of.forgotten && <span className="faint small">{t('registry.forgotten')}</span>}
    </li>
  )
}

/** What changed, in words; a tie, a file or a plan is only named. */
function Fields({ of, kind, t }: { of: RecordedChange; kind: string; t: Translate }) {
  const named = of.changes.filter(({ field }) => fieldNames[field] !== undefined)
  if (named.length === 0) return null
  const said = (field: string, value: string | null): string | undefined =>
    value === null || value === '' ? t('registry.nothing') : valueOf(t, kind, field, value)
  return (
    <ul className="small">
      {named.map(({ field, before, after }) => {
        const [was, is] = [said(field, before), said(field, after)]
        return (
          <li key={field}>
            {t(fieldNames[field]!)}
            {was !== undefined && is !== undefined && (
              <>
                {t('history.colon')}
                <s>{was}</s> → {is}
              </>
            )}
          </li>
        )
      })}
    </ul>
  )
}
