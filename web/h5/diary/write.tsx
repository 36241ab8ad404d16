import { useEffect, useRef, useState } from 'react'
import type { DiaryTerms, DiaryView } from '../../../src/duty/diary/contract.ts'
import type { Kit } from '../../../src/duty/kit/contract.ts'
import type { DiaryDraft } from '../../shared/diary/submit.ts'
import { emptyDiary, handInDiary, isDiaryBegun } from '../../shared/diary/submit.ts'
import { saidSpan, today } from '../../shared/dates.ts'
import { dropDraft, findDraft, keepDraft } from '../../shared/drafts.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import type { Photos } from '../../shared/photos.tsx'
import { PhotoField, usePhotos } from '../../shared/photos.tsx'
import type { Place } from '../../shared/report/draft.ts'
import { PlaceField } from '../../shared/report/place-field.tsx'
import { go, useAddress } from '../../shared/router.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, ChoiceField, TextArea, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Skeleton } from '../../shared/ui/states.tsx'
import { Page } from '../shell.tsx'
import '../../shared/diary/diary.css'
import '../../shared/report/report.css'

const drawer = 'diary'

/** Writing an entry: kind, words, save. Everything else may be left as it is. */
export function WriteDiaryPage({ terms }: { terms: DiaryTerms }) {
  const t = useText()
  const follows = useAddress().searchParams.get('follows')
  const kit = useRead<Kit>('/duty/kit')
  const before = useRead<DiaryView>(follows ? `/diary/${follows}` : null)
  const waiting = kit.busy || (follows !== null && before.busy)
  return (
    <Page title={t('diary.write')} back="/h5/diary">
      {waiting ? (
        <Skeleton lines={4} cards={2} />
      ) : (
        <Writing terms={terms} home={homeOf(kit.data)} before={before.data} key={follows ?? ''} />
      )}
    </Page>
  )
}

/** Who answers for one micro-grid is nearly always there. */
function homeOf(kit: Kit | undefined): Place | null {
  const chair = kit?.items.find(({ leaf, acts }) => leaf && acts) ?? kit?.items.find(({ acts }) => acts)
  return chair ? { areaPath: chair.areaPath, names: [chair.areaName] } : null
}

function useDiaryDraft(first: Partial<DiaryDraft>, photos: Photos) {
  const [draft, setDraft] = useState<DiaryDraft | null>(null)
  const start = useRef({ first, restore: photos.restore })
  useEffect(() => {
    void findDraft<DiaryDraft>(drawer).then((found) => {
      const { first, restore } = start.current
      // A visit that follows another one begins anew; a draft of something else waits.
      if (found && !first.followsId) restore(found.photos)
      setDraft(found && !first.followsId ? found : { ...emptyDiary(), ...first })
    })
  }, [])
  const list = photos.list
  useEffect(() => {
    if (!draft || !isDiaryBegun({ ...draft, photos: list })) return undefined
    const timer = setTimeout(() => void keepDraft(drawer, { ...draft, photos: list }), 200)
    return () => clearTimeout(timer)
  }, [draft, list])
  return { draft, change: (part: Partial<DiaryDraft>) => setDraft((now) => now && { ...now, ...part }) }
}

function Writing({ terms, home, before }: { terms: DiaryTerms; home: Place | null; before: DiaryView | undefined }) {
  const t = useText()
  const photos = usePhotos('before')
  const place = before ? { areaPath: before.areaPath, names: [before.areaName] } : home
  const { draft, change } = useDiaryDraft(
    before
      ? { followsId: before.id, kind: before.kind, visited: before.visited, address: before.address, place }
      : { place },
    photos,
  )
  const [tried, setTried] = useState(false)
  const kindName = terms.kinds.find(({ code }) => code === draft?.kind)?.name ?? ''
  const act = useAct((whole: DiaryDraft, key) =>
    handInDiary(whole, { photos, kindName: `${t('diary.entry')} · ${kindName}`, key }),
  )
  if (!draft) return <Skeleton lines={4} />
  const wrong = {
    kind: draft.kind ? undefined : t('diary.kindNeeded'),
    text: draft.text.trim() ? undefined : t('diary.textNeeded'),
    place: draft.place ? undefined : t('report.placeNeeded'),
  }
  const shown: Partial<typeof wrong> = tried ? wrong : {}
  const save = async () => {
    setTried(true)
    if (Object.values(wrong).some(Boolean)) {
      requestAnimationFrame(() => document.querySelector('.wrong')?.scrollIntoView({ block: 'center' }))
      return
    }
    const saved = await act.run({ ...draft, photos: [] })
    if (!saved) return
    await dropDraft(drawer)
    say(saved === 'queued' ? t('diary.queued') : t('diary.saved'))
    go(saved === 'queued' ? '/h5/outbox' : `/h5/diary/${saved.id}`, { replace: true })
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
      <ChoiceField
        label={t('diary.kind')}
        value={draft.kind}
        onChange={(kind) => change({ kind })}
        choices={terms.kinds.map(({ code, name }) => ({ value: code, label: name }))}
        wrong={shown.kind}
      />
      <TextArea
        label={t('diary.text')}
        hint={t('diary.textHint')}
        value={draft.text}
        onChange={(text) => change({ text })}
        maxLength={2000}
        rows={4}
        wrong={shown.text}
      />
      <div className="diary-photos">
        <PhotoField photos={photos} label={t('report.photos')} />
      </div>
      <CheckField label={t('diary.doneAsk')} checked={draft.done} onChange={(done) => change({ done })} />
      <PlaceField
        place={draft.place}
        onChange={(place) => change({ place })}
        address={draft.address}
        onAddress={(address) => change({ address })}
        wrong={shown.place}
      />
      <TextField
        label={t('diary.visited')}
        hint={t('diary.visitedHint')}
        optional
        value={draft.visited}
        onChange={(visited) => change({ visited })}
        maxLength={60}
      />
      <TextField
        label={t('diary.followUp')}
        hint={t('diary.followUpHint')}
        optional
        type="date"
        min={today()}
        value={draft.followUpOn}
        onChange={(followUpOn) => change({ followUpOn })}
      />
      <div className="diary-save stack-s">
        <Refused error={act.error} />
        <Button type="submit" kind="primary" wide busy={act.busy}>
          {act.busy ? t('report.sending') : t('act.save')}
        </Button>
      </div>
      <p className="faint small">{t('diary.privacy', { time: saidSpan(terms.keepDays) })}</p>
    </form>
  )
}
