import { useState } from 'react'
import type { Static } from 'typebox'
import type { SignInStep } from '../../../src/identity/contract.ts'
import type { TotpOffer } from '../../../src/identity/sign-in/contract.ts'
import { send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { CodeField } from '../ui/field.tsx'
import { Refused } from '../ui/states.tsx'

type Enrolment = Static<typeof TotpOffer>

/** First sign-in of a post that needs a second factor: scan, then prove that it works. */
export function EnrolTotp({ ticket, advance }: { ticket: string; advance: (step: SignInStep) => void }) {
  const t = useText()
  const [code, setCode] = useState('')
  const [begun, setBegun] = useState<Enrolment | null>(null)
  const begin = useAct((body: { ticket: string }, key) =>
    send<Enrolment>('/identity/sign-in/totp-offer', { body, key }),
  )
  const act = useAct((body: { ticket: string; code: string }, key) =>
    send<SignInStep>('/identity/sign-in/totp-confirm', { body, key }),
  )
  if (!begun) {
    return (
      <div className="stack">
        <h2>{t('totp.title')}</h2>
        <p className="soft">{t('totp.why')}</p>
        <Refused error={begin.error} />
        <Button
          kind="primary"
          wide
          busy={begin.busy}
          onClick={async () => setBegun((await begin.run({ ticket })) ?? null)}
        >
          {t('totp.begin')}
        </Button>
      </div>
    )
  }
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const step = await act.run({ ticket, code })
        if (step) advance(step)
      }}
    >
      <h2>{t('totp.title')}</h2>
      <TotpSecret of={begun} />
      <CodeField label={t('signIn.totp')} value={code} onChange={setCode} />
      <Refused error={act.error} />
      <Button type="submit" kind="primary" wide busy={act.busy}>
        {t('totp.confirm')}
      </Button>
    </form>
  )
}

export function TotpSecret({ of }: { of: Enrolment }) {
  const t = useText()
  return (
    <div className="stack-s">
      <p className="soft">{t('totp.scan')}</p>
      <img src={`data:image/svg+xml,${encodeURIComponent(of.qrSvg)}`} alt={t('totp.qr')} width={200} height={200} />
      <p className="small">
        {t('totp.byHand')} <code className="strong">{of.secret.replace(/(.{4})/g, '$1 ').trim()}</code>
      </p>
    </div>
  )
}

/** Shown once; whoever loses the phone comes back in with one of them. */
export function RecoveryCodes({ codes, done }: { codes: readonly string[]; done: () => void }) {
  const t = useText()
  return (
    <div className="stack">
      <h2>{t('totp.codes')}</h2>
      <p className="soft">{t('totp.codesWhy')}</p>
      <ol className="card recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <Button kind="primary" wide onClick={done}>
        {t('totp.kept')}
      </Button>
    </div>
  )
}
