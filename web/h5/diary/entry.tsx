import { useState } from 'react'
import type { DiaryFiledAs, DiaryTerms, DiaryView } from '../../../src/duty/diary/contract.ts'
import { send } from '../../shared/api.ts'
import { DiaryStory, DiaryVersions, FileAsCase } from '../../shared/diary/diary-whole.tsx'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { StateTag } from '../../shared/matter/state-tag.tsx'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { CheckField, ChoiceField, TextArea, TextField } from '../../shared/ui/field.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Page } from '../shell.tsx'
import '../../shared/report/report.css'

/** One entry: what was seen, what became of it, and the tap that makes a case of it. */
export function DiaryEntryPage({ id, terms }: { id: string; terms: DiaryTerms }) {
  const t = useText()
  const loaded = useRead<DiaryView>(`/diary/${id}`)
  const [filed, setFiled] = useState<DiaryFiledAs | null>(null)
  const [correcting, setCorrecting] = useState(false)
  return (
    <Page title={t('diary.entry')} back="/h5/diary">
      <Shown of={loaded} waiting={<Skeleton lines={5} cards={2} />}>
        {(entry) => (
          <>
            <section className="card">
              <DiaryStory of={entry} />
            </section>
            {entry.matter && <CaseLink matter={entry.matter} />}
            {filed?.progressCode && <CodeForVisited code={filed.progressCode} />}
            {entry.mayFile && (
              <FileAsCase
                of={entry}
                filed={(as) => {
                  setFiled(as)
                  loaded.reload()
                }}
              />
            )}
            {entry.mine && (
              <div className="row">
                {entry.followUpOn && !entry.followed && (
                  <ButtonLink kind="quiet" icon="clock" href={`/h5/diary/new?follows=${entry.id}`}>
                    {t('diary.goBack')}
                  </ButtonLink>
                )}
                {entry.mayCorrect && (
                  <Button kind="quiet" onClick={() => setCorrecting(true)}>
                    {t('diary.correct')}
                  </Button>
                )}
              </div>
            )}
            {entry.followedBy && (
              <a className="card row diary-origin" href={`/h5/diary/${entry.followedBy}`}>
                <Icon name="clock" />
                <span className="grow">{t('diary.followedBy')}</span>
                <Icon name="forward" />
              </a>
            )}
            {entry.followsId && (
              <a className="card row diary-origin" href={`/h5/diary/${entry.followsId}`}>
                <Icon name="clock" />
                <span className="grow">{t('diary.follows')}</span>
                <Icon name="forward" />
              </a>
            )}
            <DiaryVersions of={entry} />
            <Sheet title={t('diary.correct')} open={correcting} close={() => setCorrecting(false)}>
              <Correcting
                of={entry}
                terms={terms}
                saved={(next) => {
                  loaded.replace(next)
                  setCorrecting(false)
                }}
              />
            </Sheet>
          </>
        )}
      </Shown>
    </Page>
  )
}

function CaseLink({ matter }: { matter: NonNullable<DiaryView['matter']> }) {
  const t = useText()
  return (
    <a className="card row diary-origin" href={`/h5/tasks/${matter.id}`}>
      <span className="grow stack-s">
        <span className="strong">{t('diary.filed')}</span>
        <span className="row">
          <StateTag of={matter} />
          <span className="faint small">{matter.number}</span>
        </span>
      </span>
      <Icon name="forward" />
    </a>
  )
}

/** Shown this once: whom one visited follows the case by it. */
function CodeForVisited({ code }: { code: string }) {
  const t = useText()
  return (
    <section className="card stack-s" role="status">
      <h2>{t('diary.codeTitle')}</h2>
      <p className="progress-code">{code}</p>
      <p className="soft small">{t('diary.codeHint')}</p>
    </section>
  )
}

function Correcting({ of, terms, saved }: { of: DiaryView; terms: DiaryTerms; saved: (next: DiaryView) => void }) {
  const t = useText()
  const [draft, setDraft] = useState({
    kind: of.kind,
    text: of.text,
    visited: of.visited,
    address: of.address,
    done: of.done,
    followUpOn: of.followUpOn ?? '',
    reason: '',
  })
  const change = (part: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...part }))
  const act = useAct((body: object, key) => send<DiaryView>(`/diary/${of.id}/corrections`, { body, key }))
  const save = async () => {
    const next = await act.run({ ...draft, followUpOn: draft.followUpOn || null, version: of.version })
    if (next) saved(next)
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <p className="soft small">{t('diary.correctNote')}</p>
      <ChoiceField
        label={t('diary.kind')}
        value={draft.kind}
        onChange={(kind) => change({ kind })}
        choices={terms.kinds.map(({ code, name }) => ({ value: code, label: name }))}
      />
      <TextArea
        label={t('diary.text')}
        value={draft.text}
        onChange={(text) => change({ text })}
        maxLength={2000}
        rows={4}
        required
      />
      <CheckField label={t('diary.doneAsk')} checked={draft.done} onChange={(done) => change({ done })} />
      <TextField
        label={t('diary.visited')}
        optional
        value={draft.visited}
        onChange={(visited) => change({ visited })}
        maxLength={60}
      />
      <TextField
        label={t('place.address')}
        optional
        value={draft.address}
        onChange={(address) => change({ address })}
        maxLength={200}
      />
      <TextField
        label={t('diary.followUp')}
        optional
        type="date"
        value={draft.followUpOn}
        onChange={(followUpOn) => change({ followUpOn })}
      />
      <TextField
        label={t('diary.reason')}
        optional
        value={draft.reason}
        onChange={(reason) => change({ reason })}
        maxLength={200}
      />
      <Refused error={act.error} />
      <Button type="submit" kind="primary" wide busy={act.busy}>
        {t('act.save')}
      </Button>
    </form>
  )
}
