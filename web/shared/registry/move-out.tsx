import { useState } from 'react'
import type { Person } from '../../../src/registry/people/contract.ts'
import { send } from '../api.ts'
import { today } from '../dates.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { say } from '../ui/notice.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Refused } from '../ui/states.tsx'

/** Ends what somebody has to do with a home: they moved out, sold it, gave up the lease. */
export function MoveOut({
  of,
  residenceId,
  source,
  moved,
}: {
  of: Pick<Person, 'id' | 'name' | 'version'>
  residenceId: string
  source: 'counter' | 'visit'
  moved: () => void
}) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const [untilOn, setUntilOn] = useState(today)
  const [reason, setReason] = useState('')
  const act = useAct((body: object, key) =>
    send<Person>(`/registry/people/${of.id}/residences/${residenceId}/end`, { body, key }),
  )
  const save = async () => {
    const next = await act.run({ untilOn, reason, version: of.version, source })
    if (!next) return
    setOpen(false)
    say(t('registry.movedOut', { name: of.name }))
    moved()
  }
  return (
    <>
      <Button kind="plain" small onClick={() => setOpen(true)}>
        {t('registry.moveOut')}
      </Button>
      <Sheet title={t('registry.moveOutOf', { name: of.name })} open={open} close={() => setOpen(false)}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            void save()
          }}
        >
          <p className="soft">{t('registry.moveOutNote')}</p>
          <TextField label={t('registry.untilOn')} type="date" value={untilOn} onChange={setUntilOn} required />
          <TextField
            label={t('matter.reason')}
            value={reason}
            onChange={setReason}
            required
            minLength={2}
            maxLength={200}
            hint={t('registry.moveOutHint')}
          />
          <Refused error={act.error} />
          <Button type="submit" kind="primary" busy={act.busy} wide>
            {t('registry.moveOut')}
          </Button>
        </form>
      </Sheet>
    </>
  )
}
