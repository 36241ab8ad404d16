import type { VisitConflict } from '../../../src/registry/visits/contract.ts'
import { send } from '../api.ts'
import { saidDay } from '../dates.ts'
import type { TextKey, Translate } from '../i18n/text.ts'
import { useText } from '../i18n/text.ts'
import { useAct, usePages } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { More } from '../ui/more.tsx'
import { say } from '../ui/notice.tsx'
import { Empty, Refused, Shown, Skeleton } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { premisesUseName } from './words.ts'
import './visits.css'

const kindNames: ReadonlyMap<string, TextKey> = new Map([
  ['phone', 'visitConflict.phone'],
  ['left', 'visitConflict.left'],
  ['joined', 'visitConflict.joined'],
  ['use', 'visitConflict.use'],
])
const reasonNames: ReadonlyMap<string, TextKey> = new Map([
  ['changed', 'visitConflict.changed'],
  ['gone', 'visitConflict.gone'],
  ['known', 'visitConflict.known'],
  ['noRight', 'visitConflict.noRight'],
])
const stateNames: ReadonlyMap<string, TextKey> = new Map([
  ['present', 'personState.present'],
  ['away', 'personState.away'],
  ['left', 'personState.left'],
  ['deceased', 'personState.deceased'],
  ['merged', 'personState.merged'],
])

const saidKey = (names: ReadonlyMap<string, TextKey>, code: string, t: Translate) => {
  const key = names.get(code)
  return key ? t(key) : code
}

/** What two people saw differently, side by side, each with the two ways out; nothing is lost whichever is taken. */
export function ConflictList({ area }: { area?: string }) {
  const t = useText()
  const query = area ? `&area=${encodeURIComponent(area)}` : ''
  const list = usePages<VisitConflict>(`/visits/conflicts?limit=20${query}`)
  return (
    <>
      <p className="soft">{t('visitConflict.lead')}</p>
      <Shown of={list} waiting={<Skeleton lines={3} cards={2} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('visitConflict.none')}>{t('visitConflict.noneNext')}</Empty>
          ) : (
            <ul className="stack">
              {items.map((item) => (
                <li key={item.id} className="card stack-s">
                  <One of={item} decided={list.reload} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}

function One({ of, decided }: { of: VisitConflict; decided: () => void }) {
  const t = useText()
  const act = useAct((take: boolean, key) =>
    send(`/visits/conflicts/${of.id}/decision`, { body: { take, recordVersion: of.recordVersion }, key }),
  )
  const decide = async (take: boolean) => {
    if (!(await act.run(take))) return
    say(t(take ? 'visitConflict.taken' : 'visitConflict.dropped'))
    decided()
  }
  return (
    <>
      <div className="spread">
        <h2>{of.subjectName || of.address}</h2>
        <span className="tag tag-dueSoon">{saidKey(kindNames, of.kind, t)}</span>
      </div>
      <p className="soft small">
        {of.areaName} · {of.address}
      </p>
      <p>{saidKey(reasonNames, of.reason, t)}</p>
      <div className="visit-two">
        <div className="stack-s">
          <span className="soft small">{t('visitConflict.standing')}</span>
          <span className="strong">{saidValue(of.kind, of.standing, t) || t('visitConflict.nothing')}</span>
          {of.otherAt && (
            <span className="faint small">
              {of.otherLabel} · <Time at={of.otherAt} />
            </span>
          )}
        </div>
        <div className="stack-s">
          <span className="soft small">{t('visitConflict.proposed')}</span>
          <span className="strong">{saidValue(of.kind, of.proposed, t) || t('visitConflict.nothing')}</span>
          <span className="faint small">
            {[of.byName, of.byLabel].filter(Boolean).join(' · ')} · <Time at={of.metAt} />
          </span>
        </div>
      </div>
      <Refused error={act.error} />
      <div className="row">
        {of.mayTake && (
          <Button kind="primary" busy={act.busy} onClick={() => void decide(true)}>
            {t('visitConflict.take')}
          </Button>
        )}
        <Button kind="quiet" busy={act.busy} onClick={() => void decide(false)}>
          {t('visitConflict.drop')}
        </Button>
      </div>
    </>
  )
}

function saidValue(kind: string, value: string, t: Translate): string {
  if (value === '') return ''
  if (kind === 'use') return t(premisesUseName(value))
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return t('visitConflict.leftOn', { day: saidDay(value) })
  return saidKey(stateNames, value, t)
}
