import type { ReactNode } from 'react'
import { Title } from '../shared/ui/title.tsx'

/** A page of the desk: its name, what can be done with the whole, and the rest. */
export function ConsolePage({ title, side, children }: { title: string; side?: ReactNode; children: ReactNode }) {
  return (
    <div className="page">
      <div className="page-head">
        <Title text={title} />
        {side && <div className="row">{side}</div>}
      </div>
      {children}
    </div>
  )
}
