import { useState } from 'react'
import type { AskDraft, Draft, GiveSignature, LetterToRead, Signing } from '../../../src/signing/signer/contract.ts'
import { send } from '../../shared/api.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConfirmStep } from './confirm.tsx'
import { makeOneTimeKey, type OneTimeKey } from './key.ts'
import { LetterStep } from './letter.tsx'
import { MarkStep } from './mark.tsx'
import type { StepsProps } from './page.tsx'

/** Reading, signing and confirming; the key is made when the exact document is asked for, and signs that one. */
export function Letter({ base, of, signing, keeping }: StepsProps) {
  const letter = useRead<LetterToRead>(`${base}/letter`)
  const [typing, setTyping] = useState(keeping.kept.strokes.length === 0 && keeping.kept.typed !== '')
  const [made, setMade] = useState<{ draft: Draft; key: OneTimeKey; signature?: string }>()
  const ask = useAct((body: AskDraft, key) => send<Draft>(`${base}/drafts`, { body, key }))
  const give = useAct((body: GiveSignature, key) => send<Signing>(`${base}/signature`, { body, key }))
  const { step, answers, strokes, typed } = keeping.kept
  const askDraft = async (hash: string) => {
    const key = await makeOneTimeKey()
    const mark = typing ? { strokes: null, typed } : { strokes, typed: '' }
    const draft = await ask.run({ hash, answers, spki: key.spki, ...mark })
    if (!draft) return
    setMade({ draft, key })
    keeping.change({ step: 'confirm' })
  }
  const confirm = async () => {
    if (!made) return
    // The key signs once; over a line that broke the same signature is sent again.
    const signature = made.signature ?? (await made.key.sign(made.draft.attributes))
    setMade({ ...made, signature })
    const next = await give.run({ sha256: made.draft.sha256, signature, spki: made.key.spki })
    if (!next) return
    keeping.drop()
    signing.replace(next)
  }
  const back = (to: 'read' | 'mark') => {
    give.forget()
    ask.forget()
    setMade(undefined)
    keeping.change({ step: to })
  }
  return (
    <Shown of={letter} waiting={<Skeleton lines={4} />}>
      {(toRead) => {
        if (step === 'read')
          return <LetterStep letter={toRead} keeping={keeping} onDone={() => keeping.change({ step: 'mark' })} />
        if (step === 'confirm' && made)
          return (
            <ConfirmStep
              base={base}
              draft={made.draft}
              busy={give.busy}
              error={give.error}
              onBack={() => back('mark')}
              onConfirm={() => void confirm()}
            />
          )
        return (
          <MarkStep
            of={of}
            keeping={keeping}
            typing={typing}
            onTyping={setTyping}
            busy={ask.busy}
            error={ask.error}
            onBack={() => back('read')}
            onDone={() => void askDraft(toRead.hash)}
          />
        )
      }}
    </Shown>
  )
}
