import { useState } from 'react'
import { useText } from '../shared/i18n/text.ts'
import { ProgressView } from '../shared/progress/progress-view.tsx'
import { go } from '../shared/router.ts'
import { Button } from '../shared/ui/button.tsx'
import { TextField } from '../shared/ui/field.tsx'
import { Title } from '../shared/ui/title.tsx'
import '../shared/matter/matter.css'

/** A whole link may be pasted, or the code with blanks in it; the server reads capitals and hyphens as it likes. */
const codeIn = (text: string) => (/\/p\/([^/?#\s]+)/.exec(text)?.[1] ?? text).replace(/\s+/g, '')

export function ProgressPage({ code }: { code: string | null }) {
  const t = useText()
  const [text, setText] = useState('')
  if (code) return <ProgressView path={`/progress/${encodeURIComponent(code)}`} code={code} heads />
  return (
    <>
      <section className="stack-s">
        <Title text={t('nav.progress')} />
        <p className="soft">{t('progress.lead')}</p>
      </section>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          const asked = codeIn(text)
          if (asked) go(`/p/${encodeURIComponent(asked)}`)
        }}
      >
        <TextField
          label={t('receipt.code')}
          hint={t('progress.codeHint')}
          value={text}
          onChange={setText}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <Button type="submit" kind="primary" wide icon="search">
          {t('progress.see')}
        </Button>
      </form>
    </>
  )
}
