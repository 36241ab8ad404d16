import { useState } from 'react'
import type { Me } from '../../../src/identity/accounts/contract.ts'
import type {
  Confirmed,
  OwnCopy,
  OwnGroup,
  OwnRecord,
  OwnRecordShown,
  OwnRequest,
} from '../../../src/registry/own/contract.ts'
import { send } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead, type Loaded } from '../../shared/loading.ts'
import { useDemoPeople } from '../../shared/sign-in/demo-roles.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Page } from '../shell.tsx'
import { AskSheet, Requests, type Asking } from './asking.tsx'
import { ClaimSheet } from './claim.tsx'
import { Consents } from './consents.tsx'

/** What is kept about oneself: what, why, until when, who looked; and what one can do about it. */
export function OwnPage({ me }: { me: Me }) {
  const t = useText()
  const loaded = useRead<OwnRecord>('/registry/own')
  return (
    <Page title={t('ownRecord.title')} back="/h5/me">
      <Shown of={loaded} waiting={<Skeleton lines={4} cards={3} />}>
        {(own) =>
          own.record ? (
            <Record of={own.record} own={own} loaded={loaded} />
          ) : (
            <Proof me={me} own={own} loaded={loaded} />
          )
        }
      </Shown>
    </Page>
  )
}

/** The phone alone opens nothing: numbers are given to other people. */
function Proof({ me, own, loaded }: { me: Me; own: OwnRecord; loaded: Loaded<OwnRecord> }) {
  const t = useText()
  const invented = useDemoPeople().data?.items.find(({ accountId }) => accountId === me.accountId)
  const [tail, setTail] = useState('')
  const [wrong, setWrong] = useState<string>()
  const [claiming, setClaiming] = useState(false)
  const act = useAct((body: { tail: string }, key) => send<Confirmed>('/registry/own/confirmation', { body, key }))
  const prove = async () => {
    if (!/^\d{5}[\dXx]$/.test(tail.trim())) return setWrong(t('ownRecord.tailWrong'))
    const answer = await act.run({ tail: tail.trim() })
    if (answer?.confirmed) loaded.reload()
    else if (answer) setWrong(t('ownRecord.tailUnknown', { count: answer.triesLeft }))
  }
  return (
    <>
      <section className="card stack">
        <h2>{t('ownRecord.proof')}</h2>
        <p>{t('ownRecord.proofWhy')}</p>
        <TextField
          label={t('ownRecord.tail')}
          hint={invented?.idTail && t('ownRecord.tailDemo', { name: invented.name, tail: invented.idTail })}
          value={tail}
          onChange={(value) => {
            setTail(value)
            setWrong(undefined)
          }}
          wrong={wrong}
          maxLength={6}
          autoComplete="off"
        />
        <Refused error={act.error} />
        <Button kind="primary" wide busy={act.busy} onClick={() => void prove()}>
          {t('ownRecord.open')}
        </Button>
        <Button kind="plain" wide onClick={() => setClaiming(true)}>
          {t('ownRecord.claim')}
        </Button>
      </section>
      <Requests of={own.requests} changed={loaded.reload} />
      <ClaimSheet open={claiming} close={() => setClaiming(false)} done={loaded.reload} />
    </>
  )
}

function Record({ of, own, loaded }: { of: OwnRecordShown; own: OwnRecord; loaded: Loaded<OwnRecord> }) {
  const t = useText()
  const [asking, setAsking] = useState<Asking | null>(null)
  return (
    <>
      <p className="soft">
        {t('ownRecord.checked', { place: of.areaName, when: saidDay(of.checkedAt), source: of.checkedSource })}
      </p>
      <Requests of={own.requests} changed={loaded.reload} />
      {of.groups.map((group) => (
        <Group key={group.code} of={group} requests={own.requests} ask={setAsking} />
      ))}
      {of.residences.length > 0 && (
        <section className="card stack-s">
          <h2>{t('ownRecord.homes')}</h2>
          <ul className="stack-s">
            {of.residences.map((home) => (
              <li key={`${home.address}${home.fromOn}`}>
                {home.address}
                <br />
                <span className="soft small">
                  {home.relation} · {home.fromOn} – {home.untilOn ?? t('ownRecord.today')}
                </span>
              </li>
            ))}
          </ul>
          <div>
            <Button
              small
              onClick={() => setAsking({ kind: 'correct', field: 'home', name: t('ownRecord.homes'), now: '' })}
            >
              {t('ownRecord.correct')}
            </Button>
          </div>
        </section>
      )}
      <Consents of={of.consents} changed={loaded.replace} />
      <Looks of={of} />
      <Copy />
      <AskSheet of={asking} close={() => setAsking(null)} done={loaded.reload} />
    </>
  )
}

/** Fields that can be put right at a tap; the rest is said in words. */
const direct = new Set(
  'name citizenId phone sex bornOn registration employer occupation degree school marriage emergencyName emergencyPhone ethnicity nativePlace political'.split(
    ' ',
  ),
)

function Group({
  of,
  requests,
  ask,
}: {
  of: OwnGroup
  requests: readonly OwnRequest[]
  ask: (asking: Asking) => void
}) {
  const t = useText()
  const isAsked = (field: string): boolean =>
    requests.some((one) => one.state === 'open' && one.kind === 'correct' && one.field === field)
  return (
    <section className="card stack-s">
      <h2>{of.name}</h2>
      <ul className="rows">
        {of.values.map((one) => (
          <li key={one.field}>
            <button
              type="button"
              className="line"
              disabled={isAsked(one.field)}
              onClick={() =>
                ask({
                  kind: 'correct',
                  field: direct.has(one.field) ? one.field : 'other',
                  name: one.label,
                  now: one.value,
                })
              }
            >
              <span>
                <span className={one.label === of.name ? 'only-read-aloud' : 'soft small'}>{one.label}</span>
                {one.label !== of.name && <br />}
                {one.value}
              </span>
              <span className="soft">{t(isAsked(one.field) ? 'ownRecord.stateOpen' : 'ownRecord.correct')}</span>
            </button>
          </li>
        ))}
      </ul>
      <details>
        <summary>{t('ownRecord.why')}</summary>
        <dl className="stack-s small">
          <dt className="soft">{t('ownRecord.purpose')}</dt>
          <dd>{of.purpose}</dd>
          <dt className="soft">{t('ownRecord.basis')}</dt>
          <dd>{of.basis}</dd>
          <dt className="soft">{t('ownRecord.source')}</dt>
          <dd>{of.source}</dd>
          <dt className="soft">{t('ownRecord.until')}</dt>
          <dd>{of.keptUntil}</dd>
        </dl>
        <Button
          small
          onClick={() =>
            ask({ kind: 'object', field: direct.has(of.code) ? of.code : 'other', name: of.name, now: '' })
          }
        >
          {t('ownRecord.object')}
        </Button>
      </details>
    </section>
  )
}

function Looks({ of }: { of: OwnRecordShown }) {
  const t = useText()
  return (
    <section className="card stack-s">
      <h2>{t('ownRecord.looks')}</h2>
      {of.looks.length === 0 ? (
        <p className="soft">{t('ownRecord.noLooks')}</p>
      ) : (
        <ul className="stack-s">
          {of.looks.map((look) => (
            <li key={`${look.at}${look.by}`}>
              {saidDay(look.at)} · {look.by}
              <br />
              <span className="soft small">
                {look.fields.join('、')}：{look.reason}
              </span>
            </li>
          ))}
        </ul>
      )}
      {of.exports.length > 0 && (
        <>
          <h3>{t('ownRecord.exports')}</h3>
          <ul className="stack-s">
            {of.exports.map((taken) => (
              <li key={`${taken.at}${taken.by}`}>
                {saidDay(taken.at)} · {taken.by} · {taken.what}
                <br />
                <span className="soft small">{taken.reason}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <details>
        <summary>{t('ownRecord.changes')}</summary>
        <ul className="stack-s small">
          {of.changes.map((change) => (
            <li key={`${change.at}${change.what}`}>
              {saidDay(change.at)} · {change.what} · {change.source}
            </li>
          ))}
        </ul>
      </details>
    </section>
  )
}

/** Everything as one file on the phone. */
function Copy() {
  const t = useText()
  const act = useAct((_: null, key) => send<OwnCopy>('/registry/own/copy', { body: {}, key }))
  const take = async () => {
    const copy = await act.run(null)
    if (!copy) return
    const href = URL.createObjectURL(new Blob([JSON.stringify(copy, null, 2)], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = href
    link.download = `${t('ownRecord.copyName')}.json`
    link.click()
    URL.revokeObjectURL(href)
    say(t('ownRecord.copied'))
  }
  return (
    <section className="card stack-s">
      <h2>{t('ownRecord.copy')}</h2>
      <p className="soft">{t('ownRecord.copyWhy')}</p>
      <Refused error={act.error} />
      <div className="row">
        <Button busy={act.busy} onClick={() => void take()}>
          {t('ownRecord.copyTake')}
        </Button>
        <Button onClick={() => print()}>{t('ownRecord.print')}</Button>
      </div>
    </section>
  )
}
