import { useState } from 'react'
import type { Refusal } from '../api.ts'
import { send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { CodeField } from '../ui/field.tsx'
import { Refused } from '../ui/states.tsx'

/** Whether the act only waits for the six digits of whoever does it. */
export const wantsSecondFactor = (error: Refusal | undefined) => error?.code === 'identity.second_factor_needed'

/**
 * Asks for the six digits where an act was refused for want of them, and says when they were right, so that the same act
 * can be tried again. Who has no second factor yet is shown where to switch it on.
 */
export function StepUp({ given }: { given: () => void }) {
  const t = useText()
  const [code, setCode] = useState('')
  const act = useAct((body: { code: string }, key) => send('/identity/me/second-factor', { body, key }))
  if (act.error?.code === 'identity.totp_not_enrolled') {
    return (
      <div className="stack" role="alert">
        <p>{t('stepUp.none')}</p>
        <a className="button button-primary" href="/console/settings" target="_blank" rel="noreferrer">
          {t('stepUp.enrol')}
        </a>
        <Button onClick={act.forget}>{t('stepUp.done')}</Button>
      </div>
    )
  }
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        if (await act.run({ code })) given()
      }}
    >
      <p className="soft">{t('stepUp.why')}</p>
      <CodeField label={t('signIn.totp')} value={code} onChange={setCode} />
      <Refused error={act.error} />
      <Button type="submit" kind="primary" busy={act.busy} wide>
        {t('stepUp.do')}
      </Button>
    </form>
  )
}
