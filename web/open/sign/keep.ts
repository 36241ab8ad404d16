import { useCallback, useEffect, useState } from 'react'
import type { DrawnPoint } from '../../../src/signing/signer/contract.ts'
import { dropDraft, findDraft, keepDraft } from '../../shared/drafts.ts'

/** Where somebody is who has shown who they are. */
export type Step = 'read' | 'mark' | 'confirm'
export type Answers = Record<string, string | number | boolean>

/** What is kept on the phone until the letter is signed: a locked screen or a lost line costs nothing. */
export interface Kept {
  step: Step
  answers: Answers
  strokes: DrawnPoint[][]
  typed: string
}
const nothing: Kept = { step: 'read', answers: {}, strokes: [], typed: '' }

/** The draft of one link. Its name tells nothing of the token. */
const nameOf = (token: string): string => `sign.${token.slice(-10)}`

export interface Keeping {
  kept: Kept
  change: (change: Partial<Kept>) => void
  drop: () => void
  /** False until the phone was asked what lies there. */
  ready: boolean
  resumed: boolean
}

export function useKept(token: string): Keeping {
  const [kept, setKept] = useState<Kept>(nothing)
  const [found, setFound] = useState<'asked' | 'none' | 'some'>('asked')
  useEffect(() => {
    let gone = false
    void findDraft<Partial<Kept> & { photos?: never[] }>(nameOf(token)).then((draft) => {
      if (gone) return
      if (draft) setKept({ ...nothing, ...draft, step: draft.step === 'confirm' ? 'mark' : (draft.step ?? 'read') })
      setFound(draft ? 'some' : 'none')
    })
    return () => {
      gone = true
    }
  }, [token])
  const change = useCallback(
    (next: Partial<Kept>) =>
      setKept((before) => {
        const now = { ...before, ...next }
        void keepDraft(nameOf(token), { ...now, photos: [] })
        return now
      }),
    [token],
  )
  const drop = useCallback(() => void dropDraft(nameOf(token)), [token])
  return { kept, change, drop, ready: found !== 'asked', resumed: found === 'some' }
}
