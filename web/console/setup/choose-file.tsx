import { useRef } from 'react'
import { Button } from '../../shared/ui/button.tsx'

/** A button that opens the file chooser; the same file can be chosen again after it was corrected. */
export function ChooseFile({
  label,
  accept,
  busy,
  chosen,
}: {
  label: string
  accept: string
  busy: boolean
  chosen: (file: File) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        accept={accept}
        aria-label={label}
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) chosen(file)
        }}
      />
      <Button kind="primary" icon="plus" busy={busy} onClick={() => input.current?.click()}>
        {label}
      </Button>
    </>
  )
}
