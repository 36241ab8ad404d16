import { useSyncExternalStore } from 'react'
import { Icon } from './icon.tsx'

interface Notice {
  id: number
  text: string
  wrong: boolean
}

let notices: readonly Notice[] = []
let nextId = 1
const listeners = new Set<() => void>()
const shownMs = 6000

function change(next: readonly Notice[]): void {
  notices = next
  for (const tell of listeners) tell()
}

/** Says something for a few seconds; it is read aloud too. Nothing that must be acted on is said this way only. */
export function say(text: string, { wrong = false } = {}): void {
  const id = nextId++
  change([...notices.slice(-2), { id, text, wrong }])
  setTimeout(() => change(notices.filter((notice) => notice.id !== id)), shownMs)
}

export function Notices() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => notices,
  )
  return (
    <div className="notices" role="status" aria-live="polite">
      {shown.map((notice) => (
        <div className={notice.wrong ? 'notice notice-wrong' : 'notice'} key={notice.id}>
          <Icon name={notice.wrong ? 'warning' : 'check'} />
          {notice.text}
        </div>
      ))}
    </div>
  )
}
