import type { DiaryEntry } from '../../../src/duty/diary/contract.ts'
import { saidDay } from '../dates.ts'
import { useText } from '../i18n/text.ts'
import { StateTag } from '../matter/state-tag.tsx'
import { Time } from '../ui/time.tsx'

/** Words that were deleted when their time was over leave a sentence. */
export function useDiaryWords(of: Pick<DiaryEntry, 'forgotten' | 'text'>): string {
  const t = useText()
  return of.forgotten ? t('diary.forgotten') : of.text
}

/** What became of the entry, each with a word and a shape: settled, a case, to go back to. */
export function DiaryTags({ of }: { of: DiaryEntry }) {
  const t = useText()
  return (
    <>
      {of.done && <span className="tag tag-verified">{t('diary.done')}</span>}
      {of.matter && <StateTag of={of.matter} />}
      {of.followUpOn && !of.followed && (
        <span className="tag tag-dueSoon">{t('diary.followUpOn', { day: saidDay(of.followUpOn) })}</span>
      )}
    </>
  )
}

/** An entry in a list. */
export function DiaryCard({ of, href, named }: { of: DiaryEntry; href: string; named?: boolean }) {
  const t = useText()
  const words = useDiaryWords(of)
  const who = named ? [of.authorName, of.authorPost].filter(Boolean).join(' · ') : ''
  return (
    <a className="matter-card" href={href}>
      <span className="spread">
        <span className="row">
          <span className="kind">{of.kindName}</span>
          <DiaryTags of={of} />
        </span>
        <span className="faint small">
          <Time at={of.metAt} />
        </span>
      </span>
      <span className="what">{words}</span>
      <span className="spread where">
        <span>{[of.visited, of.areaName].filter(Boolean).join(' · ')}</span>
        {of.photos > 0 && <span className="faint small">{t('diary.photos', { count: of.photos })}</span>}
      </span>
      {who && <span className="faint small">{who}</span>}
    </a>
  )
}
