import type { ReactNode } from 'react'
import { useState } from 'react'
import { isStale, type Refusal } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import type { IconName } from '../../shared/ui/icon.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Refused } from '../../shared/ui/states.tsx'

/** A button and the sheet that it opens; what stands in it is gone when it closes. */
export function ActSheet({
  label,
  title = label,
  kind,
  icon,
  children,
}: {
  label: string
  title?: string
  kind?: 'primary' | 'plain'
  icon?: IconName
  children: (close: () => void) => ReactNode
}) {
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <Button small {...(kind && { kind })} {...(icon && { icon })} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Sheet title={title} open={open} close={close}>
        {open && children(close)}
      </Sheet>
    </>
  )
}

/** The form of one act: its fields, what went wrong, and the one button that does it. */
export function ActForm({
  act,
  submit,
  run,
  ready = true,
  children,
}: {
  act: { busy: boolean; error: Refusal | undefined }
  submit: string
  run: () => Promise<void>
  ready?: boolean
  children: ReactNode
}) {
  const t = useText()
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) void run()
      }}
    >
      {children}
      <Refused error={act.error} />
      {isStale(act.error) && <p className="soft">{t('registry.reload')}</p>}
      <Button type="submit" kind="primary" busy={act.busy} disabled={!ready} wide>
        {submit}
      </Button>
    </form>
  )
}

/** Why, in the clerk's words: it stays in the history of the record. */
export function ReasonField({
  value,
  onChange,
  hint,
}: {
  value: string
  onChange: (text: string) => void
  hint?: string
}) {
  const t = useText()
  return (
    <TextField
      label={t('matter.reason')}
      hint={hint ?? t('registry.reasonHint')}
      value={value}
      onChange={onChange}
      required
      minLength={2}
      maxLength={200}
    />
  )
}

/** What somebody types into a form, part by part. */
export function useDraft<Draft extends object>(begin: Draft): [Draft, (part: Partial<Draft>) => void] {
  const [draft, setDraft] = useState(begin)
  return [draft, (part) => setDraft((now) => ({ ...now, ...part }))]
}
