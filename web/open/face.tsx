import type { ReactNode } from 'react'
import { lazy, Suspense } from 'react'
import { countyName } from '../shared/county.ts'
import { useText } from '../shared/i18n/text.ts'
import { useAddress } from '../shared/router.ts'
import { Mark } from '../shared/ui/icon.tsx'
import { ButtonLink } from '../shared/ui/button.tsx'
import { Empty, Skeleton } from '../shared/ui/states.tsx'
import { Title } from '../shared/ui/title.tsx'
import { ElderOffer } from '../shared/ui/elder-offer.tsx'
import { ElderSwitch, LanguageSwitch } from '../shared/ui/switches.tsx'
import { Landing } from './landing.tsx'

const ReportPage = lazy(() => import('./report.tsx').then(({ ReportPage: page }) => ({ default: page })))
const ProgressPage = lazy(() => import('./progress.tsx').then(({ ProgressPage: page }) => ({ default: page })))
const VerifyPage = lazy(() => import('./verify.tsx').then(({ VerifyPage: page }) => ({ default: page })))
const LinkPage = lazy(() => import('./link.tsx').then(({ LinkPage: page }) => ({ default: page })))
const ComplainPage = lazy(() => import('./complain.tsx').then(({ ComplainPage: page }) => ({ default: page })))

/** The pages that need no account, chosen by address. */
export function OpenFace() {
  const address = useAddress()
  const code = /^\/p\/([^/]+)$/.exec(address.pathname)?.[1]
  const pages: Record<string, ReactNode> = {
    '/': <Landing />,
    '/r': <ReportPage />,
    '/p': <ProgressPage code={null} />,
    '/verify': <VerifyPage />,
    '/complain': <ComplainPage />,
  }
  const link = /^\/link\/([^/]+)$/.exec(address.pathname)?.[1]
  if (link) {
    return (
      <OpenShell>
        <LinkPage token={decodeURIComponent(link)} />
      </OpenShell>
    )
  }
  const page = code ? <ProgressPage code={decodeURIComponent(code)} /> : (pages[address.pathname] ?? <NoPage />)
  return <OpenShell>{page}</OpenShell>
}

/** An address that is none. */
function NoPage() {
  const t = useText()
  return (
    <>
      <Title text={t('shell.noPage')} hidden />
      <Empty
        title={t('shell.noPage')}
        action={
          <ButtonLink kind="primary" href="/">
            {t('nav.home')}
          </ButtonLink>
        }
      />
    </>
  )
}

function OpenShell({ children }: { children: ReactNode }) {
  const t = useText()
  return (
    <>
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <header className="open-head">
        <a className="home" href="/">
          <Mark />
          <span>
            {t('brand.name')} <small>{countyName()}</small>
          </span>
        </a>
        <span className="grow" />
        <ElderSwitch />
        <LanguageSwitch />
      </header>
      <ElderOffer />
      <main id="main" className="open-main">
        <Suspense fallback={<Skeleton lines={4} cards={2} />}>{children}</Suspense>
      </main>
      <footer className="open-foot">
        <a href="/p">{t('nav.progress')}</a>
        <a href="/complain">{t('nav.complain')}</a>
        <a href="/verify">{t('nav.verify')}</a>
        <a href="/console">{t('nav.staff')}</a>
      </footer>
    </>
  )
}
