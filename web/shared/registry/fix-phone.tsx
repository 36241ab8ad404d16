import { useState } from 'react'
import type { Person } from '../../../src/registry/people/contract.ts'
import { isStale, send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { PhoneField } from '../ui/field.tsx'
import { say } from '../ui/notice.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Refused } from '../ui/states.tsx'

/** The right number instead of the wrong one: a tap, the number, a tap. */
export function FixPhone({
  of,
  source,
  fixed,
  small,
}: {
  of: Pick<Person, 'id' | 'name' | 'version' | 'phone'>
  source: 'counter' | 'visit'
  fixed: (next: Person) => void
  small?: boolean
}) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const [phone, setPhone] = useState('')
  const act = useAct((body: object, key) => send<Person>(`/registry/people/${of.id}/phone`, { body, key }))
  const save = async () => {
    const next = await act.run({ phone: phone.trim() === '' ? null : phone, version: of.version, source })
    if (!next) return
    setOpen(false)
    setPhone('')
    say(t('registry.phoneFixed', { name: of.name }))
    fixed(next)
  }
  return (
    <>
      <Button kind={small ? 'plain' : 'quiet'} small={small === true} onClick={() => setOpen(true)}>
        {t(of.phone === null ? 'registry.addPhone' : 'registry.fixPhone')}
      </Button>
      <Sheet title={t('registry.fixPhoneOf', { name: of.name })} open={open} close={() => setOpen(false)}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            void save()
          }}
        >
          {of.phone !== null && <p className="soft">{t('registry.phoneNow', { phone: of.phone })}</p>}
          <PhoneField
            label={t('registry.phoneNew')}
            value={phone}
            onChange={setPhone}
            hint={t('registry.phoneEmpty')}
          />
          <Refused error={act.error} />
          {isStale(act.error) && <p className="soft">{t('registry.reload')}</p>}
          <Button type="submit" kind="primary" busy={act.busy} wide>
            {t('act.save')}
          </Button>
        </form>
      </Sheet>
    </>
  )
}
