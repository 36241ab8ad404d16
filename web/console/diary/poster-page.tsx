import { useSearch } from '@tanstack/react-router'
import type { Poster } from '../../../src/duty/kit/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { PosterSheet } from '../../shared/poster/poster-sheet.tsx'
import { useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'

/** The poster of a place, to be printed and hung in its stairwells. */
export function PosterPage() {
  const t = useText()
  const { path } = useSearch({ from: '/poster' })
  const loaded = useRead<Poster>(path ? `/duty/poster?path=${encodeURIComponent(path)}` : null)
  return (
    <ConsolePage
      title={t('poster.title')}
      side={
        <Button small kind="primary" onClick={() => print()}>
          {t('diary.print')}
        </Button>
      }
    >
      {path ? (
        <Shown of={loaded} waiting={<Skeleton lines={6} />}>
          {(poster) => <PosterSheet of={poster} />}
        </Shown>
      ) : (
        <Empty title={t('poster.none')}>{t('poster.noneNext')}</Empty>
      )}
    </ConsolePage>
  )
}
