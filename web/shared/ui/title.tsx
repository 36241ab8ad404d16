import type { ReactNode } from 'react'
import { useEffect, useRef } from 'react'
import { useText } from '../i18n/text.ts'

/** The page's one h1. It takes the focus when the page changes, so that screen readers begin there. */
export function Title({ children, text, hidden }: { children?: ReactNode; text: string; hidden?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const t = useText()
  useEffect(() => {
    document.title = `${text} · ${t('brand.name')}`
    heading.current?.focus({ preventScroll: true })
  }, [text, t])
  return (
    <h1 ref={heading} tabIndex={-1} className={hidden ? 'only-read-aloud' : undefined}>
      {children ?? text}
    </h1>
  )
}

/** A heading below the page's own that takes the focus because something new is said. */
export function FocusedHeading({ text }: { text: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <h2 ref={heading} tabIndex={-1}>
      {text}
    </h2>
  )
}
