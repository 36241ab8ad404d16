import { useCallback, useEffect, useState, type ComponentType } from 'react'
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
import { Refused, Skeleton } from '../shared/ui/states.tsx'
import { Title } from '../shared/ui/title.tsx'
import type { CheckedLetter } from './letter-check.ts'

/** Only our own proofs are fetched by link; any other text is pasted or dropped. */
const proofPath = /^\/(?:matters|progress|ledger|my)\/[\w./-]+$/

interface ShownLetter {
  letter: CheckedLetter
  name: string
  View: ComponentType<{ letter: CheckedLetter; name: string }>
}
type Letter = ShownLetter | 'busy' | 'broken' | null

const LETTER_BYTES_MAX = 50 * 1024 * 1024
const isPdf = (bytes: Uint8Array): boolean => new TextDecoder('latin1').decode(bytes.subarray(0, 5)) === '%PDF-'

/** What takes a PDF apart is fetched when there is one. */
async function shownLetter(pdf: Uint8Array, name: string): Promise<ShownLetter> {
  const [{ checkLetter }, { LetterVerdict }] = await Promise.all([
    import('./letter-check.ts'),
    import('./letter-verdict.tsx'),
  ])
  return { letter: await checkLetter(pdf), name, View: LetterVerdict }
}

/** Takes either: a signed letter or a proof of the ledger. Both are checked in this browser; no file leaves the device. */
export function VerifyPage() {
  const t = useText()
  const asked = useAddress().searchParams
  const path = asked.get('proof')
  const entry = asked.get('entry')
  const linked = useRead<unknown>(path && proofPath.test(path) ? path : null)
  const [text, setText] = useState('')
  const [verdicts, setVerdicts] = useState<Verdict[] | 'unreadable' | null>(null)
  const [letter, setLetter] = useState<Letter>(null)
  const check = useCallback(async (source: string) => {
    setText(source)
    setLetter(null)
    setVerdicts((await checkProofs(source, await publishedKeys())) ?? 'unreadable')
  }, [])
  const take = useCallback(
    async (file: File) => {
      const bytes = file.size <= LETTER_BYTES_MAX ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array()
      if (!isPdf(bytes)) return check(new TextDecoder().decode(bytes))
      setVerdicts(null)
      setText('')
      setLetter('busy')
      return setLetter(await shownLetter(bytes, file.name).catch(() => 'broken' as const))
    },
    [check],
  )
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
      <FileField take={(file) => void take(file)} />
      <div aria-live="polite">
        {letter === 'busy' && <Skeleton lines={4} />}
        {letter === 'broken' && (
          <p className="banner banner-wrong" role="alert">
            <Icon name="warning" />
            {t('verify.broken')}
          </p>
        )}
        {letter !== null && typeof letter === 'object' && <letter.View letter={letter.letter} name={letter.name} />}
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
          setLetter(null)
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

/** The input lies over the whole field: a file is dropped on it or chosen with it. */
function FileField({ take }: { take: (file: File) => void }) {
  const t = useText()
  return (
    <label className="drop-field">
      <Icon name="shield" />
      <span>
        <strong>{t('verify.choose')}</strong>
        <span className="note">{t('verify.chooseHint')}</span>
      </span>
      <input
        type="file"
        accept=".pdf,application/pdf,.json,application/json"
        onChange={(event) => {
          const [file] = event.target.files ?? []
          // The same file may be chosen again: it may have been changed meanwhile.
          event.target.value = ''
          if (file) take(file)
        }}
      />
    </label>
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
      />
      <div className="row">
        <Button type="submit" icon="shield">
          {t('verify.check')}
        </Button>
      </div>
    </form>
  )
}
