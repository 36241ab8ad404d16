import { countyName, isDemo } from '../shared/county.ts'
import { useText } from '../shared/i18n/text.ts'
import { DemoRoles, useDemoPeople } from '../shared/sign-in/demo-roles.tsx'
import { SingleSignOn } from '../shared/sign-in/single-sign-on.tsx'
import { StaffSignIn } from '../shared/sign-in/staff.tsx'
import { Skeleton } from '../shared/ui/states.tsx'
import { LanguageSwitch } from '../shared/ui/switches.tsx'
import { Title } from '../shared/ui/title.tsx'
import { FaceName } from './face-name.tsx'

export function SignInPage({ done }: { done: () => void }) {
  const t = useText()
  const people = useDemoPeople()
  return (
    <div className={isDemo() ? 'console-door console-door-demo' : 'console-door'}>
      <aside className="door-side">
        <div className="row">
          <FaceName size={40} className="door-name" />
        </div>
        <p className="door-motto">{t('landing.title')}</p>
        <p>{countyName()}</p>
        <svg className="door-rings" viewBox="0 0 400 400" fill="none" stroke="currentColor" aria-hidden="true">
          {[60, 105, 150, 195].map((radius) => (
            <circle key={radius} cx="200" cy="200" r={radius} strokeWidth="1.5" />
          ))}
          <circle cx="200" cy="200" r="18" fill="currentColor" />
        </svg>
      </aside>
      <main className="door-main">
        <div className="spread">
          <Title text={t('nav.staff')} />
          <LanguageSwitch />
        </div>
        {people.busy ? <Skeleton lines={4} cards={3} /> : <Ways people={people} done={done} />}
      </main>
    </div>
  )
}

function Ways({ people, done }: { people: ReturnType<typeof useDemoPeople>; done: () => void }) {
  const t = useText()
  return (
    <>
      <DemoRoles people={people} done={done} here="desk" />
      {isDemo() ? (
        <details>
          <summary>{t('demo.password')}</summary>
          <StaffSignIn done={done} />
        </details>
      ) : (
        <StaffSignIn done={done} />
      )}
      <SingleSignOn />
      <p className="small">
        <a href="/">{t('nav.home')}</a> · <a href="/complain">{t('nav.complain')}</a>
      </p>
    </>
  )
}
