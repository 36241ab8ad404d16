import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import type { WorkCounts } from '../../src/loop/contract.ts'
import { read } from '../shared/api.ts'
import { Skeleton } from '../shared/ui/states.tsx'
import { useMe } from './me-context.ts'

/**
 * Where the day begins: an administrator's with the accounts, that of people without matters with the areas, that of
 * those who hold nothing but answer for others with what is late, everybody else's with what is in their hands.
 */
export function Home() {
  const me = useMe()
  const counts = useQuery({
    queryKey: ['counts'],
    enabled: me.seats.length === 0,
    queryFn: () => read<WorkCounts>('/matters/counts'),
  })
  if (me.seats.length > 0) return <Navigate to="/admin" replace />
  if (counts.isPending) return <Skeleton lines={8} />
  if (counts.isError) return <Navigate to="/areas" replace />
  const { mine, overdue } = counts.data
  return <Navigate to="/matters" search={{ scope: mine === 0 && overdue > 0 ? 'overdue' : 'mine' }} replace />
}
