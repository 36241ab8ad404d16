import { countyName, currentCounty } from '../shared/county.ts'
import { useText } from '../shared/i18n/text.ts'
import type { IconName } from '../shared/ui/icon.tsx'
import { Icon } from '../shared/ui/icon.tsx'
import { Title } from '../shared/ui/title.tsx'
import { CountyChoice } from './county-choice.tsx'

export function Landing() {
  const t = useText()
  return (
    <>
      <section className="welcome">
        <Title text={t('landing.title')} />
        <p>{t('landing.lead', { county: countyName() || t('landing.here') })}</p>
      </section>
      {currentCounty() === null && <CountyChoice />}
      <nav className="doors" aria-label={t('landing.doors')}>
        <Door href="/r" icon="camera" title={t('nav.report')} note={t('landing.reportNote')} first />
        <Door href="/p" icon="search" title={t('nav.progress')} note={t('landing.progressNote')} />
        <Door href="/h5" icon="person" title={t('landing.mine')} note={t('landing.mineNote')} />
        <Door href="/console" icon="shield" title={t('nav.staff')} note={t('landing.staffNote')} />
        <Door href="/complain" icon="megaphone" title={t('nav.complain')} note={t('landing.complainNote')} />
      </nav>
      <section className="stack elder-less">
        <h2>{t('landing.how')}</h2>
        <ol className="steps">
          <Step title={t('landing.step1')} note={t('landing.step1Note')} />
          <Step title={t('landing.step2')} note={t('landing.step2Note')} />
          <Step title={t('landing.step3')} note={t('landing.step3Note')} />
          <Step title={t('landing.step4')} note={t('landing.step4Note')} />
        </ol>
      </section>
    </>
  )
}

function Door({
  href,
  icon,
  title,
  note,
  first,
}: {
  href: string
  icon: IconName
  title: string
  note: string
  first?: boolean
}) {
  return (
    <a className={first ? 'door door-first' : 'door'} href={href}>
      <span className="sign">
        <Icon name={icon} />
      </span>
      <span>
        <strong>{title}</strong>
        <span className="note">{note}</span>
      </span>
      <Icon name="forward" />
    </a>
  )
}

function Step({ title, note }: { title: string; note: string }) {
  return (
    <li>
      <h3>{title}</h3>
      <p>{note}</p>
    </li>
  )
}
