import { useEffect, useRef, useState } from 'react'
import type { SignInStep } from '../../../src/identity/contract.ts'
import type { SentCode } from '../../../src/identity/phone-codes/contract.ts'
import { randomKey, send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { CodeField, PhoneField } from '../ui/field.tsx'
import { Refused } from '../ui/states.tsx'
import { findAskedCode, forgetPhoneCode, keepAskedCode } from './phone-code-kept.ts'

/** What a person has entered so far: the code belongs to the request that sent it. */
export interface PhoneCode {
  request: string
  code: string
}

/** The request survives a reload as long as its code is good. */
export const restoredPhoneCode = (): PhoneCode => ({ request: findAskedCode()?.request ?? '', code: '' })

export const isComplete = ({ request, code }: PhoneCode) => request !== '' && code.length === 6

/** Opens a session for a checked phone: a guest's, or the resident's whose phone it is. A code that is used up is forgotten. */
export async function signInByPhone({ request, code }: PhoneCode): Promise<SignInStep> {
  const step = await send<SignInStep>('/identity/sign-in/phone-code', { body: { request, code }, key: randomKey() })
  forgetPhoneCode()
  return step
}

interface PhoneAndCode {
  phone: string
  onPhone: (phone: string) => void
  value: PhoneCode
  onChange: (value: PhoneCode) => void
}

/** The instant, each second while it matters. */
function useSeconds(running: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!running) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [running])
  return now
}

/** Phone and the code that is sent to it; the button counts down until another code may be asked for. */
export function PhoneCodeFields({ phone, onPhone, value, onChange }: PhoneAndCode) {
  const t = useText()
  const [asked, setAsked] = useState(findAskedCode)
  const now = useSeconds(asked !== undefined)
  const left = Math.ceil(((asked?.resendAt ?? 0) - now) / 1000)
  const act = useAct((body: { phone: string }, key) => send<SentCode>('/identity/phone-codes', { body, key }))
  const latest = useRef({ phone, onPhone, value, onChange })
  useEffect(() => {
    latest.current = { phone, onPhone, value, onChange }
  }, [phone, onPhone, value, onChange])
  // A number that was asked for stands there again after a reload.
  useEffect(() => {
    const kept = findAskedCode()
    if (kept && latest.current.phone === '') latest.current.onPhone(kept.phone)
  }, [])
  const expired = asked !== undefined && asked.expiresAt <= now
  useEffect(() => {
    if (!expired) return
    forgetPhoneCode()
    setAsked(undefined)
    if (latest.current.value.request !== '') latest.current.onChange({ request: '', code: '' })
  }, [expired])
  const ask = async () => {
    const answer = await act.run({ phone })
    if (!answer) return
    setAsked(keepAskedCode(phone, answer))
    onChange({ request: answer.request, code: '' })
  }
  const minutes = asked ? Math.max(1, Math.round((asked.expiresAt - now) / 60_000)) : 0
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
