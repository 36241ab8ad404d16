import { Suspense, useEffect } from 'react'
import type { DiaryTerms } from '../../src/duty/diary/contract.ts'
import type { RegistryTerms } from '../../src/registry/terms/contract.ts'
import type { Me } from '../../src/identity/accounts/contract.ts'
import { useRead } from '../shared/loading.ts'
import { pageOf } from '../shared/page-of.tsx'
import { go, useAddress } from '../shared/router.ts'
import { useSession } from '../shared/sign-in/session.ts'
import { Skeleton, Trouble } from '../shared/ui/states.tsx'
import { Tabs } from './shell.tsx'

const SignInPage = pageOf(async () => (await import('./sign-in.tsx')).SignInPage)
const DiarySection = pageOf(async () => (await import('./diary/index.tsx')).DiarySection)
const VisitSection = pageOf(async () => (await import('./visits/index.tsx')).VisitSection)
const OwnPage = pageOf(async () => (await import('./own/own-page.tsx')).OwnPage)
const SignHelpPage = pageOf(async () => (await import('./signing/help-page.tsx')).SignHelpPage)
const FollowUpPage = pageOf(async () => (await import('./follow-up/follow-up-page.tsx')).FollowUpPage)
const SigningWorkPage = pageOf(async () => (await import('./signing/work-page.tsx')).SigningWorkPage)
const DoorsSection = pageOf(async () => (await import('./registry/index.tsx')).DoorsSection)
/** All that is done every day comes in one piece: a phone in a stairwell loads once or not at all. */
const daily = () => import('./daily.ts')
const InboxPage = pageOf(async () => (await daily()).InboxPage)
const MePage = pageOf(async () => (await daily()).MePage)
const MinePage = pageOf(async () => (await daily()).MinePage)
const MyMatterPage = pageOf(async () => (await daily()).MyMatterPage)
const OutboxPage = pageOf(async () => (await daily()).OutboxPage)
const ReportPage = pageOf(async () => (await daily()).ReportPage)
const TaskPage = pageOf(async () => (await daily()).TaskPage)
const TasksPage = pageOf(async () => (await daily()).TasksPage)
const pages = [InboxPage, MePage, MinePage, MyMatterPage, OutboxPage, ReportPage, TaskPage, TasksPage]

/**
 * Fetches what is most likely shown at this address: whoever opens the face itself signs in, whoever opens a page of it is
 * signed in already.
 */
export const prepareFace = (pathname: string): Promise<unknown> =>
  Promise.all([
    ...(/^\/h5\/?$/.test(pathname) ? [SignInPage.prepare()] : pages.map((page) => page.prepare())),
    ...(pathname.startsWith('/h5/diary') ? [DiarySection.prepare()] : []),
  ]).catch(() => undefined)

/** The phone's face: sign in, then tasks, report, messages, me. */
export function H5Face() {
  const { me, loaded } = useSession()
  if (me === null)
    return (
      <Suspense fallback={<Blank />}>
        <SignInPage done={loaded.reload} />
      </Suspense>
    )
  if (me) return <SignedIn me={me} meChanged={loaded.replace} />
  return (
    <main className="h5-main">
      {loaded.error ? <Trouble error={loaded.error} retry={loaded.reload} /> : <Skeleton lines={3} cards={4} />}
    </main>
  )
}

/** Until a page is there: its head's room and the shape of a list. */
function Blank() {
  return (
    <>
      <header className="h5-head" />
      <main className="h5-main">
        <Skeleton lines={3} cards={4} />
      </main>
    </>
  )
}

function SignedIn({ me, meChanged }: { me: Me; meChanged: (me: Me) => void }) {
  const { pathname } = useAddress()
  const staff = me.kind === 'staff'
  const unread = useRead<{ unread: number }>('/notify/inbox/unread')
  const terms = useRead<DiaryTerms>(staff ? '/diary/terms' : null).data
  const registry = useRead<RegistryTerms>(staff ? '/registry/terms' : null).data
  const home = staff ? '/h5/tasks' : '/h5/mine'
  const known =
    /^\/h5\/(tasks|mine|report|diary|doors|visits|inbox|me|outbox|own|follow-ups|signing|sign-help)(\/|$)/.test(
      pathname,
    )
  useEffect(() => {
    if (!known) go(home, { replace: true })
  }, [known, home])
  return (
    <>
      <Suspense fallback={<Blank />}>
        <Section
          pathname={pathname}
          me={me}
          meChanged={meChanged}
          changed={unread.reload}
          terms={terms}
          registry={registry}
        />
      </Suspense>
      <Tabs
        at={pathname}
        staff={staff}
        diary={terms?.mayWrite || terms?.mayRead || false}
        doors={registry?.mayRead ?? false}
        unread={unread.data?.unread ?? 0}
      />
    </>
  )
}

function Section({
  pathname,
  me,
  meChanged,
  changed,
  terms,
  registry,
}: {
  pathname: string
  me: Me
  meChanged: (me: Me) => void
  changed: () => void
  terms: DiaryTerms | undefined
  registry: RegistryTerms | undefined
}) {
  const [, list, id] = /^\/h5\/(tasks|mine)\/([0-9a-f-]{36})$/.exec(pathname) ?? []
  if (id) return list === 'tasks' ? <TaskPage id={id} key={id} /> : <MyMatterPage id={id} key={id} />
  if (pathname.startsWith('/h5/outbox')) return <OutboxPage />
  if (pathname.startsWith('/h5/tasks')) return <TasksPage visits={terms?.mayVisit ?? false} />
  if (pathname.startsWith('/h5/mine')) return <MinePage />
  if (pathname.startsWith('/h5/report')) return <ReportPage />
  if (pathname.startsWith('/h5/diary')) return terms ? <DiarySection pathname={pathname} terms={terms} /> : <Blank />
  if (pathname.startsWith('/h5/visits')) return <VisitSection pathname={pathname} />
  if (pathname.startsWith('/h5/doors'))
    return registry ? <DoorsSection pathname={pathname} terms={registry} /> : <Blank />
  if (pathname.startsWith('/h5/own')) return <OwnPage me={me} />
  if (pathname.startsWith('/h5/follow-ups')) return <FollowUpPage />
  if (pathname.startsWith('/h5/signing')) return <SigningWorkPage />
  if (pathname.startsWith('/h5/sign-help')) return <SignHelpPage pathname={pathname} />
  if (pathname.startsWith('/h5/inbox')) return <InboxPage staff={me.kind === 'staff'} changed={changed} />
  return <MePage me={me} changed={meChanged} />
}
