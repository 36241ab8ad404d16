import { useState } from 'react'
import type { Static } from 'typebox'
import type { RecoveryCodes as RecoveryCodesAnswer } from '../../../src/identity/own/contract.ts'
import type { TotpOffer } from '../../../src/identity/sign-in/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Devices } from '../../shared/sign-in/devices.tsx'
import { RecoveryCodes, TotpSecret } from '../../shared/sign-in/totp.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { CodeField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused } from '../../shared/ui/states.tsx'
import { ElderSwitch, LanguageSwitch } from '../../shared/ui/switches.tsx'
import { useMe } from '../me-context.ts'
import { ConsolePage } from '../page.tsx'
import { Notifications } from './notifications.tsx'
import { OwnData } from './own-data.tsx'
import { SingleSignOnLink } from './single-sign-on-link.tsx'

/** What a member of staff sets for himself: password, second factor, devices, language. */
export function SettingsPage() {
  const t = useText()
  return (
    <ConsolePage title={t('nav.settings')}>
      <div className="two">
        <div className="page">
          <section className="card">
            <h2>{t('settings.password')}</h2>
            <PasswordForm />
          </section>
          <section className="card">
            <h2>{t('settings.totp')}</h2>
            <SecondFactor />
          </section>
          <section className="card">
            <h2>{t('push.title')}</h2>
            <Notifications />
          </section>
          <section className="card">
            <h2>{t('own.title')}</h2>
            <OwnData />
          </section>
        </div>
        <div className="side">
          <section className="stack-s">
            <h2>{t('devices.title')}</h2>
            <Devices />
          </section>
          <section className="card">
            <h2>{t('me.language')}</h2>
            <div className="row">
              <LanguageSwitch />
              <ElderSwitch />
            </div>
          </section>
          <SingleSignOnLink />
        </div>
      </div>
    </ConsolePage>
  )
}

function PasswordForm() {
  const t = useText()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const act = useAct((body: { current: string; next: string }, key) =>
    send('/identity/me/password', { body, key }).then(() => true),
  )
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        if (!(await act.run({ current, next }))) return
        setCurrent('')
        setNext('')
        say(t('settings.passwordChanged'))
      }}
    >
      <TextField
        label={t('settings.current')}
        type="password"
        autoComplete="current-password"
        value={current}
        onChange={setCurrent}
        required
      />
      <TextField
        label={t('settings.next')}
        hint={t('settings.nextHint')}
        type="password"
        autoComplete="new-password"
        value={next}
        onChange={setNext}
        required
      />
      <Refused error={act.error} />
      <div>
        <Button type="submit" kind="primary" busy={act.busy}>
          {t('settings.change')}
        </Button>
      </div>
    </form>
  )
}

function SecondFactor() {
  const t = useText()
  const me = useMe()
  const [offer, setOffer] = useState<Static<typeof TotpOffer> | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const [code, setCode] = useState('')
  const begin = useAct((_: object, key) => send<Static<typeof TotpOffer>>('/identity/me/totp', { body: {}, key }))
  const confirm = useAct((body: { code: string }, key) =>
    send<RecoveryCodesAnswer>(offer ? '/identity/me/totp/confirm' : '/identity/me/recovery-codes', { body, key }),
  )
  const give = async () => {
    const answer = await confirm.run({ code })
    if (answer) setCodes(answer.recoveryCodes)
  }
  if (codes) return <RecoveryCodes codes={codes} done={() => location.reload()} />
  if (!me.totp && !offer) {
    return (
      <div className="stack">
        <p className="soft">{t('totp.why')}</p>
        <Refused error={begin.error} />
        <div>
          <Button kind="primary" busy={begin.busy} onClick={async () => setOffer((await begin.run({})) ?? null)}>
            {t('totp.begin')}
          </Button>
        </div>
      </div>
    )
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void give()
      }}
    >
      {offer ? (
        <TotpSecret of={offer} />
      ) : (
        <p className="soft">{t('settings.totpOn', { left: me.recoveryCodesLeft })}</p>
      )}
      <CodeField label={t('signIn.totp')} value={code} onChange={setCode} />
      <Refused error={confirm.error} />
      <div>
        <Button type="submit" kind={offer ? 'primary' : 'quiet'} busy={confirm.busy}>
          {offer ? t('totp.confirm') : t('settings.newCodes')}
        </Button>
      </div>
    </form>
  )
}
