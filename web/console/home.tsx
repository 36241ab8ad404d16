import { useQuery } from '@tanstack/react-query'
import { Navigate, useLocation } from '@tanstack/react-router'
import { useState } from 'react'
import type { WorkCounts } from '../../src/loop/contract.ts'
import { Skeleton, Trouble } from '../shared/ui/states.tsx'
import type { SetupState } from '../../src/grid/setup/contract.ts'
import { asRefusal, useRead } from '../shared/loading.ts'
import { usePurpose, type StatedPurpose } from '../shared/purpose.ts'
import { useMe } from './me-context.ts'
import { askDesk } from './work-list/desk-query.ts'
import { askCounts } from './work-list/scope-tabs.tsx'
import { workSearch, type Scope } from './work-list/search.ts'

/** Tried in order: what is in one's own hands first, and for who answers for others what presses. */
const order = ['mine', 'unit', 'overdue', 'dueSoon', 'open'] as const
/** Whoever has come to oversee has nothing in hand: what is late stands first. */
const overseeing = ['overdue', 'dueSoon', 'open'] as const
const firstIn = (counts: WorkCounts, stated: StatedPurpose): Scope =>
  (stated === 'supervision' ? overseeing : order).find((scope) => counts[scope] > 0) ?? 'mine'

/** Whether somebody has chosen another page while this one still asks where the day begins: then they go there. */
function useChosenElsewhere(): boolean {
  const now = useLocation({ select: ({ pathname }) => pathname })
  const [begun] = useState(now)
  return now !== begun
}

/** A county without anybody in a post is set up first. */
function SystemHome() {
  const setup = useRead<SetupState>('/grid/setup')
  if (!setup.data && !setup.error) return <Skeleton lines={8} />
  const counts = setup.data?.counts
  const isEmpty = counts !== undefined && counts.posts === counts.vacantPosts
  return <Navigate to={isEmpty ? '/setup' : '/admin'} replace />
}

/**
 * Where the day begins: an administrator's with the accounts, or with the wizard while the county is empty, that of people without matters with the areas, everybody
 * else's with the list they keep as their first, or with what they have.
 */
export function Home() {
  const me = useMe()
  const working = me.seats.length === 0
  const counts = useQuery({ ...askCounts(), enabled: working })
  const desk = useQuery({ ...askDesk(), enabled: working })
  const elsewhere = useChosenElsewhere()
  const stated = usePurpose()
  if (elsewhere) return <Skeleton lines={8} />
  if (me.seats.includes('system')) return <SystemHome />
  if (!working) return <Navigate to="/admin" replace />
  if (counts.isPending || (desk.isPending && !counts.isError)) return <Skeleton lines={8} />
  if (counts.isError) {
    const refusal = asRefusal(counts.error)
    if (refusal.status === 403) return <Navigate to="/areas" replace />
    return <Trouble error={refusal} retry={() => void counts.refetch()} />
  }
  const view = desk.data?.views.find(({ id }) => id === desk.data.defaultView)
  const search = view
    ? { ...workSearch({ ...view.filter }), view: view.id }
    : workSearch({ scope: firstIn(counts.data, stated) })
  return <Navigate to="/matters" search={search} replace />
}
