import type { ReactNode } from 'react'
import { useState } from 'react'
import { Refusal } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { ButtonLink, Button } from '../ui/button.tsx'
import { Refused } from '../ui/states.tsx'
import type { PhoneCode } from '../sign-in/phone-code.tsx'
import { isComplete, PhoneCodeFields, restoredPhoneCode, signInByPhone } from '../sign-in/phone-code.tsx'
import type { SessionState } from '../sign-in/session.ts'
import type { OfferedKind } from './offered-kinds.tsx'
import { Waiting } from './offered-kinds.tsx'
import { ReportForm } from './report-form.tsx'

/** A report without an account: the phone is checked by a code when the report is sent, and not before. */
export function GuestReport({
  intro,
  drawer,
  kind,
  categories,
  choice,
  session: { me, loaded },
}: OfferedKind & { intro: ReactNode; drawer: string; session: SessionState }) {
  const t = useText()
  const [entered, setEntered] = useState<PhoneCode>(restoredPhoneCode)
  const [error, setError] = useState<Refusal>()
  const known = me !== null && me !== undefined
  // Who reports must be known before anything is asked, or somebody signed in would be asked for a code.
  if (me === undefined && loaded.busy) return <Waiting intro={intro} />
  return (
    <ReportForm
      intro={intro}
      signedIn={known}
      drawer={drawer}
      kind={kind}
      categories={categories}
      choice={choice}
      refuse={(draft) => {
        if (known) return undefined
        if (!draft.phone.trim()) return t('report.phoneNeeded')
        return isComplete(entered) ? undefined : t('report.codeNeeded')
      }}
      before={async () => {
        if (known) return true
        setError(undefined)
        try {
          await signInByPhone(entered)
          loaded.reload()
          return true
        } catch (caught) {
          setError(caught instanceof Refusal ? caught : new Refusal(-1, {}))
          return false
        }
      }}
      renderPerson={(draft, change) => (
        <section className="stack" aria-label={t('report.person')}>
          <h2>{t('report.person')}</h2>
          {known ? (
            <p className="soft">{t('report.knownAs', { who: me.name || me.phone || '' })}</p>
          ) : (
            <>
              <p className="soft">{t('report.personWhy')}</p>
              <PhoneCodeFields
                phone={draft.phone}
                onPhone={(phone) => change({ phone })}
                value={entered}
                onChange={setEntered}
              />
              <Refused error={error} />
            </>
          )}
        </section>
      )}
      renderDone={(again) => (
        <div className="row">
          <Button kind="quiet" onClick={again}>
            {t('report.another')}
          </Button>
          <ButtonLink kind="plain" href="/">
            {t('nav.home')}
          </ButtonLink>
        </div>
      )}
    />
  )
}
