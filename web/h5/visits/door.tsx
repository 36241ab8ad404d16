import { useEffect, useRef, useState } from 'react'
import type { Round } from '../../../src/registry/visits/contract.ts'
import { dropDraft, findDraft, keepDraft } from '../../shared/drafts.ts'
import { saidDay } from '../../shared/dates.ts'
import { readForm, wrongFields } from '../../shared/form/form.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { useOutbox } from '../../shared/offline/use-outbox.ts'
import { usePhotos, type Photos } from '../../shared/photos.tsx'
import { go } from '../../shared/router.ts'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { ChoiceField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Empty, Refused, Skeleton, Trouble } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import {
  doorName,
  nextStop,
  queuedSubjects,
  rememberStop,
  stopsOf,
  useDoors,
  type Stop,
} from '../../shared/visits/doors.ts'
import { StandingTag } from '../../shared/visits/standing-tag.tsx'
import { forceName, premisesUseName, resultNames } from '../../shared/visits/words.ts'
import { Page } from '../shell.tsx'
import { doorHref } from './area.tsx'
import { emptyVisit, handInVisit, isVisitBegun, type VisitDraft } from './draft.ts'
import { MoreOf, NextTry, Questions } from './parts.tsx'
import { People } from './people.tsx'
import '../../shared/report/report.css'

/** One door: who should be there, what was found, and on to the next. */
export function DoorPage({ area, subject }: { area: string; subject: string }) {
  const t = useText()
  const { doors, error, reload } = useDoors(area)
  const round = useRead<Round>('/visits/round')
  const stops = doors ? stopsOf(doors) : []
  const stop = stops.find((one) => one.subject.id === subject)
  const back = `/h5/visits?area=${encodeURIComponent(area)}`
  const waiting = (!doors && !error) || (round.busy && !round.data)
  return (
    <Page title={stop ? doorName(stop.door) : t('visit.door')} back={back}>
      {error && !doors && <Trouble error={error} retry={reload} />}
      {waiting && <Skeleton lines={4} cards={2} />}
      {doors && !stop && <Empty title={t('visit.doorGone')}>{t('visit.doorGoneNext')}</Empty>}
      {!waiting && stop && <Visiting stop={stop} stops={stops} round={round.data} area={area} />}
    </Page>
  )
}

function useVisitDraft(stop: Stop, photos: Photos) {
  const drawer = `visit-${stop.subject.id}`
  const [draft, setDraft] = useState<VisitDraft | null>(null)
  const start = useRef({ stop, restore: photos.restore })
  useEffect(() => {
    void findDraft<VisitDraft>(drawer).then((found) => {
      if (found) start.current.restore(found.photos)
      setDraft(found ?? emptyVisit(start.current.stop))
    })
  }, [drawer])
  const list = photos.list
  useEffect(() => {
    if (!draft || !isVisitBegun({ ...draft, photos: list })) return undefined
    const timer = setTimeout(() => void keepDraft(drawer, { ...draft, photos: list }), 200)
    return () => clearTimeout(timer)
  }, [draft, list, drawer])
  const change = (part: Partial<VisitDraft>) => setDraft((now) => now && { ...now, ...part })
  return { draft, change, drop: () => dropDraft(drawer) }
}

interface Standing {
  stop: Stop
  stops: readonly Stop[]
  round: Round | undefined
  area: string
}

function Visiting({ stop, stops, round, area }: Standing) {
  const t = useText()
  const photos = usePhotos('before')
  const queued = queuedSubjects(useOutbox())
  const { draft, change, drop } = useVisitDraft(stop, photos)
  const [tried, setTried] = useState(false)
  const said = { title: t('visit.entry'), place: stop.door.address }
  const act = useAct((whole: VisitDraft, key) => handInVisit(whole, { stop, photos, said, key }))
  if (!draft) return <Skeleton lines={4} />
  const asked = campaignsOf(stop, round)
  const wrong = tried && draft.result === 'visited' ? wrongAnswers(asked, draft, t('form.required')) : {}
  const save = async () => {
    setTried(true)
    const missing = draft.result === 'visited' ? wrongAnswers(asked, draft, t('form.required')) : {}
    if (draft.result === '' || Object.values(missing).some((one) => Object.keys(one).length > 0)) {
      requestAnimationFrame(() => document.querySelector('.wrong')?.scrollIntoView({ block: 'center' }))
      return
    }
    const saved = await act.run({ ...draft, photos: [] })
    if (!saved) return
    await drop()
    await rememberStop(area, stop.subject.id)
    const next = nextStop(stops, stop.subject.id, new Set([...queued, stop.subject.id]))
    if (saved !== 'queued' && saved.conflicts > 0) {
      say(t('visit.savedConflicts', { count: saved.conflicts }))
      return go(`/h5/visits/${saved.id}`, { replace: true })
    }
    say(saved === 'queued' ? t('visit.queued') : t('visit.saved'))
    if (saved !== 'queued' && draft.text.trim() !== '') return go(`/h5/visits/${saved.id}`, { replace: true })
    go(next ? doorHref(area, next.subject.id) : `/h5/visits?area=${encodeURIComponent(area)}`, { replace: true })
  }
  return (
    <form
      className="report"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Card stop={stop} round={round} queued={queued.has(stop.subject.id)} />
      <ChoiceField
        label={t('visit.result')}
        value={draft.result}
        onChange={(result) => change({ result: result as VisitDraft['result'] })}
        choices={(['visited', 'nobodyHome', 'refused'] as const).map((one) => ({
          value: one,
          label: t(resultNames[one]),
        }))}
        wrong={tried && draft.result === '' ? t('visit.resultNeeded') : undefined}
      />
      {draft.result === 'visited' && (
        <>
          <People stop={stop} draft={draft} change={change} />
          {asked.map(({ id, name, form }) => (
            <Questions
              key={id}
              title={name}
              form={form}
              wrong={wrong[id] ?? {}}
              values={draft.answers[id] ?? {}}
              onChange={(values) => change({ answers: { ...draft.answers, [id]: values } })}
            />
          ))}
        </>
      )}
      {(draft.result === 'nobodyHome' || draft.result === 'refused') && <NextTry draft={draft} change={change} />}
      {draft.result !== '' && <MoreOf draft={draft} change={change} round={round} photos={photos} />}
      <div className="diary-save stack-s">
        <Refused error={act.error} />
        <Button type="submit" kind="primary" wide busy={act.busy}>
          {act.busy ? t('report.sending') : t('visit.save')}
        </Button>
        <NextDoor stops={stops} stop={stop} queued={queued} area={area} />
      </div>
    </form>
  )
}

/** Past this door without a word: it stays a gap. */
function NextDoor({ stops, stop, queued, area }: Omit<Standing, 'round'> & { queued: ReadonlySet<string> }) {
  const t = useText()
  const next = nextStop(stops, stop.subject.id, queued)
  if (!next || next.subject.id === stop.subject.id) return null
  return (
    <ButtonLink kind="quiet" wide icon="forward" href={doorHref(area, next.subject.id)}>
      {t('visit.next', { door: doorName(next.door) })}
    </ButtonLink>
  )
}

const campaignsOf = ({ subject }: Stop, round: Round | undefined) =>
  subject.targets.flatMap(({ campaignId, standing }) => {
    const found = round?.campaigns.find(({ id }) => id === campaignId)
    if (!found?.form || standing === 'done') return []
    return [{ id: found.id, name: found.name, form: readForm(found.form) }]
  })

const wrongAnswers = (asked: ReturnType<typeof campaignsOf>, draft: VisitDraft, sentence: string) =>
  Object.fromEntries(asked.map(({ id, form }) => [id, wrongFields(form, draft.answers[id] ?? {}, sentence)]))

function Card({ stop: { door, subject }, round, queued }: { stop: Stop; round: Round | undefined; queued: boolean }) {
  const t = useText()
  return (
    <section className="card stack-s">
      <div className="spread">
        <span className="strong">{door.address}</span>
        {subject.steward && <span className="tag tag-running">{t('visit.steward')}</span>}
      </div>
      <p className="soft small">{t(premisesUseName(door.use))}</p>
      {subject.targets.map((target) => (
        <div className="spread small" key={target.campaignId}>
          <span>{round?.campaigns.find(({ id }) => id === target.campaignId)?.name ?? t('visit.campaign')}</span>
          <StandingTag of={target.standing} />
        </div>
      ))}
      {subject.targets.map(({ campaignId, nextOn }) =>
        nextOn ? (
          <p className="soft small" key={campaignId}>
            {t('visit.nextOn', { day: saidDay(nextOn) })}
          </p>
        ) : null,
      )}
      {subject.last && (
        <p className="faint small">
          {t('visit.last')} <Time at={subject.last.metAt} /> · {t(resultNames[subject.last.result])} ·{' '}
          {subject.last.byLabel} · {t(forceName(subject.last.force))}
        </p>
      )}
      {queued && <p className="banner banner-warn">{t('visit.alreadyQueued')}</p>}
    </section>
  )
}
