import type { ReactNode } from 'react'
import { Suspense } from 'react'
import { countyName } from '../shared/county.ts'
import { useText } from '../shared/i18n/text.ts'
import { useAddress } from '../shared/router.ts'
import { pageOf } from '../shared/page-of.tsx'
import { Mark } from '../shared/ui/icon.tsx'
import { ButtonLink } from '../shared/ui/button.tsx'
import { Empty, Skeleton } from '../shared/ui/states.tsx'
import { Title } from '../shared/ui/title.tsx'
import { ElderOffer } from '../shared/ui/elder-offer.tsx'
import { ElderSwitch, LanguageSwitch } from '../shared/ui/switches.tsx'
import { Landing } from './landing.tsx'

const ReportPage = pageOf(async () => (await import('./report.tsx')).ReportPage)
const ProgressPage = pageOf(async () => (await import('./progress.tsx')).ProgressPage)
const VerifyPage = pageOf(async () => (await import('./verify.tsx')).VerifyPage)
const TrustPage = pageOf(async () => (await import('./trust.tsx')).TrustPage)
const LinkPage = pageOf(async () => (await import('./link.tsx')).LinkPage)
const SignPage = pageOf(async () => (await import('./sign/page.tsx')).SignPage)
const CheckPage = pageOf(async () => (await import('./check.tsx')).CheckPage)
const ComplainPage = pageOf(async () => (await import('./complain.tsx')).ComplainPage)

const prepared: Readonly<Record<string, () => Promise<void>>> = {
  r: ReportPage.prepare,
  p: ProgressPage.prepare,
  verify: VerifyPage.prepare,
  trust: TrustPage.prepare,
  link: LinkPage.prepare,
  complain: ComplainPage.prepare,
  sign: SignPage.prepare,
  c: CheckPage.prepare,
}

/** Fetches the script of the page at this address. One that does not come is asked for again when the page is drawn. */
export const preparePage = (pathname: string): Promise<void> =>
  prepared[pathname.split('/')[1] ?? '']?.().catch(() => undefined) ?? Promise.resolve()

/** The pages that need no account, chosen by address. */
export function OpenFace() {
  const address = useAddress()
  const code = /^\/p\/([^/]+)$/.exec(address.pathname)?.[1]
  const pages: Record<string, ReactNode> = {
    '/': <Landing />,
    '/r': <ReportPage />,
    '/p': <ProgressPage code={null} />,
    '/verify': <VerifyPage />,
    '/trust': <TrustPage />,
    '/complain': <ComplainPage />,
    '/sign': <SignPage />,
    '/c': <CheckPage code={null} />,
  }
  const check = /^\/c\/([^/]+)$/.exec(address.pathname)?.[1]
  if (check) {
    return (
      <OpenShell>
        <CheckPage code={decodeURIComponent(check)} />
      </OpenShell>
    )
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
