import { useState } from 'react'
import type {
  FollowUpBrief,
  FollowUpsWaiting,
  FollowUpTerms,
  FollowUpView,
  FollowUpWaiting,
} from '../../../src/registry/follow-up/contract.ts'
import { send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct, usePages, useRead } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { SelectField, TextArea, TextField } from '../ui/field.tsx'
import { More } from '../ui/more.tsx'
import { say } from '../ui/notice.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Empty, Refused, Shown, Skeleton } from '../ui/states.tsx'
import { OpenForm } from './open-form.tsx'
import { Whole } from './whole.tsx'

const base = '/registry/follow-ups'

/** Follow-ups in which one is named: a list without names, and behind each a look that is recorded. */
export function FollowUps() {
  const t = useText()
  const terms = useRead<FollowUpTerms>(`${base}/terms`)
  const [opening, setOpening] = useState(false)
  const [round, setRound] = useState(0)
  return (
    <Shown of={terms} waiting={<Skeleton lines={3} cards={3} />}>
      {(known) => (
        <>
          <p className="soft">{t('followUp.lead')}</p>
          {known.mayOpen && (
            <div>
              <Button kind="primary" onClick={() => setOpening(true)}>
                {t('followUp.open')}
              </Button>
            </div>
          )}
          {known.mayOpen && <Waiting key={`w${round}`} />}
          <Mine key={`m${round}`} terms={known} />
          <Sheet title={t('followUp.open')} open={opening} close={() => setOpening(false)}>
            <OpenForm
              terms={known}
              done={() => {
                setOpening(false)
                setRound((count) => count + 1)
              }}
            />
          </Sheet>
        </>
      )}
    </Shown>
  )
}

function Mine({ terms }: { terms: FollowUpTerms }) {
  const t = useText()
  const list = usePages<FollowUpBrief>(`${base}?limit=20`)
  const [looking, setLooking] = useState<FollowUpBrief | null>(null)
  const [seen, setSeen] = useState<FollowUpView | null>(null)
  if (seen)
    return (
      <Whole
        of={seen}
        terms={terms}
        close={() => {
          setSeen(null)
          list.reload()
        }}
      />
    )
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={2} cards={3} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('followUp.none')}>{t('followUp.noneNext')}</Empty>
          ) : (
            <ul className="stack">
              {items.map((item) => (
                <li key={item.id} className="card stack-s">
                  <div className="row">
                    <span className="strong grow">{item.label}</span>
                    {item.due && <span className="strong">{t('followUp.due')}</span>}
                    {item.state === 'ended' && <span className="soft">{t('followUp.ended')}</span>}
                  </div>
                  <span className="soft small">
                    {item.basisName} · {item.areaName} · {t('followUp.until', { day: item.endsOn })}
                    {item.nextOn ? ` · ${t('followUp.next', { day: item.nextOn })}` : ''}
                    {item.extension ? ` · ${t('followUp.extensionWaits')}` : ''}
                  </span>
                  {item.state === 'open' ? (
                    <div>
                      <Button small onClick={() => setLooking(item)}>
                        {t('followUp.look')}
                      </Button>
                    </div>
                  ) : (
                    item.deleteOn && (
                      <span className="soft small">{t('followUp.deleteOn', { day: item.deleteOn })}</span>
                    )
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
      <Sheet title={t('followUp.lookWhy')} open={looking !== null} close={() => setLooking(null)}>
        {looking && (
          <LookForm
            id={looking.id}
            done={(view) => {
              setLooking(null)
              setSeen(view)
            }}
          />
        )}
      </Sheet>
    </>
  )
}

function LookForm({ id, done }: { id: string; done: (view: FollowUpView) => void }) {
  const t = useText()
  const [purpose, setPurpose] = useState('visit')
  const [reason, setReason] = useState('')
  const act = useAct((body: object, key) => send<FollowUpView>(`${base}/${id}/look`, { body, key }))
  const look = async () => {
    const view = await act.run({ purpose, reason })
    if (view) done(view)
  }
  return (
    <>
      <p>{t('followUp.recorded')}</p>
      <SelectField
        label={t('followUp.purpose')}
        value={purpose}
        onChange={setPurpose}
        choices={[
          { value: 'visit', label: t('followUp.forVisit') },
          { value: 'urgent', label: t('followUp.forUrgent') },
          { value: 'review', label: t('followUp.forReview') },
          { value: 'askedByPerson', label: t('followUp.forPerson') },
        ]}
      />
      <TextField label={t('followUp.reason')} value={reason} onChange={setReason} maxLength={200} />
      <Refused error={act.error} />
      <Button kind="primary" wide busy={act.busy} onClick={() => void look()}>
        {t('followUp.look')}
      </Button>
    </>
  )
}

/** Later ends that one decides about, and follow-ups that nobody looks after any more: never a name. */
function Waiting() {
  const t = useText()
  const waiting = useRead<FollowUpsWaiting>(`${base}/waiting`)
  if (!waiting.data || waiting.data.items.length === 0) return null
  return (
    <section className="stack-s">
      <h2>{t('followUp.waiting')}</h2>
      <ul className="stack">
        {waiting.data.items.map((item) => (
          <WaitingOne key={item.extensionId ?? item.id} of={item} changed={waiting.reload} />
        ))}
      </ul>
    </section>
  )
}

function WaitingOne({ of, changed }: { of: FollowUpWaiting; changed: () => void }) {
  const t = useText()
  const [reason, setReason] = useState('')
  const act = useAct(({ path, body }: { path: string; body: object }, key) =>
    send(`${base}/${of.id}/${path}`, { body, key }),
  )
  const run = async (path: string, body: object) => {
    if ((await act.run({ path, body })) === undefined) return
    say(t('followUp.done'))
    changed()
  }
  const decide = (approve: boolean) => run('extensions/decision', { extensionId: of.extensionId, approve })
  return (
    <li className="card stack-s">
      <span className="strong">
        {of.kind === 'extension' ? t('followUp.extensionOf', { name: of.askedByName }) : t('followUp.unattended')}
      </span>
      <span className="soft small">
        {of.basisName}（{of.law}）· {of.areaName} · {t('followUp.until', { day: of.endsOn })}
      </span>
      {of.kind === 'extension' ? (
        <>
          <p>{of.basisWords}</p>
          <p>{t('followUp.newEnd', { day: of.newEndsOn ?? '' })}</p>
          <div className="row">
            <Button small kind="primary" busy={act.busy} onClick={() => void decide(true)}>
              {t('followUp.approve')}
            </Button>
            <Button small busy={act.busy} onClick={() => void decide(false)}>
              {t('followUp.refuse')}
            </Button>
          </div>
        </>
      ) : (
        <>
          <TextArea label={t('followUp.reason')} value={reason} onChange={setReason} maxLength={200} rows={2} />
          <div>
            <Button small busy={act.busy} onClick={() => void run('take-over', { reason })}>
              {t('followUp.takeOver')}
            </Button>
          </div>
        </>
      )}
      <Refused error={act.error} />
    </li>
  )
}
