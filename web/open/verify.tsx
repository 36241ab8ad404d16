import { useEffect, useState } from 'react'
import type { Verdict } from '../../src/ledger/verify-proof.ts'
import { verifyProof } from '../../src/ledger/verify-proof.ts'
import { useText } from '../shared/i18n/text.ts'
import { useRead } from '../shared/loading.ts'
import { useAddress } from '../shared/router.ts'
import { Button } from '../shared/ui/button.tsx'
import { TextArea } from '../shared/ui/field.tsx'
import { Icon } from '../shared/ui/icon.tsx'
import { Refused } from '../shared/ui/states.tsx'
import { VerdictCard } from '../shared/proof/verdict.tsx'
import { Title } from '../shared/ui/title.tsx'

/** Shows and checks a proof in this browser; the file never leaves the device. */
export function VerifyPage() {
  const t = useText()
  const link = useAddress().searchParams.get('proof')
  const linked = useRead<unknown>(link && /^\/[\w./-]+(\?[\w=&.-]*)?$/.test(link) ? link : null)
  const [text, setText] = useState('')
  const [verdict, setVerdict] = useState<Verdict | 'unreadable' | null>(null)
  const check = async (source: string) => {
    setText(source)
    setVerdict(await verdictOf(source))
  }
  useEffect(() => {
    if (linked.data !== undefined) void check(JSON.stringify(linked.data, null, 2))
  }, [linked.data])
  return (
    <>
      <section className="stack-s">
        <Title text={t('verify.title')} />
        <p className="soft">{t('verify.lead')}</p>
      </section>
      {!globalThis.crypto?.subtle && (
        <p className="banner banner-warn" role="alert">
          <Icon name="warning" />
          {t('verify.insecure')}
        </p>
      )}
      <Refused error={linked.error} />
      <form
        className="stack"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          void event.dataTransfer.files[0]?.text().then(check)
        }}
        onSubmit={(event) => {
          event.preventDefault()
          void check(text)
        }}
      >
        <TextArea label={t('verify.paste')} hint={t('verify.pasteHint')} value={text} onChange={(value) => { setText(value); setVerdict(null) }} rows={7} spellCheck={false} />
        <div className="row">
          <Button type="submit" kind="primary" icon="shield">
            {t('verify.check')}
          </Button>
          <label className="button button-quiet">
            <Icon name="list" />
            {t('verify.choose')}
            <input className="only-read-aloud" type="file" accept=".json,application/json" onChange={(event) => void event.target.files?.[0]?.text().then(check)} />
          </label>
        </div>
      </form>
      <div aria-live="polite">{verdict && <VerdictCard verdict={verdict} />}</div>
      <section className="stack-s">
        <h2>{t('verify.what')}</h2>
        <p className="soft">{t('verify.whatText')}</p>
      </section>
    </>
  )
}

async function verdictOf(source: string): Promise<Verdict | 'unreadable'> {
  try {
    const parsed: unknown = JSON.parse(source)
    return await verifyProof(parsed)
  } catch {
    return 'unreadable'
  }
}
