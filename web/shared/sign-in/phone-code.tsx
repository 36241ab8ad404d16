import { useEffect, useState } from 'react'
import type { SignInStep } from '../../../src/identity/contract.ts'
import type { SentCode } from '../../../src/identity/phone-codes/contract.ts'
import { randomKey, send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { CodeField, PhoneField } from '../ui/field.tsx'
import { Refused } from '../ui/states.tsx'

/** What a person has entered so far: the code belongs to the request that sent it. */
export interface PhoneCode {
  request: string
  code: string
}

const storageKey = 'tongxin.phone-code'

/** The request survives a reload: phones close the page while the message is being read. */
export const restoredPhoneCode = (): PhoneCode => ({ request: sessionStorage.getItem(storageKey) ?? '', code: '' })

export const isComplete = ({ request, code }: PhoneCode) => request !== '' && code.length === 6

/** Opens a session for a checked phone: a guest's, or the resident's whose phone it is. */
export const signInByPhone = ({ request, code }: PhoneCode) =>
  send<SignInStep>('/identity/sign-in/phone-code', { body: { request, code }, key: randomKey() })

interface PhoneAndCode {
  phone: string
  onPhone: (phone: string) => void
  value: PhoneCode
  onChange: (value: PhoneCode) => void
}

/** Phone and the code that is sent to it; the button counts down until another code may be asked for. */
export function PhoneCodeFields({ phone, onPhone, value, onChange }: PhoneAndCode) {
  const t = useText()
  const [left, setLeft] = useState(0)
  const [minutes, setMinutes] = useState(0)
  const act = useAct((body: { phone: string }, key) => send<SentCode>('/identity/phone-codes', { body, key }))
  useEffect(() => {
    if (left <= 0) return
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [left])
  const ask = async () => {
    const sent = await act.run({ phone })
    if (!sent) return
    setMinutes(Math.round((Date.parse(sent.expiresAt) - Date.now()) / 60_000))
    sessionStorage.setItem(storageKey, sent.request)
    onChange({ request: sent.request, code: '' })
    setLeft(sent.resendAfterSeconds)
  }
  const sent = value.request !== ''
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
      <CodeField
        label={t('phone.code')}
        hint={sent ? t('phone.sent', { minutes }) : undefined}
        value={value.code}
        onChange={(code) => onChange({ ...value, code })}
      />
    </>
  )
}
