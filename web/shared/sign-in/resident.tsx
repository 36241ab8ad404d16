import { useState } from 'react'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { Refused } from '../ui/states.tsx'
import type { PhoneCode } from './phone-code.tsx'
import { isComplete, PhoneCodeFields, restoredPhoneCode, signInByPhone } from './phone-code.tsx'

/** A resident signs in by phone; the first time makes the account. */
export function ResidentSignIn({ done }: { done: () => void }) {
  const t = useText()
  const [phone, setPhone] = useState('')
  const [entered, setEntered] = useState<PhoneCode>(restoredPhoneCode)
  const act = useAct((input: PhoneCode) => signInByPhone(input))
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        if (await act.run(entered)) done()
      }}
    >
      <PhoneCodeFields phone={phone} onPhone={setPhone} value={entered} onChange={setEntered} />
      <Refused error={act.error} />
      <Button type="submit" kind="primary" wide busy={act.busy} disabled={!isComplete(entered)}>
        {t('signIn.do')}
      </Button>
      <p className="faint small">{t('signIn.residentNote')}</p>
    </form>
  )
}
