import type { Signing } from '../../../src/signing/signer/contract.ts'
import type { Refusal } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { Refused } from '../../shared/ui/states.tsx'
import type { Keeping } from './keep.ts'
import { Pad } from './pad.tsx'

interface MarkProps {
  of: Signing
  keeping: Keeping
  typing: boolean
  onTyping: (typing: boolean) => void
  busy: boolean
  error: Refusal | undefined
  onBack: () => void
  onDone: () => void
}

/** A name written with a finger, or typed by whoever cannot or would rather not. */
export function MarkStep({ of, keeping, typing, onTyping, busy, error, onBack, onDone }: MarkProps) {
  const t = useText()
  const { strokes, typed } = keeping.kept
  const isThere = typing ? typed.trim() !== '' : strokes.length > 0
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        onDone()
      }}
    >
      {typing ? (
        <TextField
          label={t('sign.typedName')}
          hint={t('sign.typedHint')}
          value={typed}
          onChange={(next) => keeping.change({ typed: next })}
          placeholder={of.name}
          autoComplete="name"
          maxLength={30}
        />
      ) : (
        <>
          <p>{t('sign.markLead')}</p>
          <Pad strokes={strokes} onChange={(next) => keeping.change({ strokes: next })} />
        </>
      )}
      <Button kind="plain" onClick={() => onTyping(!typing)}>
        {t(typing ? 'sign.drawInstead' : 'sign.typeInstead')}
      </Button>
      <p className="faint small">{t('sign.kept')}</p>
      <Refused error={error} />
      <Button type="submit" kind="primary" wide busy={busy} disabled={!isThere}>
        {t('sign.preview')}
      </Button>
      <Button wide icon="back" onClick={onBack}>
        {t('sign.change')}
      </Button>
    </form>
  )
}
