import { useEffect, useState } from 'react'
import type { FaceAnswer, FaceChallenge } from '../../../src/signing/face/contract.ts'
import type { CodeSent, FaceBegun, Signing } from '../../../src/signing/signer/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { pageOf } from '../../shared/page-of.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { CodeField, TextField } from '../../shared/ui/field.tsx'
import { Refused, Skeleton } from '../../shared/ui/states.tsx'

const FaceCheck = pageOf(async () => (await import('../../shared/face/face-check.tsx')).FaceCheck)

interface StepProps {
  base: string
  of: Signing
  onDone: (next: Signing) => void
}

/** Shows who holds the phone, one check after the other; a person at the door can always do it instead. */
export function IdentityStep({ base, of, onDone }: StepProps) {
  const next = of.checks.find(({ done }) => !done)?.check
  return (
    <div className="stack">
      {next === 'phone' && <CodeStep base={base} of={of} onDone={onDone} />}
      {next === 'registry' && <PersonStep base={base} of={of} onDone={onDone} />}
      {next === 'face' && <FaceStep base={base} of={of} onDone={onDone} />}
      <OtherWay base={base} of={of} onDone={onDone} />
    </div>
  )
}

function useSecondsUntil(at: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    setNow(Date.now())
    if (at <= Date.now()) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [at])
  return Math.max(0, Math.ceil((at - now) / 1000))
}

function CodeStep({ base, of, onDone }: StepProps) {
  const t = useText()
  const [code, setCode] = useState('')
  const [resendAt, setResendAt] = useState(0)
  const left = useSecondsUntil(resendAt)
  const ask = useAct((_: object, key) => send<CodeSent>(`${base}/code`, { key }))
  const give = useAct((body: { code: string }, key) => send<Signing>(`${base}/code/check`, { body, key }))
  const sendCode = async () => {
    const sent = await ask.run({ at: Date.now() })
    if (sent) setResendAt(Date.now() + sent.resendAfterSeconds * 1000)
  }
  if (!of.phone) return null
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const next = await give.run({ code })
        if (next) onDone(next)
      }}
    >
      <p>{t('sign.codeLead', { phone: of.phone })}</p>
      {resendAt === 0 ? (
        <Button kind="primary" wide busy={ask.busy} onClick={() => void sendCode()}>
          {t('sign.sendCode')}
        </Button>
      ) : (
        <>
          <CodeField
            label={t('sign.code')}
            value={code}
            onChange={setCode}
            side={
              <Button disabled={left > 0} busy={ask.busy} onClick={() => void sendCode()}>
                {left > 0 ? t('sign.sendAgainIn', { seconds: left }) : t('sign.sendAgain')}
              </Button>
            }
          />
          <Button type="submit" kind="primary" wide busy={give.busy} disabled={code.length < 6}>
            {t('sign.checkCode')}
          </Button>
        </>
      )}
      <Refused error={give.error ?? ask.error} />
    </form>
  )
}

function PersonStep({ base, onDone }: StepProps) {
  const t = useText()
  const [name, setName] = useState('')
  const [citizenId, setCitizenId] = useState('')
  const act = useAct((body: { name: string; citizenId: string }, key) => send<Signing>(`${base}/person`, { body, key }))
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const next = await act.run({ name, citizenId })
        if (next) onDone(next)
      }}
    >
      <p>{t('sign.personLead')}</p>
      <TextField label={t('sign.name')} value={name} onChange={setName} autoComplete="name" maxLength={30} required />
      <TextField
        label={t('sign.citizenId')}
        value={citizenId}
        onChange={setCitizenId}
        autoComplete="off"
        autoCapitalize="characters"
        maxLength={20}
        minLength={6}
        required
      />
      <Refused error={act.error} />
      <Button type="submit" kind="primary" wide busy={act.busy}>
        {t('sign.checkPerson')}
      </Button>
    </form>
  )
}

/** Its own consent first; the camera opens, and what reads faces is fetched, only after that. */
function FaceStep({ base, of, onDone }: StepProps) {
  const t = useText()
  const [challenge, setChallenge] = useState<FaceChallenge>()
  const ask = useAct((body: { hash: string; at: number }, key) =>
    send<FaceBegun>(`${base}/face`, { body: { hash: body.hash }, key }),
  )
  const give = useAct((body: FaceAnswer, key) => send<Signing>(`${base}/face/check`, { body, key }))
  const result = useAct((_: { at: number }, key) => send<Signing>(`${base}/face/result`, { key }))
  const begin = async () => {
    give.forget()
    const begun = await ask.run({ hash: of.faceConsent.hash, at: Date.now() })
    if (begun?.page) {
      // The provider's page comes back without what stands behind the #.
      sessionStorage.setItem('tongxin.sign', location.hash.slice(1))
      location.assign(begun.page)
    } else if (begun?.challenge) setChallenge(begun.challenge)
  }
  return (
    <div className="stack">
      <h2>{t('sign.faceLead')}</h2>
      {challenge ? (
        <FaceCheck
          key={challenge.nonce}
          challenge={challenge}
          onAgain={() => void begin()}
          onPassed={async (answer) => {
            const next = await give.run(answer)
            if (next) onDone(next)
            else setChallenge(undefined)
          }}
        />
      ) : (
        <>
          <div className="card stack-s" lang="zh-CN">
            {of.faceConsent.text.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </div>
          {give.busy && <Skeleton lines={1} />}
          <Button
            kind={of.faceBegun ? 'quiet' : 'primary'}
            icon="camera"
            wide
            busy={ask.busy}
            onClick={() => void begin()}
          >
            {t('sign.faceAgree')}
          </Button>
        </>
      )}
      {of.faceBegun && (
        <Button
          wide
          busy={result.busy}
          onClick={async () => {
            const next = await result.run({ at: Date.now() })
            if (next) onDone(next)
          }}
        >
          {t('sign.faceResult')}
        </Button>
      )}
      <Refused error={result.error ?? give.error ?? ask.error} />
    </div>
  )
}

function OtherWay({ base, of, onDone }: StepProps) {
  const t = useText()
  const act = useAct((_: object, key) => send<Signing>(`${base}/help`, { key }))
  return (
    <details className="card sign-other">
      <summary>{t('sign.otherWay')}</summary>
      <div className="stack-s">
        <p>{t('sign.otherWayLead')}</p>
        {of.helper && <p className="strong">{t('sign.helper', { name: of.helper })}</p>}
        {of.helpAskedAt ? (
          <p role="status">{t('sign.helpAsked')}</p>
        ) : (
          <Button
            wide
            busy={act.busy}
            onClick={async () => {
              const next = await act.run({})
              if (next) onDone(next)
            }}
          >
            {t('sign.askHelp')}
          </Button>
        )}
        <Refused error={act.error} />
      </div>
    </details>
  )
}
