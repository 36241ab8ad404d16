/** How much is done, for the eye; the figures stand beside it. */
export function Bar({ done, all }: { done: number; all: number }) {
  const share = all === 0 ? 0 : Math.round((done / all) * 100)
  return (
    <span className="visit-bar" aria-hidden="true">
      <span style={{ width: `${share}%` }} />
    </span>
  )
}
