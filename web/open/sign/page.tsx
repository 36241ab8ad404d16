import { useState } from 'react'
import type { AskDraft, Draft, GiveSignature, LetterToRead, Signing } from '../../../src/signing/signer/contract.ts'
import { send } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText, type TextKey } from '../../shared/i18n/text.ts'
import { useAct, useRead, type Loaded } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { isUnknown, Refused, Shown, Skeleton, Unknown } from '../../shared/ui/states.tsx'
import { Title } from '../../shared/ui/title.tsx'
import { ConfirmStep } from './confirm.tsx'
import { ConsentStep } from './consent.tsx'
import { Done, Resting } from './done.tsx'
import { IdentityStep } from './identity.tsx'
import { useKept, type Keeping } from './keep.ts'
import { makeOneTimeKey, type OneTimeKey } from './key.ts'
import { LetterStep } from './letter.tsx'
import { MarkStep } from './mark.tsx'
import './sign.css'

/** The token stands behind the # of the link: no server and no other page is told of it. */
const tokenHere = (): string => decodeURIComponent(location.hash.slice(1))
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

interface StepsProps {
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

/** Reading, signing and confirming; the key is made when the exact document is asked for, and signs that one. */
function Letter({ base, of, signing, keeping }: StepsProps) {
  const letter = useRead<LetterToRead>(`${base}/letter`)
  const [typing, setTyping] = useState(keeping.kept.strokes.length === 0 && keeping.kept.typed !== '')
  const [made, setMade] = useState<{ draft: Draft; key: OneTimeKey; signature?: string }>()
  const ask = useAct((body: AskDraft, key) => send<Draft>(`${base}/drafts`, { body, key }))
  const give = useAct((body: GiveSignature, key) => send<Signing>(`${base}/signature`, { body, key }))
  const { step, answers, strokes, typed } = keeping.kept
  const askDraft = async (hash: string) => {
    const key = await makeOneTimeKey()
    const mark = typing ? { strokes: null, typed } : { strokes, typed: '' }
    const draft = await ask.run({ hash, answers, spki: key.spki, ...mark })
    if (!draft) return
    setMade({ draft, key })
    keeping.change({ step: 'confirm' })
  }
  const confirm = async () => {
    if (!made) return
    // The key signs once; over a line that broke the same signature is sent again.
    const signature = made.signature ?? (await made.key.sign(made.draft.attributes))
    setMade({ ...made, signature })
    const next = await give.run({ sha256: made.draft.sha256, signature, spki: made.key.spki })
    if (!next) return
    keeping.drop()
    signing.replace(next)
  }
  const back = (to: 'read' | 'mark') => {
    give.forget()
    ask.forget()
    setMade(undefined)
    keeping.change({ step: to })
  }
  return (
    <Shown of={letter} waiting={<Skeleton lines={4} />}>
      {(toRead) => {
        if (step === 'read')
          return <LetterStep letter={toRead} keeping={keeping} onDone={() => keeping.change({ step: 'mark' })} />
        if (step === 'confirm' && made)
          return (
            <ConfirmStep
              base={base}
              draft={made.draft}
              busy={give.busy}
              error={give.error}
              onBack={() => back('mark')}
              onConfirm={() => void confirm()}
            />
          )
        return (
          <MarkStep
            of={of}
            keeping={keeping}
            typing={typing}
            onTyping={setTyping}
            busy={ask.busy}
            error={ask.error}
            onBack={() => back('read')}
            onDone={() => void askDraft(toRead.hash)}
          />
        )
      }}
    </Shown>
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
