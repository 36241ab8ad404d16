import { Navigate } from '@tanstack/react-router'
import { useMe } from './me-context.ts'

/** Where the day begins: with the matters, or for an administrator with the accounts. */
export function Home() {
  const me = useMe()
  if (me.seats.length > 0) return <Navigate to="/admin" replace />
  return <Navigate to="/matters" search={{ scope: 'mine' }} replace />
}
