import { useState } from 'react'
import type { Commitment } from '../../src/signing/signer/contract.ts'
import { exactTime } from '../shared/dates.ts'
import { useText } from '../shared/i18n/text.ts'
import { useRead } from '../shared/loading.ts'
import { go } from '../shared/router.ts'
import { Button } from '../shared/ui/button.tsx'
import { TextField } from '../shared/ui/field.tsx'
import { Icon } from '../shared/ui/icon.tsx'
import { isUnknown, Shown, Skeleton, Unknown } from '../shared/ui/states.tsx'
import { Title } from '../shared/ui/title.tsx'
import './sign/sign.css'

/** A whole address may be pasted, or the code with blanks in it. */
const codeIn = (text: string) => (/\/c\/([^/?#\s]+)/.exec(text)?.[1] ?? text).replace(/\s+/g, '')

/** What a checkpoint sees of a commitment: valid, whose, until when, and nothing else. */
export function CheckPage({ code }: { code: string | null }) {
  const t = useText()
  const [typed, setTyped] = useState('')
  if (code) return <Verdict key={code} code={code} />
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        const asked = codeIn(typed)
        if (asked) go(`/c/${encodeURIComponent(asked)}`)
      }}
    >
      <Title text={t('check.title')} />
      <p className="soft">{t('check.lead')}</p>
      <TextField
        label={t('check.code')}
        value={typed}
        onChange={setTyped}
        autoComplete="off"
        spellCheck={false}
        required
      />
      <Button type="submit" kind="primary" wide icon="search">
        {t('check.see')}
      </Button>
    </form>
  )
}

function Verdict({ code }: { code: string }) {
  const t = useText()
  const [at] = useState(() => new Date())
  const county = new URLSearchParams(location.search).get('county')
  const path = `/signing/commitments/${encodeURIComponent(code)}`
  const found = useRead<Commitment>(county ? `${path}?county=${encodeURIComponent(county)}` : path)
  if (found.error && isUnknown(found.error))
    return (
      <Unknown title={t('check.unknown')} next={t('check.unknownNext')}>
        <a href="/c">{t('check.title')}</a>
      </Unknown>
    )
  return (
    <section className="stack">
      <Title text={t('check.title')} />
      <Shown of={found} waiting={<Skeleton lines={3} />}>
        {({ valid, whose, until }) => (
          <div className="card stack">
            <p className="check-verdict" data-valid={valid} role="status">
              <Icon name={valid ? 'check' : 'close'} />
              {t(valid ? 'check.valid' : 'check.invalid')}
            </p>
            <dl className="facts">
              <dt>{t('check.whose')}</dt>
              <dd>{whose}</dd>
              <dt>{t('check.until')}</dt>
              <dd>{until ? exactTime(until) : t('check.noEnd')}</dd>
            </dl>
            <p className="faint small">{t('check.asOf', { time: exactTime(at) })}</p>
          </div>
        )}
      </Shown>
      <a href="/c">{t('check.see')}</a>
    </section>
  )
}
