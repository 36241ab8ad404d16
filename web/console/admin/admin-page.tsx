import { Link, useParams } from '@tanstack/react-router'
import { Fragment, useEffect, useRef, type ReactNode } from 'react'
import { useText } from '../../shared/i18n/text.ts'
import { Empty } from '../../shared/ui/states.tsx'
import { useMe } from '../me-context.ts'
import { ConsolePage } from '../page.tsx'
import { Accounts } from './accounts.tsx'
import { Acts } from './acts.tsx'
import { Dangers } from './dangers.tsx'
import { DutySettingsPage } from './duty-settings.tsx'
import { Messages } from './messages.tsx'
import { Roles } from './roles.tsx'
import { Robots } from './robots.tsx'
import { Seats } from './seats.tsx'
import { sectionNames, sectionsOf, type Section } from './sections.ts'
import { SignInSettings } from './sign-in-settings.tsx'
import { SignIns } from './sign-ins.tsx'
import { SmsSettings } from './sms-settings.tsx'
import { Tokens } from './tokens.tsx'
import { Unmaskings } from './unmaskings.tsx'
import { Verification } from './verification.tsx'
import { Webhooks } from './webhooks.tsx'
import { Workings } from './workings.tsx'
import './admin.css'

const pages: Record<Section, ReactNode> = {
  accounts: <Accounts />,
  seats: <Seats />,
  roles: <Roles />,
  tokens: <Tokens />,
  webhooks: <Webhooks />,
  robots: <Robots />,
  messages: <Messages />,
  sms: <SmsSettings />,
  duty: <DutySettingsPage />,
  signIn: <SignInSettings />,
  workings: <Workings />,
  dangers: <Dangers />,
  unmaskings: <Unmaskings />,
  acts: <Acts />,
  signIns: <SignIns />,
  verification: <Verification />,
}

/** For the three administrators: each finds what the seat is for, and nothing of the others’. */
export function AdminPage() {
  const t = useText()
  const seat = useMe().seats[0]
  const asked = useParams({ strict: false }).section
  const sections = seat ? sectionsOf[seat] : []
  const nav = useRef<HTMLElement>(null)
  const section = asked === undefined ? sections[0] : sections.find((one) => one === asked)
  useEffect(() => {
    // On a narrow screen the names stand in one line: where one is must be seen.
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  })
  return (
    <ConsolePage title={section ? t(sectionNames[section]) : t('nav.admin')}>
      <div className={sections.length > 0 ? 'admin' : undefined}>
        {sections.length > 0 && (
          <nav className="admin-nav" aria-label={t('nav.admin')} ref={nav}>
            {sections.map((one) => (
              <Link
                key={one}
                to="/admin/$section"
                params={{ section: one }}
                aria-current={one === section ? 'page' : undefined}
              >
                {t(sectionNames[one])}
              </Link>
            ))}
          </nav>
        )}
        {section ? (
          <Fragment key={section}>{pages[section]}</Fragment>
        ) : (
          <Empty title={t('admin.notYours')}>{t('admin.notYoursNext')}</Empty>
        )}
      </div>
    </ConsolePage>
  )
}
