import { useEffect } from 'react'

interface RowKeys {
  toggle: (id: string) => void
  help: () => void
}

const typing = 'input:not([type=checkbox]), textarea, select, [contenteditable], [role=combobox], dialog[open] *'

/** j and k move the focus along the rows, x chooses the one that has it, Enter opens its link; / searches, ? explains. */
export function useRowKeys({ toggle, help }: RowKeys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target, key } = event
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (target instanceof Element && target.closest(typing)) return
      const act = acts.get(key)
      if (!act) return
      event.preventDefault()
      act({ toggle, help })
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [toggle, help])
}

const acts = new Map<string, (keys: RowKeys) => void>([
  ['j', () => step(1)],
  ['k', () => step(-1)],
  ['x', ({ toggle }) => toggle(rowAt())],
  ['/', () => document.getElementById('work-search')?.focus()],
  ['?', ({ help }) => help()],
])

/** The row that has the focus, by its link or by its box. */
const rowAt = (): string => document.activeElement?.closest<HTMLElement>('tr[data-row-key]')?.dataset['rowKey'] ?? ''

function step(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('a.work-what')]
  const row = document.activeElement?.closest('tr[data-row-key]')
  const at = links.findIndex((link) => link.closest('tr') === row)
  const next = links[Math.min(Math.max(at + by, 0), links.length - 1)]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}
