import { useState } from 'react'
import type { Progress, RateMatter } from '../../../src/loop/contract.ts'
import { send } from '../api.ts'
import type { TextKey } from '../i18n/text.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { CheckField, ChoiceField, TextArea } from '../ui/field.tsx'
import { Refused } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'

type Score = RateMatter['score']
export const scoreNames: Record<Score, TextKey> = {
  satisfied: 'rating.satisfied',
  fair: 'rating.fair',
  unsatisfied: 'rating.unsatisfied',
}
const isScore = (text: string): text is Score => Object.hasOwn(scoreNames, text)

/** The reporter's own word about the result, kept apart from closing; unsatisfied may ask for it to be taken up again. */
export function RatingForm({ path, rated }: { path: string; rated: (progress: Progress) => void }) {
  const t = useText()
  const [score, setScore] = useState<Score | ''>('')
  const [comment, setComment] = useState('')
  const [reopen, setReopen] = useState(false)
  const [tried, setTried] = useState(false)
  const act = useAct((body: RateMatter, key) => send<Progress>(`${path}/rating`, { body, key }))
  const reasonMissing = score === 'unsatisfied' && comment.trim() === ''
  const submit = async () => {
    setTried(true)
    if (!score || reasonMissing) return
    const answer = await act.run({
      score,
      ...(comment.trim() ? { comment: comment.trim() } : {}),
      ...(score === 'unsatisfied' && reopen ? { reopen } : {}),
    })
    if (answer) rated(answer)
  }
  return (
    <form
      className="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <ChoiceField
        label={t('rating.title')}
        value={score}
        onChange={(value) => isScore(value) && setScore(value)}
        choices={Object.entries(scoreNames).map(([value, key]) => ({ value, label: t(key) }))}
        wrong={tried && !score ? t('rating.scoreNeeded') : undefined}
      />
      <TextArea
        label={score === 'unsatisfied' ? t('rating.why') : t('rating.comment')}
        optional={score !== 'unsatisfied'}
        value={comment}
        onChange={setComment}
        maxLength={500}
        rows={3}
        wrong={tried && reasonMissing ? t('rating.whyNeeded') : undefined}
      />
      {score === 'unsatisfied' && <CheckField label={t('rating.reopen')} checked={reopen} onChange={setReopen} />}
      <Refused error={act.error} />
      <Button type="submit" kind="primary" wide busy={act.busy}>
        {t('rating.send')}
      </Button>
    </form>
  )
}

/** @param title Whose rating it is: one's own for the reporter, the public's for staff. */
export function RatingGiven({ rating, title }: { rating: NonNullable<Progress['rating']>; title: string }) {
  const t = useText()
  return (
    <section className="card stack-s">
      <h2>{title}</h2>
      <p>
        <span className="strong">{isScore(rating.score) ? t(scoreNames[rating.score]) : rating.score}</span>{' '}
        <span className="faint small">
          <Time at={rating.at} />
        </span>
      </p>
      {rating.comment && <p className="soft">{rating.comment}</p>}
    </section>
  )
}
