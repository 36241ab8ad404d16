import { useState } from 'react'
import type { SignInStep } from '../../../src/identity/contract.ts'
import { send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { CodeField, TextField } from '../ui/field.tsx'
import { Refused } from '../ui/states.tsx'
import { EnrolTotp, RecoveryCodes } from './totp.tsx'

/** Login name and password, then the code of the second factor where there is one. */
export function StaffSignIn({ done }: { done: () => void }) {
  const [step, setStep] = useState<SignInStep | null>(null)
  const advance = (next: SignInStep) => (next.next === 'done' && !next.recoveryCodes?.length ? done() : setStep(next))
  if (step?.next === 'done') return <RecoveryCodes codes={step.recoveryCodes ?? []} done={done} />
  if (step?.ticket && step.next === 'totp')
    return <TotpStep ticket={step.ticket} advance={advance} restart={() => setStep(null)} />
  if (step?.ticket && step.next === 'enrolTotp') return <EnrolTotp ticket={step.ticket} advance={advance} />
  return <PasswordStep advance={advance} />
}

function PasswordStep({ advance }: { advance: (step: SignInStep) => void }) {
  const t = useText()
  const [loginName, setLoginName] = useState('')
  const [password, setPassword] = useState('')
  const act = useAct((body: { loginName: string; password: string }, key) =>
    send<SignInStep>('/identity/sign-in/password', { body, key }),
  )
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const step = await act.run({ loginName: loginName.trim(), password })
        if (step) advance(step)
      }}
    >
      <TextField
        label={t('signIn.loginName')}
        value={loginName}
        onChange={setLoginName}
        autoComplete="username"
        autoCapitalize="none"
        required
        maxLength={40}
      />
      <TextField
        label={t('signIn.password')}
        value={password}
        onChange={setPassword}
        type="password"
        autoComplete="current-password"
        required
        maxLength={200}
      />
      <Refused error={act.error} />
      <Button type="submit" kind="primary" wide busy={act.busy}>
        {t('signIn.do')}
      </Button>
      <p className="faint small">{t('signIn.forgot')}</p>
    </form>
  )
}

function TotpStep({
  ticket,
  advance,
  restart,
}: {
  ticket: string
  advance: (step: SignInStep) => void
  restart: () => void
}) {
  const t = useText()
  const [code, setCode] = useState('')
  const [recovering, setRecovering] = useState(false)
  const act = useAct(({ code: given }: { code: string }, key) =>
    recovering
      ? send<SignInStep>('/identity/sign-in/recovery-code', { body: { ticket, recoveryCode: given }, key })
      : send<SignInStep>('/identity/sign-in/totp', { body: { ticket, code: given }, key }),
  )
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const step = await act.run({ code: code.trim() })
        if (step) advance(step)
      }}
    >
      {recovering ? (
        <TextField
          label={t('signIn.recovery')}
          hint={t('signIn.recoveryHint')}
          value={code}
          onChange={setCode}
          autoCapitalize="none"
          maxLength={60}
        />
      ) : (
        <CodeField label={t('signIn.totp')} hint={t('signIn.totpHint')} value={code} onChange={setCode} />
      )}
      <Refused error={act.error} />
      <Button type="submit" kind="primary" wide busy={act.busy}>
        {t('signIn.do')}
      </Button>
      <div className="row">
        <Button
          kind="plain"
          small
          onClick={() => {
            setRecovering(!recovering)
            setCode('')
          }}
        >
          {recovering ? t('signIn.useTotp') : t('signIn.useRecovery')}
        </Button>
        <Button kind="plain" small onClick={restart}>
          {t('signIn.restart')}
        </Button>
      </div>
    </form>
  )
}
