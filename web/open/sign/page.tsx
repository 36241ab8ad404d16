import { useEffect, useState } from 'react'
import type { Signing } from '../../../src/signing/signer/contract.ts'
import { send } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText, type TextKey } from '../../shared/i18n/text.ts'
import { useAct, useRead, type Loaded } from '../../shared/loading.ts'
import { pageOf } from '../../shared/page-of.tsx'
import { quiet } from '../../shared/quiet.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { isUnknown, Refused, Shown, Skeleton, Unknown } from '../../shared/ui/states.tsx'
import { Title } from '../../shared/ui/title.tsx'
import { ConsentStep } from './consent.tsx'
import { Resting } from './resting.tsx'
import { useKept, type Keeping } from './keep.ts'
import './sign.css'

/** What comes after the first view is fetched while somebody reads it, so that a line that breaks later stops nothing. */
const IdentityStep = pageOf(async () => (await import('./identity.tsx')).IdentityStep)
const Letter = pageOf(async () => (await import('./steps.tsx')).Letter)
const Done = pageOf(async () => (await import('./done.tsx')).Done)
const fetchAll = async () => {
  await quiet()
  await Promise.all([IdentityStep.prepare(), Letter.prepare(), Done.prepare()])
}

/** The token stands behind the # of the link: no server and no other page is told of it. */
const tokenHere = (): string => {
  if (location.hash === '') location.hash = sessionStorage.getItem('tongxin.sign') ?? ''
  sessionStorage.removeItem('tongxin.sign')
  return decodeURIComponent(location.hash.slice(1))
}
const tokenPattern = /^\d{6}\.[A-Za-z0-9_-]{18,80}$/

/** Behind the link of a text message: what is to be signed, by whom, and one step after the other. */
export function SignPage() {
  const t = useText()
  const [token] = useState(tokenHere)
  if (!tokenPattern.test(token)) return <Unknown title={t('sign.unknown')} next={t('sign.unknownNext')} />
  return <Signer token={token} />
}

function Signer({ token }: { token: string }) {
  const t = useText()
  const base = `/signing/links/${token}`
  const signing = useRead<Signing>(base)
  const keeping = useKept(token)
  useEffect(() => void fetchAll().catch(() => undefined), [])
  if (signing.error && isUnknown(signing.error) && !signing.data)
    return <Unknown title={t('sign.unknown')} next={t('sign.unknownNext')} />
  return (
    <Shown of={signing} waiting={<Skeleton lines={4} />}>
      {(of) => {
        if (of.state === 'signed' || of.state === 'sealing' || of.state === 'sealed')
          return <Done base={base} of={of} signing={signing} />
        if (of.state !== 'open') return <Resting of={of} />
        return keeping.ready ? (
          <Steps base={base} of={of} signing={signing} keeping={keeping} />
        ) : (
          <Skeleton lines={4} />
        )
      }}
    </Shown>
  )
}

type StepName = 'consent' | 'identity' | 'read' | 'mark' | 'confirm'
const stepTexts: readonly [StepName, TextKey][] = [
  ['consent', 'sign.stepConsent'],
  ['identity', 'sign.stepIdentity'],
  ['read', 'sign.stepRead'],
  ['mark', 'sign.stepMark'],
  ['confirm', 'sign.stepConfirm'],
]

export interface StepsProps {
  base: string
  of: Signing
  signing: Loaded<Signing>
  keeping: Keeping
}

function Steps({ base, of, signing, keeping }: StepsProps) {
  const t = useText()
  const isKnown = of.identifiedBy !== null
  const step: StepName = of.consent.givenAt === null ? 'consent' : isKnown ? keeping.kept.step : 'identity'
  const now = stepTexts.findIndex(([name]) => name === step)
  const title = t(stepTexts[now]![1])
  return (
    <>
      <header className="stack-s sign-head">
        <p className="strong">{t('sign.from', { organiser: of.organiser })}</p>
        <p className="sign-name">{of.title}</p>
        <p className="soft">
          {t('sign.forYou', { name: of.name, role: of.role })} · {t('sign.until', { day: saidDay(of.deadline) })}
        </p>
        {!isKnown && <p className="faint small">{t('sign.notYou')}</p>}
        <div className="sign-progress" aria-hidden="true">
          {stepTexts.map(([name], i) => (
            <span key={name} data-done={i <= now || undefined} />
          ))}
        </div>
        <p className="faint small">{t('sign.step', { now: now + 1, all: stepTexts.length })}</p>
        <Title key={step} text={title} />
      </header>
      {step === 'consent' && <ConsentStep base={base} of={of} onDone={signing.replace} />}
      {step === 'identity' && <IdentityStep base={base} of={of} onDone={signing.replace} />}
      {isKnown && step !== 'consent' && <Letter base={base} of={of} signing={signing} keeping={keeping} />}
      {of.consent.givenAt !== null && <Decline base={base} onDone={signing.replace} />}
    </>
  )
}

function Decline({ base, onDone }: { base: string; onDone: (next: Signing) => void }) {
  const t = useText()
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const act = useAct((body: { reason: string }, key) => send<Signing>(`${base}/refusal`, { body, key }))
  if (!asking)
    return (
      <Button kind="plain" onClick={() => setAsking(true)}>
        {t('sign.decline')}
      </Button>
    )
  return (
    <form
      className="card stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const next = await act.run({ reason })
        if (next) onDone(next)
      }}
    >
      <h2>{t('sign.declineSure')}</h2>
      <TextField label={t('sign.declineWhy')} value={reason} onChange={setReason} maxLength={200} />
      <Refused error={act.error} />
      <Button type="submit" kind="danger" wide busy={act.busy}>
        {t('sign.declineDo')}
      </Button>
      <Button wide onClick={() => setAsking(false)}>
        {t('sign.notNow')}
      </Button>
    </form>
  )
}
