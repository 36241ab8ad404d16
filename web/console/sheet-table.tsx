import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'
import { useText } from '../shared/i18n/text.ts'

/** Around a table that is wider than a narrow screen: whoever has only a keyboard can scroll it as well. */
export function SheetTable({ children }: { children: ReactNode }) {
  const t = useText()
  const frame = useRef<HTMLDivElement>(null)
  const label = t('table.scrolls')
  useEffect(() => {
    // The table's own part scrolls, and it has no property for this.
    const scrolling = frame.current?.querySelector<HTMLElement>('.ant-table-content')
    if (!scrolling) return
    scrolling.tabIndex = 0
    scrolling.setAttribute('role', 'region')
    scrolling.setAttribute('aria-label', label)
  }, [label])
  return (
    <div className="sheet-table" ref={frame}>
      {children}
    </div>
  )
}
