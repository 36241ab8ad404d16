import type { RecordedChange } from '../../../src/registry/history/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText, type Translate } from '../../shared/i18n/text.ts'
import { usePages } from '../../shared/loading.ts'
import { wordFor, type WordKind } from '../../shared/registry/words.ts'
import { More } from '../../shared/ui/more.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'

const acts: Readonly<Record<string, TextKey>> = {
  registered: 'registry.act.registered',
  corrected: 'registry.act.corrected',
  confirmed: 'registry.act.confirmed',
  phoneFixed: 'registry.act.phoneFixed',
  stateChanged: 'registry.act.stateChanged',
  movedHere: 'registry.act.movedIn',
  residenceAdded: 'registry.act.movedIn',
  joinedHousehold: 'registry.act.joined',
  leftHousehold: 'registry.act.leftHousehold',
  residenceEnded: 'registry.act.movedOut',
  dossierWritten: 'registry.act.dossier',
  officerNamed: 'registry.act.officers',
  officerEnded: 'registry.act.officers',
  moved: 'registry.act.moved',
  tagged: 'registry.act.tagged',
  closed: 'registry.act.closed',
  planned: 'registry.act.planned',
}
const fields: Readonly<Record<string, TextKey>> = {
  name: 'registry.name',
  sex: 'registry.sexName',
  bornOn: 'registry.bornOn',
  citizenId: 'registry.citizenId',
  phone: 'registry.phone',
  registration: 'registry.registrationName',
  state: 'registry.stateName',
  headRelation: 'registry.headRelationName',
  use: 'registry.use',
  address: 'registry.address',
  kind: 'registry.kind',
  trade: 'registry.trade',
  code: 'registry.code',
  headcount: 'registry.headcount',
  plan: 'registry.plan',
  planReviewOn: 'registry.plan.review',
  dossier: 'registry.situationFile',
}
/** What can be read as it stands: the rest says only that it changed. */
const wordsOf: Readonly<Record<string, WordKind>> = {
  sex: 'sex',
  registration: 'registration',
  state: 'state',
  headRelation: 'head',
  use: 'use',
}
const plain = new Set(['name', 'bornOn', 'citizenId', 'phone', 'address', 'trade', 'code', 'headcount', 'planReviewOn'])

/** Who changed what, when, why, and who said so. */
export function History({ subject, kind, round }: { subject: string; kind: string; round: number }) {
  const t = useText()
  return (
    <section className="card stack">
      <h2>{t('registry.history')}</h2>
      <Changes path={`/registry/history/${kind}/${subject}?limit=10`} key={round} />
    </section>
  )
}

function Changes({ path }: { path: string }) {
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
                <Change key={change.version} of={change} />
              ))}
            </ol>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}

function Change({ of }: { of: RecordedChange }) {
  const t = useText()
  const act = acts[of.act]
  return (
    <li className="stack-s history-line">
      <span className="row">
        <span className="strong">{t(act ?? 'registry.act.changed')}</span>
        <span className="faint small">
          <Time at={of.at} />
        </span>
      </span>
      {of.act !== 'registered' && <Fields of={of} t={t} />}
      <span className="faint small">
        {[of.byName, of.byPost, wordFor(t, 'source', of.source), of.reason].filter(Boolean).join(' · ')}
      </span>
      {of.forgotten && <span className="faint small">{t('registry.forgotten')}</span>}
    </li>
  )
}

/** What changed, in words; a tie, a file or a plan is only named. */
function Fields({ of, t }: { of: RecordedChange; t: Translate }) {
  const named = of.changes.filter(({ field }) => fields[field] !== undefined)
  if (named.length === 0) return null
  const said = (field: string, value: string | null): string => {
    if (value === null) return t('registry.nothing')
    const words = wordsOf[field]
    return words ? wordFor(t, words, value) : value
  }
  return (
    <ul className="small">
      {named.map(({ field, before, after }) => (
        <li key={field}>
          {t(fields[field]!)}
          {(plain.has(field) || wordsOf[field]) && (
            <>
              ：<s>{said(field, before)}</s> → {said(field, after)}
            </>
          )}
        </li>
      ))}
    </ul>
  )
}
