import { lazy, Suspense, useEffect } from 'react'
import type { Me } from '../../src/identity/accounts/contract.ts'
import { useRead } from '../shared/loading.ts'
import { go, useAddress } from '../shared/router.ts'
import { useSession } from '../shared/sign-in/session.ts'
import { Skeleton, Trouble } from '../shared/ui/states.tsx'
import type { DiaryTerms } from '../../src/duty/diary/contract.ts'
import { InboxPage } from './inbox.tsx'
import { MePage } from './me.tsx'
import { MinePage, MyMatterPage } from './mine.tsx'
import { OutboxPage } from './outbox.tsx'
import { ReportPage } from './report.tsx'
import { Tabs } from './shell.tsx'
import { SignInPage } from './sign-in.tsx'
import { TaskPage } from './task.tsx'
import { TasksPage } from './tasks.tsx'

const DiarySection = lazy(() => import('./diary/index.tsx').then((page) => ({ default: page.DiarySection })))

/** The phone's face: sign in, then tasks, report, messages, me. */
export function H5Face() {
  const { me, loaded } = useSession()
  if (me === null) return <SignInPage done={loaded.reload} />
  if (me) return <SignedIn me={me} meChanged={loaded.replace} />
  return (
    <main className="h5-main">
      {loaded.error ? <Trouble error={loaded.error} retry={loaded.reload} /> : <Skeleton lines={3} cards={4} />}
    </main>
  )
}

function SignedIn({ me, meChanged }: { me: Me; meChanged: (me: Me) => void }) {
  const { pathname } = useAddress()
  const staff = me.kind === 'staff'
  const unread = useRead<{ unread: number }>('/notify/inbox/unread')
  const terms = useRead<DiaryTerms>(staff ? '/diary/terms' : null).data
  const home = staff ? '/h5/tasks' : '/h5/mine'
  const known = /^\/h5\/(tasks|mine|report|diary|inbox|me|outbox)(\/|$)/.test(pathname)
  useEffect(() => {
    if (!known) go(home, { replace: true })
  }, [known, home])
  return (
    <>
      <Section pathname={pathname} me={me} meChanged={meChanged} changed={unread.reload} terms={terms} />
      <Tabs
        at={pathname}
        staff={staff}
        diary={terms?.mayWrite || terms?.mayRead || false}
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
}: {
  pathname: string
  me: Me
  meChanged: (me: Me) => void
  changed: () => void
  terms: DiaryTerms | undefined
}) {
  const [, list, id] = /^\/h5\/(tasks|mine)\/([0-9a-f-]{36})$/.exec(pathname) ?? []
  if (id) return list === 'tasks' ? <TaskPage id={id} key={id} /> : <MyMatterPage id={id} key={id} />
  if (pathname.startsWith('/h5/outbox')) return <OutboxPage />
  if (pathname.startsWith('/h5/tasks')) return <TasksPage />
  if (pathname.startsWith('/h5/mine')) return <MinePage />
  if (pathname.startsWith('/h5/report')) return <ReportPage />
  if (pathname.startsWith('/h5/diary')) {
    const waiting = (
      <main className="h5-main">
        <Skeleton lines={3} cards={4} />
      </main>
    )
    return terms ? (
      <Suspense fallback={waiting}>
        <DiarySection pathname={pathname} terms={terms} />
      </Suspense>
    ) : (
      waiting
    )
  }
  if (pathname.startsWith('/h5/inbox')) return <InboxPage staff={me.kind === 'staff'} changed={changed} />
  return <MePage me={me} changed={meChanged} />
}
