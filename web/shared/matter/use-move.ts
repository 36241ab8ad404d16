import { useRef } from 'react'
import type { MoveOffer } from '../../../src/loop/contract.ts'
import { isUnanswered, requireWay, send } from '../api.ts'
import { readForm, saidAnswers, type FormValues } from '../form/form.ts'
import { newId } from '../ids.ts'
import { t } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { queue } from '../offline/index.ts'
import type { Photos } from '../photos.tsx'

interface MoveAct {
  /** What is sent, but for the id. */
  body: { version: number } & Record<string, unknown>
  values: FormValues
  /** To whom it goes, as it was chosen. */
  targetLabel: string | undefined
}

/** The matter that an address names; a reporter's progress code names none. */
const matterIn = (path: string) => /^\/(?:my\/)?matters\/([0-9a-f-]{36})$/.exec(path)?.[1]

/** Makes the move, or where there is no network puts it into the outbox of faces that have one. */
export function useMove(offer: MoveOffer, { path, about = '' }: { path: string; about?: string | undefined }) {
  // One act is one move, however often it is sent: its id goes with its key.
  const named = useRef({ key: '', id: '' })
  // The photos are what they are when it is sent.
  const latest = useRef<Photos>(undefined)
  const act = useAct(async ({ body: filled, values, targetLabel }: MoveAct, key: string) => {
    if (named.current.key !== key) named.current = { key, id: newId() }
    const { id } = named.current
    const body = { id, ...filled }
    const photos = latest.current
    try {
      requireWay()
      await photos?.sendAll()
      await send(`${path}/moves`, { key, body })
      return 'made' as const
    } catch (error) {
      const subject = matterIn(path)
      if (!isUnanswered(error) || !subject) throw error
      const answers = saidAnswers(readForm(offer.form), values)
      if (targetLabel) answers.unshift({ label: t('matter.target'), value: targetLabel })
      const kept = photos?.list.map((photo) => ({ ...photo, role: photos.role })) ?? []
      const item = { id, kind: 'move' as const, subject, title: offer.name, place: about, words: '', answers }
      if (!(await queue({ ...item, path: `${path}/moves`, body, key, photos: kept }))) throw error
      return 'queued' as const
    }
  })
  const run = (photos: Photos, input: MoveAct) => {
    latest.current = photos
    return act.run(input)
  }
  return { ...act, run }
}
