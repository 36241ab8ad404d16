import type { ReactNode } from 'react'
import { useEffect, useId, useRef } from 'react'
import { useText } from '../i18n/text.ts'
import { RoundButton } from './button.tsx'

/** Browsers that know it close the dialog by a tap beside it; the others have the button and Escape. */
const closedByTapOutside = { closedby: 'any' } as const

/** A native dialog: the browser keeps focus inside, Escape closes it, and focus returns to where it was. */
export function Sheet({
  title,
  open,
  close,
  children,
}: {
  title: string
  open: boolean
  close: () => void
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const id = useId()
  const t = useText()
  useEffect(() => {
    const element = dialog.current
    if (!element || element.open === open) return
    if (!open) return element.close()
    element.showModal()
    // Reading begins at the title; the first field is one Tab away.
    heading.current?.focus({ preventScroll: true })
  }, [open])
  if (!open) return null
  return (
    <dialog className="sheet" ref={dialog} aria-labelledby={id} onClose={close} {...closedByTapOutside}>
      <div className="sheet-head">
        <h2 id={id} tabIndex={-1} ref={heading}>
          {title}
        </h2>
        <RoundButton icon="close" label={t('act.close')} onClick={close} />
      </div>
      <div className="sheet-body stack">{children}</div>
    </dialog>
  )
}
