import { useQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Seat } from '../../src/identity/contract.ts'
import type { DiaryTerms } from '../../src/duty/diary/contract.ts'
import type { FollowUpTerms } from '../../src/registry/follow-up/contract.ts'
import type { MyPosts } from '../../src/grid/posts/contract.ts'
import type { SigningTerms } from '../../src/signing/campaigns/contract.ts'
import { read } from '../shared/api.ts'
import { countyName } from '../shared/county.ts'
import type { TextKey } from '../shared/i18n/text.ts'
import { language, useText } from '../shared/i18n/text.ts'
import { DemoLoadingBar } from '../shared/sign-in/demo-loading.tsx'
import { seatNames } from '../shared/sign-in/seats.ts'
import { choosePurpose, heldPurposes, usePurpose } from '../shared/purpose.ts'
import { signOut } from '../shared/sign-in/session.ts'
import { RoundButton } from '../shared/ui/button.tsx'
import type { IconName } from '../shared/ui/icon.tsx'
import { Icon, Mark } from '../shared/ui/icon.tsx'
import { Skeleton } from '../shared/ui/states.tsx'
import { LanguageSwitch } from '../shared/ui/switches.tsx'
import { FaceName } from './face-name.tsx'
import { useMe } from './me-context.ts'
import { PurposeSwitch } from './purpose-switch.tsx'
import { useRegistryTerms } from './registry/use-terms.ts'
import { QuickSearch } from './search/quick-search.tsx'

interface Entry {
  to:
    | '/setup'
    | '/matters'
    | '/wall'
    | '/report'
    | '/hotline'
    | '/handover'
    | '/inbox'
    | '/areas'
    | '/ledger'
    | '/diary'
    | '/registry'
    | '/segments'
    | '/burden'
    | '/own-requests'
    | '/follow-ups'
    | '/visits'
    | '/signing'
    | '/sms'
    | '/admin'
    | '/settings'
  icon: IconName
  label: TextKey
}

const inbox: Entry = { to: '/inbox', icon: 'mail', label: 'h5.inbox' }
const areas: Entry = { to: '/areas', icon: 'place', label: 'nav.areas' }
const ledger: Entry = { to: '/ledger', icon: 'shield', label: 'nav.ledger' }
const setup: Entry = { to: '/setup', icon: 'star', label: 'nav.setup' }
const admin: Entry = { to: '/admin', icon: 'people', label: 'nav.admin' }
const work: readonly Entry[] = [
  { to: '/matters', icon: 'list', label: 'nav.work' },
  { to: '/report', icon: 'phone', label: 'nav.behalf' },
  inbox,
  areas,
  ledger,
]
/** Where doors are gone to, and for those above. */
const diary: Entry = { to: '/diary', icon: 'leaf', label: 'diary.title' }
/** For whoever knows the doors. */
const registry: Entry = { to: '/registry', icon: 'people', label: 'registry.title' }
const visits: Entry = { to: '/visits', icon: 'home', label: 'visit.title' }
const signing: Entry = { to: '/signing', icon: 'check', label: 'signing.title' }
const segments: Entry = { to: '/segments', icon: 'list', label: 'segment.title' }
const burden: Entry = { to: '/burden', icon: 'clock', label: 'burden.title' }
const ownRequests: Entry = { to: '/own-requests', icon: 'mail', label: 'ownRequests.title' }
const followUps: Entry = { to: '/follow-ups', icon: 'shield', label: 'followUp.title' }
const wall: Entry = { to: '/wall', icon: 'wall', label: 'nav.wall' }
/** For whoever takes reports in for a town or the county. */
const hotline: Entry = { to: '/hotline', icon: 'megaphone', label: 'hotline.title' }
const handover: Entry = { to: '/handover', icon: 'person', label: 'handover.title' }
/** Administrators do not handle matters; each sees what the seat is for. */
const ofSeat: Record<Seat, readonly Entry[]> = {
  system: [setup, admin, handover, { to: '/sms', icon: 'inbox', label: 'nav.sms' }, areas, inbox],
  security: [admin, areas, inbox],
  audit: [admin, ledger, areas, inbox],
}
const personal: readonly Entry[] = [{ to: '/settings', icon: 'settings', label: 'nav.settings' }]

const unreadEveryMs = 60_000

/** The frame of the desk: where one is, where one can go, who one is. */
export function Shell() {
  const t = useText()
  const me = useMe()
  const [open, setOpen] = useState(false)
  const unread = useQuery({
    queryKey: ['unread'],
    queryFn: () => read<{ unread: number }>('/notify/inbox/unread'),
    refetchInterval: unreadEveryMs,
  })
  const posts = useQuery({ queryKey: ['posts', language()], queryFn: () => read<MyPosts>('/grid/posts/mine') })
  const post = posts.data?.items[0]?.label ?? me.seats.map((seat) => t(seatNames[seat]))[0]
  const stated = usePurpose()
  const seat = me.seats[0]
  const held = heldPurposes(posts.data?.purposes ?? [])
  const first = held[0]
  const fits = seat !== undefined || first === undefined || held.includes(stated)
  useEffect(() => {
    if (!fits && first) choosePurpose(first)
  }, [fits, first])
  const diaries = useQuery({
    queryKey: ['diaryTerms', language(), stated],
    queryFn: () => read<DiaryTerms>('/diary/terms'),
    enabled: !seat,
    retry: false,
  }).data
  const known = useRegistryTerms().data
  const named = useQuery({
    queryKey: ['followUpTerms', language(), stated],
    queryFn: () => read<FollowUpTerms>('/registry/follow-ups/terms'),
    enabled: !seat && ['handling', 'supervision'].includes(stated),
    retry: false,
  }).data
  const signs = useQuery({
    queryKey: ['signingTerms', language(), stated],
    queryFn: () => read<SigningTerms>('/signing/terms'),
    enabled: !seat && stated === 'handling',
    retry: false,
  }).data
  const seen = [
    ...work.slice(0, 2),
    ...(posts.data?.takesSheets && stated === 'handling' ? [hotline] : []),
    ...(known?.mayRead ? [registry, segments] : []),
    ...(known?.mayCount ? [burden] : []),
    ...(known?.mayAnswer ? [ownRequests] : []),
    ...(named?.mine || named?.mayOpen || named?.mayCount ? [followUps] : []),
    ...(signs?.mayRead ? [signing] : []),
    ...(diaries?.mayRead || diaries?.mayWrite ? [diary] : []),
    ...(diaries?.mayVisit || diaries?.mayPlan || stated === 'statistics' ? [visits] : []),
    ...work.slice(2),
  ]
  const watches = posts.data?.watches.includes(stated) === true
  const entries = seat ? ofSeat[seat] : watches ? [seen[0]!, wall, ...seen.slice(1)] : seen
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <header className="shell-top">
        <RoundButton icon="list" label={t('shell.menu')} aria-expanded={open} onClick={() => setOpen(!open)} />
        <span className="shell-brand">
          <Mark size={24} /> {t('brand.name')}
        </span>
      </header>
      <nav className={open ? 'shell-side shell-side-open' : 'shell-side'} aria-label={t('h5.tabs')}>
        <div className="shell-brand">
          <FaceName size={28} className="" note={countyName()} />
        </div>
        {!seat && known?.mayRead && <QuickSearch />}
        <Entries of={entries} unread={unread.data?.unread ?? 0} went={() => setOpen(false)} />
        <span className="grow" />
        <Entries of={personal} unread={0} went={() => setOpen(false)} />
        <div className="shell-me">
          <span className="grow">
            <span className="strong">{me.name}</span>
            <br />
            <span className="faint small">{post ?? me.loginName}</span>
          </span>
          <RoundButton icon="logout" label={t('me.signOut')} onClick={() => void signOut('/console')} />
        </div>
        {!seat && <PurposeSwitch held={held} />}
        <div className="row">
          <LanguageSwitch />
          <a className="small" href="/complain">
            {t('nav.complain')}
          </a>
        </div>
      </nav>
      <main id="main" className="shell-main" tabIndex={-1}>
        <DemoLoadingBar />
        {fits && !posts.isPending ? <Outlet key={stated} /> : <Skeleton lines={6} />}
      </main>
    </div>
  )
}

function Entries({ of, unread, went }: { of: readonly Entry[]; unread: number; went: () => void }) {
  const t = useText()
  return (
    <ul className="shell-entries">
      {of.map((entry) => (
        <li key={entry.to}>
          <Link
            to={entry.to}
            onClick={went}
            activeProps={{ 'aria-current': 'page' }}
            activeOptions={{ includeSearch: false }}
          >
            <Icon name={entry.icon} />
            {t(entry.label)}
            {entry.to === '/inbox' && unread > 0 && (
              <span className="count-dot">
                {unread > 99 ? '99+' : unread}
                <span className="only-read-aloud">{t('h5.unread')}</span>
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  )
}
