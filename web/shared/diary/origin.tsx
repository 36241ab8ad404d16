import type { DiaryOrigin as Origin } from '../../../src/duty/diary/contract.ts'
import { useText } from '../i18n/text.ts'
import { useRead } from '../loading.ts'
import { Icon } from '../ui/icon.tsx'
import './diary.css'

/** Names the diary entry that a case came from, to those who may read it; to others it says nothing. */
export function DiaryOrigin({ matterId, base }: { matterId: string; base: string }) {
  const t = useText()
  const entry = useRead<Origin>(`/diary/origin?matter=${matterId}`).data
  if (!entry?.id) return null
  return (
    <a className="card row diary-origin" href={`${base}/${entry.id}`}>
      <Icon name="leaf" />
      <span className="grow">
        {t('diary.origin')} · {entry.kindName} <span className="faint small">{entry.authorName}</span>
      </span>
      <Icon name="forward" />
    </a>
  )
}
