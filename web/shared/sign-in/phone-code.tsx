import { useEffect, useState } from 'react'
import { send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { CodeField, PhoneField } from '../ui/field.tsx'
import { Refused } from '../ui/states.tsx'

interface PhoneAndCode {
  phone: string
  code: string
  onPhone: (phone: string) => void
  onCode: (code: string) => void
}

const defaultWaitSeconds = 60

/** Phone and the code that is sent to it; the button counts down until another code may be asked for. */
export function PhoneCodeFields({ phone, code, onPhone, onCode }: PhoneAndCode) {
  const t = useText()
  const [left, setLeft] = useState(0)
  const [sent, setSent] = useState(false)
  const act = useAct((body: { phone: string }, key) => send<{ waitSeconds?: number } | undefined>('/sign-in/phone-codes', { body, key }))
  useEffect(() => {
    if (left <= 0) return
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [left])
  const ask = async () => {
    const before = act.error
    const answer = await act.run({ phone })
    if (answer === undefined && act.error !== before) return
    setSent(true)
    setLeft(answer?.waitSeconds ?? defaultWaitSeconds)
  }
  return (
    <>
      <PhoneField
        label={t('phone.label')}
        value={phone}
        onChange={onPhone}
        required
        side={
          <Button busy={act.busy} disabled={left > 0 || phone.trim() === ''} onClick={() => void ask()}>
            {left > 0 ? t('phone.wait', { seconds: left }) : sent ? t('phone.again') : t('phone.getCode')}
          </Button>
        }
      />
      <Refused error={act.error} />
      <CodeField label={t('phone.code')} hint={sent ? t('phone.sent') : undefined} value={code} onChange={onCode} />
    </>
  )
}
