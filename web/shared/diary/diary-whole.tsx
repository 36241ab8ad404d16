import { useState } from 'react'
import type { DiaryFiledAs, DiaryHistory, DiaryView, DiaryWords } from '../../../src/duty/diary/contract.ts'
import type { ReportKind } from '../../../src/packs/contract.ts'
import { send } from '../api.ts'
import { saidDay } from '../dates.ts'
import { pictureOf } from '../files.ts'
import { useText } from '../i18n/text.ts'
import { useAct, useRead } from '../loading.ts'
import { mattersOf } from '../report/categories.ts'
import { StepUp, wantsSecondFactor } from '../sign-in/step-up.tsx'
import { Button } from '../ui/button.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { PhotoGrid } from '../ui/photo-grid.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Refused, Shown, Skeleton } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { DiaryTags, useDiaryWords } from './diary-card.tsx'
import './diary.css'

/** What was seen and heard, with photos, place and whom one met. */
export function DiaryStory({ of }: { of: DiaryView }) {
  const t = useText()
  const [seen, setSeen] = useState<DiaryWords | null>(null)
  const words = useDiaryWords(of)
  const shown = seen ?? { text: words, visited: of.visited, address: of.address }
  return (
    <div className="stack">
      <div className="row">
        <span className="kind">{of.kindName}</span>
        <DiaryTags of={of} />
      </div>
      <p style={{ whiteSpace: 'pre-line' }}>{shown.text}</p>
      {of.fileIds.length > 0 && <PhotoGrid photos={of.fileIds.map((id) => pictureOf(id))} />}
      <dl className="facts">
        <Fact name={t('diary.visited')} value={shown.visited} />
        <dt>{t('matter.where')}</dt>
        <dd>
          {of.areaName}
          {shown.address && <div>{shown.address}</div>}
        </dd>
        <dt>{t('diary.metAt')}</dt>
        <dd>
          <Time at={of.metAt} />
        </dd>
        {of.followUpOn && <Fact name={t('diary.followUp')} value={saidDay(of.followUpOn)} />}
        <Fact name={t('diary.author')} value={[of.authorName, of.authorPost].filter(Boolean).join(' · ')} />
      </dl>
      {of.mayUnmask && !seen && <Unmask id={of.id} seen={setSeen} />}
      <p className="faint small">{t('diary.kept', { day: saidDay(of.keptUntil) })}</p>
    </div>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  if (!value) return null
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}

/** Looking behind the mask asks why and leaves an entry. */
function Unmask({ id, seen }: { id: string; seen: (words: DiaryWords) => void }) {
  const t = useText()
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const act = useAct((body: { reason: string }, key) => send<DiaryWords>(`/diary/${id}/unmask`, { body, key }))
  const show = async () => {
    const answer = await act.run({ reason })
    if (answer) seen(answer)
  }
  return (
    <div className="no-print">
      <Button kind="plain" small onClick={() => setAsking(true)}>
        {t('diary.unmask')}
      </Button>
      <Sheet title={t('diary.unmask')} open={asking} close={() => setAsking(false)}>
        {wantsSecondFactor(act.error) && <StepUp given={() => void show()} />}
        <form
          className="stack"
          hidden={wantsSecondFactor(act.error)}
          onSubmit={(event) => {
            event.preventDefault()
            void show()
          }}
        >
          <p className="soft">{t('diary.unmaskWhy')}</p>
          <TextField
            label={t('matter.reason')}
            value={reason}
            onChange={setReason}
            required
            minLength={4}
            maxLength={200}
          />
          <Refused error={act.error} />
          <Button type="submit" kind="primary" busy={act.busy} wide>
            {t('matter.showPhoneDo')}
          </Button>
        </form>
      </Sheet>
    </div>
  )
}

/** The one tap that makes a case; another category may be chosen first. */
export function FileAsCase({ of, filed }: { of: DiaryView; filed: (as: DiaryFiledAs) => void }) {
  const t = useText()
  const [choosing, setChoosing] = useState(false)
  const [category, setCategory] = useState('')
  const kinds = useRead<{ items: ReportKind[] }>(choosing ? '/kinds' : null)
  const kind = kinds.data?.items.find((one) => one.kind === 'event')
  const act = useAct((body: { category?: string }, key) => send<DiaryFiledAs>(`/diary/${of.id}/matter`, { body, key }))
  const run = async (body: { category?: string }) => {
    const answer = await act.run(body)
    if (answer) filed(answer)
  }
  return (
    <div className="stack-s">
      <Button kind="primary" icon="forward" wide busy={act.busy} onClick={() => void run({})}>
        {t('diary.file')}
      </Button>
      <div className="spread">
        <span className="soft small">{t('diary.fileAs', { category: of.categoryName })}</span>
        <Button kind="plain" small onClick={() => setChoosing(true)}>
          {t('diary.fileOther')}
        </Button>
      </div>
      <Refused error={act.error} />
      <Sheet title={t('diary.fileOther')} open={choosing} close={() => setChoosing(false)}>
        {kind ? (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault()
              if (category) void run({ category })
            }}
          >
            <SelectField
              label={t('matter.category')}
              value={category}
              onChange={setCategory}
              empty={t('form.choose')}
              choices={mattersOf(kind).map((one) => ({ value: one.code, label: one.name }))}
            />
            <Refused error={act.error} />
            <Button type="submit" kind="primary" busy={act.busy} wide>
              {t('diary.file')}
            </Button>
          </form>
        ) : (
          <Skeleton lines={3} />
        )}
      </Sheet>
    </div>
  )
}

/** Every version of an entry that was corrected. */
export function DiaryVersions({ of }: { of: DiaryView }) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const loaded = useRead<DiaryHistory>(open ? `/diary/${of.id}/history` : null)
  if (of.corrections === 0) return null
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('diary.versions', { count: of.corrections })}</summary>
      {open && (
        <Shown of={loaded}>
          {({ items }) => (
            <ol className="stack-s">
              {items.map((item) => (
                <li key={item.version} className="card stack-s">
                  <span className="soft small">
                    <Time at={item.at} /> · {item.byName} · {item.kindName}
                  </span>
                  <span style={{ whiteSpace: 'pre-line' }}>{item.text}</span>
                  {item.reason && <span className="soft small">{t('diary.why', { reason: item.reason })}</span>}
                </li>
              ))}
            </ol>
          )}
        </Shown>
      )}
    </details>
  )
}
