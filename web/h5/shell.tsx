import type { ReactNode } from 'react'
import type { TextKey } from '../shared/i18n/text.ts'
import { useText } from '../shared/i18n/text.ts'
import { go } from '../shared/router.ts'
import { DemoLoadingBar } from '../shared/sign-in/demo-loading.tsx'
import { RoundButton } from '../shared/ui/button.tsx'
import type { IconName } from '../shared/ui/icon.tsx'
import { Icon } from '../shared/ui/icon.tsx'
import { Title } from '../shared/ui/title.tsx'
import { Bars, OutboxLink } from './bars.tsx'

interface Tab {
  href: string
  icon: IconName
  label: TextKey
}

const staffTabs: readonly Tab[] = [
  { href: '/h5/tasks', icon: 'list', label: 'h5.tasks' },
  { href: '/h5/report', icon: 'camera', label: 'h5.reportTab' },
  { href: '/h5/inbox', icon: 'mail', label: 'h5.inbox' },
  { href: '/h5/me', icon: 'person', label: 'h5.me' },
]
const residentTabs: readonly Tab[] = [{ href: '/h5/mine', icon: 'list', label: 'h5.mine' }, ...staffTabs.slice(1)]
const diaryTab: Tab = { href: '/h5/diary', icon: 'leaf', label: 'diary.tab' }
const doorsTab: Tab = { href: '/h5/doors', icon: 'home', label: 'doors.tab' }

/** Who goes from door to door has the doors and the diary beside the tasks. */
const tabsOf = (is: { staff: boolean; diary: boolean; doors: boolean }): readonly Tab[] =>
  is.staff
    ? [
        ...staffTabs.slice(0, 1),
        ...(is.doors ? [doorsTab] : []),
        ...(is.diary ? [diaryTab] : []),
        ...staffTabs.slice(1),
      ]
    : residentTabs

/** Head, page and the tabs at the thumb. */
export function Page({
  title,
  back,
  side,
  children,
}: {
  title: string
  back?: string
  side?: ReactNode
  children: ReactNode
}) {
  const t = useText()
  const goBack = () => (history.length > 1 ? history.back() : go(back ?? '/h5'))
  return (
    <>
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <Bars />
      <header className="h5-head">
        {back && <RoundButton icon="back" label={t('act.back')} onClick={goBack} />}
        <Title text={title} />
        {side}
        <OutboxLink />
      </header>
      <main id="main" className="h5-main">
        <DemoLoadingBar />
        {children}
      </main>
    </>
  )
}

export function Tabs({
  at,
  unread,
  ...is
}: {
  at: string
  staff: boolean
  diary: boolean
  doors: boolean
  unread: number
}) {
  const t = useText()
  return (
    <nav className="tabs" aria-label={t('h5.tabs')}>
      <ul>
        {tabsOf(is).map((tab) => (
          <li key={tab.href}>
            <a href={tab.href} aria-current={at.startsWith(tab.href) ? 'page' : undefined}>
              <Icon name={tab.icon} />
              {t(tab.label)}
              {tab.href === '/h5/inbox' && unread > 0 && (
                <span className="dot">
                  {unread > 99 ? '99+' : unread}
                  <span className="only-read-aloud">{t('h5.unread')}</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
