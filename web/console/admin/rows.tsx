import type { ReactNode } from 'react'

/** A list that reads as lines on a desk and as cards on a phone. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className="admin-rows" aria-label={label}>
      {children}
    </ul>
  )
}

/** One line: what it is, how it stands, what is known of it, what can be done. */
export function Row({
  title,
  tag,
  facts,
  children,
}: {
  title: ReactNode
  tag?: ReactNode
  facts: readonly ReactNode[]
  children?: ReactNode
}) {
  return (
    <li className="admin-row">
      <div className="admin-row-main">
        <div className="row">
          <span className="strong">{title}</span>
          {tag}
        </div>
        <div className="admin-row-facts soft small">
          {facts.map((fact, at) => fact && <span key={at}>{fact}</span>)}
        </div>
      </div>
      {children && <div className="row">{children}</div>}
    </li>
  )
}

/** How something stands; the colour is never alone. */
export function Tag({ look, children }: { look: string; children: ReactNode }) {
  return <span className={`tag tag-${look}`}>{children}</span>
}
