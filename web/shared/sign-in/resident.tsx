import { useState } from 'react'
import type { SignInStep } from '../../../src/identity/contract.ts'
import { send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { Refused } from '../ui/states.tsx'
import { PhoneCodeFields } from './phone-code.tsx'

/** A resident signs in by phone; the first time makes the account. */
export function ResidentSignIn({ done }: { done: () => void }) {
  const t = useText()
  const [phone, setPhone] = useState('')
  const [code, setCode] = useState('')
  const act = useAct((body: { phone: string; code: string }, key) => send<SignInStep>('/sign-in/phone', { body: { ...body, as: 'resident' }, key }))
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        if (await act.run({ phone, code })) done()
      }}
    >
      <PhoneCodeFields phone={phone} code={code} onPhone={setPhone} onCode={setCode} />
      <Refused error={act.error} />
      <Button type="submit" kind="primary" wide busy={act.busy} disabled={code.length < 6}>
        {t('signIn.do')}
      </Button>
      <p className="faint small">{t('signIn.residentNote')}</p>
    </form>
  )
}
