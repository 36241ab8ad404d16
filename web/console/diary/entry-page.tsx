import { useParams } from '@tanstack/react-router'
import type { DiaryView } from '../../../src/duty/diary/contract.ts'
import { DiaryStory, DiaryVersions } from '../../shared/diary/diary-whole.tsx'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { StateTag } from '../../shared/matter/state-tag.tsx'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'

/** One entry at the desk, as it can be printed. */
export function DiaryEntryPage() {
  const t = useText()
  const { id } = useParams({ from: '/diary/$id' })
  const loaded = useRead<DiaryView>(`/diary/${id}`)
  return (
    <ConsolePage
      title={t('diary.entry')}
      side={
        <>
          <ButtonLink small kind="plain" icon="back" href="/console/diary">
            {t('diary.title')}
          </ButtonLink>
          <Button small onClick={() => print()}>
            {t('diary.print')}
          </Button>
        </>
      }
    >
      <Shown of={loaded} waiting={<Skeleton lines={6} />}>
        {(entry) => (
          <>
            <section className="card">
              <DiaryStory of={entry} />
            </section>
            {entry.matter && (
              <a className="card row diary-origin" href={`/console/matters/${entry.matter.id}`}>
                <span className="grow row">
                  <span className="strong">{t('diary.filed')}</span>
                  <StateTag of={entry.matter} />
                  <span className="faint">{entry.matter.number}</span>
                </span>
                <Icon name="forward" />
              </a>
            )}
            <DiaryVersions of={entry} />
          </>
        )}
      </Shown>
    </ConsolePage>
  )
}
