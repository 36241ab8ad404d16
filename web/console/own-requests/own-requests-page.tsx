import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { OwnRequestToAnswer } from '../../../src/registry/own/contract.ts'
import { send } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, usePages, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { SelectField, TextArea } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'

const base = '/registry/own-requests'
const kinds = {
  claim: 'ownRecord.kindClaim',
  correct: 'ownRecord.kindCorrect',
  object: 'ownRecord.kindObject',
  erase: 'ownRecord.kindErase',
} as const

const answers = {
  open: 'ownRecord.stateOpen',
  accepted: 'ownRecord.stateAccepted',
  refused: 'ownRecord.stateRefused',
  withdrawn: 'ownRecord.stateWithdrawn',
} as const

/** What people ask about their own records, by the day on which the answer is due. */
export function OwnRequestsPage() {
  const t = useText()
  const [state, setState] = useState<'open' | 'answered'>('open')
  return (
    <ConsolePage title={t('ownRequests.title')}>
      <div className="row" role="group" aria-label={t('ownRequests.title')}>
        {(['open', 'answered'] as const).map((one) => (
          <Button
            key={one}
            small
            kind={one === state ? 'primary' : 'quiet'}
            aria-pressed={one === state}
            onClick={() => setState(one)}
          >
            {t(one === 'open' ? 'ownRequests.open' : 'ownRequests.answered')}
          </Button>
        ))}
      </div>
      <List key={state} state={state} />
    </ConsolePage>
  )
}

function List({ state }: { state: 'open' | 'answered' }) {
  const t = useText()
  const list = usePages<OwnRequestToAnswer>(`${base}?limit=20&state=${state}`)
  const [answering, setAnswering] = useState<OwnRequestToAnswer | null>(null)
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={2} cards={4} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('ownRequests.none')}>{t('ownRequests.noneNext')}</Empty>
          ) : (
            <ul className="stack">
              {items.map((item) => (
                <li key={item.id} className="card stack-s">
                  <RequestWords of={item} />
                  {item.state === 'open' && (
                    <div>
                      <Button small kind="primary" onClick={() => setAnswering(item)}>
                        {t('ownRequests.answer')}
                      </Button>
                    </div>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
      <Sheet title={t('ownRequests.answer')} open={answering !== null} close={() => setAnswering(null)}>
        {answering && (
          <AnswerForm
            of={answering}
            done={() => {
              setAnswering(null)
              list.reload()
            }}
          />
        )}
      </Sheet>
    </>
  )
}

function RequestWords({ of }: { of: OwnRequestToAnswer }) {
  const t = useText()
  return (
    <>
      <div className="row">
        <span className="strong grow">
          {of.personId === null ? (
            of.personName
          ) : (
            <Link to="/registry/people/$id" params={{ id: of.personId }}>
              {of.personName}
            </Link>
          )}{' '}
          · {t(kinds[of.kind])} {of.fieldName}
        </span>
        {of.answeredAt && <span className="word-tag">{t(answers[of.state])}</span>}
        <span className={of.overdue ? 'strong' : 'soft small'}>
          {of.answeredAt
            ? saidDay(of.answeredAt)
            : t(of.overdue ? 'ownRequests.overdue' : 'ownRecord.due', { day: saidDay(of.dueAt), term: of.dueSaid })}
        </span>
      </div>
      <span className="soft small">
        {of.areaName} {of.address}
      </span>
      {of.now && <span>{t('ownRecord.now', { value: of.now })}</span>}
      {of.wish && of.kind !== 'claim' && <span>{t('ownRecord.asWished', { value: of.wish })}</span>}
      {of.words && <span>{of.words}</span>}
      {of.answer && <span className="soft">{t('ownRecord.answer', { words: of.answer })}</span>}
    </>
  )
}

function AnswerForm({ of, done }: { of: OwnRequestToAnswer; done: () => void }) {
  const t = useText()
  const [words, setWords] = useState('')
  const [personId, setPersonId] = useState('')
  const claims = of.kind === 'claim'
  const people = useRead<{ items: { personId: string; name: string; address: string }[] }>(
    claims ? `${base}/${of.id}/people` : null,
  )
  const act = useAct((body: object, key) => send(`${base}/${of.id}/answer`, { body, key }))
  const answer = async (accept: boolean) => {
    const body = { version: of.version, accept, words, ...(personId ? { personId } : {}) }
    if ((await act.run(body)) === undefined) return
    say(t('ownRequests.sent'))
    done()
  }
  return (
    <>
      <RequestWords of={of} />
      <p className="soft">
        {t(of.carriedOut ? 'ownRequests.carriedOut' : claims ? 'ownRequests.claimHow' : 'ownRequests.byHand')}
      </p>
      {claims && (
        <SelectField
          label={t('ownRequests.whose')}
          value={personId}
          onChange={setPersonId}
          empty={t('ownRecord.choose')}
          choices={(people.data?.items ?? []).map((one) => ({
            value: one.personId,
            label: `${one.name} ${one.address}`,
          }))}
        />
      )}
      <TextArea label={t('ownRequests.words')} value={words} onChange={setWords} maxLength={500} rows={3} />
      <Refused error={act.error} />
      <div className="row">
        <Button kind="primary" busy={act.busy} onClick={() => void answer(true)}>
          {t('ownRequests.accept')}
        </Button>
        <Button busy={act.busy} onClick={() => void answer(false)}>
          {t('ownRequests.refuse')}
        </Button>
      </div>
    </>
  )
}
