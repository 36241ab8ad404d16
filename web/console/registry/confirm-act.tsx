import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { say } from '../../shared/ui/notice.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Refused } from '../../shared/ui/states.tsx'

/** Still so: one press makes the record fresh again, and nobody is asked twice. */
export function ConfirmAct<Kept extends { id: string; version: number }>({
  path,
  of,
  saved,
}: {
  path: '/registry/households' | '/registry/premises' | '/registry/organisations' | '/registry/people'
  of: Kept
  saved: (next: Kept) => void
}) {
  const t = useText()
  const act = useAct((body: object, key) => send<Kept>(`${path}/${of.id}/confirm`, { body, key }))
  const confirm = async () => {
    const next = await act.run({ version: of.version, source: 'counter' })
    if (!next) return
    say(t('registry.confirmed'))
    saved(next)
  }
  return (
    <>
      <Button small icon="check" busy={act.busy} onClick={() => void confirm()}>
        {t('registry.stillSo')}
      </Button>
      <Refused error={act.error} />
    </>
  )
}
