import { useEffect, useState } from 'react'
import { useText } from '../shared/i18n/text.ts'
import { houseLater } from '../shared/offline/index.ts'
import { useLeaving } from '../shared/sign-in/session.ts'
import { DemoRoles, useDemoPeople } from '../shared/sign-in/demo-roles.tsx'
import { ResidentSignIn } from '../shared/sign-in/resident.tsx'
import { StaffSignIn } from '../shared/sign-in/staff.tsx'
import { ButtonLink } from '../shared/ui/button.tsx'
import { Mark } from '../shared/ui/icon.tsx'
import { ElderOffer } from '../shared/ui/elder-offer.tsx'
import { Skeleton } from '../shared/ui/states.tsx'
import { ElderSwitch, LanguageSwitch } from '../shared/ui/switches.tsx'
import { Title } from '../shared/ui/title.tsx'
import { countyName, isDemo } from '../shared/county.ts'

/** Things that are not sent yet wait for whoever did them. */
function WhatWaits() {
  const t = useText()
  const leaving = useLeaving()
  const [unsent, setUnsent] = useState(0)
  useEffect(() => {
    void houseLater()
      .then((found) => found?.store.unsent())
      .then((count) => setUnsent(count ?? 0))
  }, [])
  if (leaving) return <p className="banner">{t('signIn.signedOutOffline')}</p>
  if (unsent === 0) return null
  return <p className="banner banner-warn">{t('signIn.unsent', { count: unsent })}</p>
}

export function SignInPage({ done }: { done: () => void }) {
  const t = useText()
  const people = useDemoPeople()
  return (
    <main id="main" className="h5-main sign-in">
      <ElderOffer />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <ElderSwitch />
        <LanguageSwitch />
      </div>
      <div className="sign-in-mark">
        <Mark size={56} />
        <Title text={t('signIn.title')}>{t('brand.name')}</Title>
        <p className="soft">{countyName()}</p>
      </div>
      <WhatWaits />
      {people.busy ? <Skeleton lines={3} cards={4} /> : <Ways people={people} done={done} />}
    </main>
  )
}

function Ways({ people, done }: { people: ReturnType<typeof useDemoPeople>; done: () => void }) {
  const t = useText()
  return (
    <>
      <DemoRoles people={people} done={done} here="phone" />
      {isDemo() ? (
        <details>
          <summary>{t('demo.password')}</summary>
          <OwnSignIn done={done} />
        </details>
      ) : (
        <OwnSignIn done={done} />
      )}
      <div className="row" style={{ justifyContent: 'center' }}>
        <ButtonLink kind="plain" small href="/r">
          {t('signIn.without')}
        </ButtonLink>
        <ButtonLink kind="plain" small href="/complain">
          {t('nav.complain')}
        </ButtonLink>
      </div>
    </>
  )
}

/** With one's own account: staff by password, residents by phone. */
function OwnSignIn({ done }: { done: () => void }) {
  const t = useText()
  const [as, setAs] = useState<'staff' | 'resident'>('staff')
  return (
    <>
      <div className="segments" role="tablist" aria-label={t('signIn.who')}>
        {(['staff', 'resident'] as const).map((who) => (
          <button type="button" role="tab" key={who} aria-selected={as === who} onClick={() => setAs(who)}>
            {who === 'staff' ? t('signIn.staff') : t('signIn.resident')}
          </button>
        ))}
      </div>
      <section className="card">
        {as === 'staff' ? <StaffSignIn done={done} /> : <ResidentSignIn done={done} />}
      </section>
    </>
  )
}
