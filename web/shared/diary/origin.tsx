import type { DiaryPage } from '../../../src/duty/diary/contract.ts'
import { useText } from '../i18n/text.ts'
import { useRead } from '../loading.ts'
import { Icon } from '../ui/icon.tsx'

/**
 * Names the diary entry that a case came from, to those who may read it; to others it says nothing.
 *
 * @param own Asks among one's own entries: a head reads those, whoever else may read diaries of the place.
 */
export function DiaryOrigin({ matterId, base, own }: { matterId: string; base: string; own: boolean }) {
  const t = useText()
  const found = useRead<DiaryPage>(`/diary${own ? '/mine' : ''}?limit=1&matter=${matterId}`)
  const entry = found.data?.items[0]
  if (!entry) return null
  return (
    <a className="card row diary-origin" href={`${base}/${entry.id}`}>
      <Icon name="leaf" />
      <span className="grow">
        {t('diary.origin')} · {entry.kindName}
        <span className="faint small"> {entry.authorName}</span>
      </span>
      <Icon name="forward" />
    </a>
  )
}
