import { useCallback, useEffect, useState } from 'react'
import type { Verdict } from '../../src/ledger/verify-proof.ts'
import { useText } from '../shared/i18n/text.ts'
import { useRead } from '../shared/loading.ts'
import { checkProofs, proofOf, proofsIn } from '../shared/proof/proofs.ts'
import { publishedKeys } from '../shared/proof/published-keys.ts'
import { Verdicts } from '../shared/proof/verdict.tsx'
import { useAddress } from '../shared/router.ts'
import { Button } from '../shared/ui/button.tsx'
import { TextArea } from '../shared/ui/field.tsx'
import { Icon } from '../shared/ui/icon.tsx'
import { Refused } from '../shared/ui/states.tsx'
import { Title } from '../shared/ui/title.tsx'

/** Only our own proofs are fetched by link; any other text is pasted or dropped. */
const proofPath = /^\/(?:matters|progress|ledger|my)\/[\w./-]+$/

/** Shows and checks proofs in this browser; a pasted file never leaves the device. */
export function VerifyPage() {
  const t = useText()
  const asked = useAddress().searchParams
  const path = asked.get('proof')
  const entry = asked.get('entry')
  const linked = useRead<unknown>(path && proofPath.test(path) ? path : null)
  const [text, setText] = useState('')
  const [verdicts, setVerdicts] = useState<Verdict[] | 'unreadable' | null>(null)
  const check = useCallback(async (source: string) => {
    setText(source)
    setVerdicts((await checkProofs(source, await publishedKeys())) ?? 'unreadable')
  }, [])
  useEffect(() => {
    if (linked.data === undefined) return
    const shown = entry ? proofOf(entry, proofsIn(linked.data)) : linked.data
    void check(JSON.stringify(shown ?? linked.data, null, 2))
  }, [linked.data, entry, check])
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
      <div aria-live="polite">
        {verdicts === 'unreadable' && (
          <p className="banner banner-wrong" role="alert">
            <Icon name="warning" />
            {t('verify.unreadable')}
          </p>
        )}
        {verdicts && verdicts !== 'unreadable' && <Verdicts verdicts={verdicts} />}
      </div>
      <ProofForm
        text={text}
        onChange={(next) => {
          setText(next)
          setVerdicts(null)
        }}
        check={(source) => void check(source)}
      />
      <section className="stack-s">
        <h2>{t('verify.what')}</h2>
        <p className="soft">{t('verify.whatText')}</p>
      </section>
    </>
  )
}

function ProofForm({
  text,
  onChange,
  check,
}: {
  text: string
  onChange: (text: string) => void
  check: (text: string) => void
}) {
  const t = useText()
  const checkFile = (file: File | undefined) => void file?.text().then(check)
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        check(text)
      }}
    >
      <TextArea
        label={t('verify.paste')}
        hint={t('verify.pasteHint')}
        value={text}
        onChange={onChange}
        rows={7}
        spellCheck={false}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          checkFile(event.dataTransfer.files[0])
        }}
      />
      <div className="row">
        <Button type="submit" kind="primary" icon="shield">
          {t('verify.check')}
        </Button>
        <label className="button button-quiet">
          <Icon name="list" />
          {t('verify.choose')}
          <input
            className="only-read-aloud"
            type="file"
            accept=".json,application/json"
            onChange={(event) => checkFile(event.target.files?.[0])}
          />
        </label>
      </div>
    </form>
  )
}
