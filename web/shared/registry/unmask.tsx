import { useState } from 'react'
import type { UnmaskedPerson } from '../../../src/registry/people/contract.ts'
import { send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { StepUp, wantsSecondFactor } from '../sign-in/step-up.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Refused } from '../ui/states.tsx'

type Field = 'citizenId' | 'phone' | 'details'

/** What stands behind the mask, for a reason that stays in the ledger and that the person can read. */
export function Unmask({
  id,
  fields,
  label,
  shown,
}: {
  id: string
  fields: readonly Field[]
  label: string
  shown: (found: UnmaskedPerson) => void
}) {
  return <AskWhy<UnmaskedPerson> path={`/registry/people/${id}/unmask`} body={{ fields }} label={label} shown={shown} />
}

/** Shows what `path` gives out for a stated reason; asks for the second factor where it is due. */
export function AskWhy<Answer>({
  path,
  body,
  label,
  shown,
}: {
  path: string
  body: object
  label: string
  shown: (found: Answer) => void
}) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const act = useAct((sent: object, key) => send<Answer>(path, { body: sent, key }))
  const ask = async () => {
    const found = await act.run({ ...body, reason })
    if (!found) return
    setOpen(false)
    shown(found)
  }
  return (
    <>
      <Button kind="plain" small onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Sheet title={label} open={open} close={() => setOpen(false)}>
        {wantsSecondFactor(act.error) ? (
          <StepUp given={() => void ask()} />
        ) : (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault()
              void ask()
            }}
          >
            <p className="soft">{t('registry.unmaskWhy')}</p>
            <TextField
              label={t('matter.reason')}
              value={reason}
              onChange={setReason}
              required
              minLength={4}
              maxLength={200}
            />
            <Refused error={act.error} />
            <Button type="submit" kind="primary" busy={act.busy} wide>
              {t('matter.showPhoneDo')}
            </Button>
          </form>
        )}
      </Sheet>
    </>
  )
}
