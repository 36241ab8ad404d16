import type { MatterBrief } from '../../../src/loop/contract.ts'
import { Time } from '../ui/time.tsx'
import { DueLeft } from './deadline.tsx'
import { StateTag, UrgentTag } from './state-tag.tsx'

export function BriefCard({ of, href }: { of: MatterBrief; href: string }) {
  return (
    <a className="matter-card" href={href}>
      <span className="spread">
        <span className="row">
          <StateTag of={of} />
          {of.urgent && <UrgentTag />}
        </span>
        <span className="faint small">
          <Time at={of.reportedAt} />
        </span>
      </span>
      <span className="what">{of.summary}</span>
      <span className="spread where">
        <span>
          {of.categoryName} · {of.areaName}
        </span>
        {of.due && <DueLeft due={of.due} />}
      </span>
    </a>
  )
}
