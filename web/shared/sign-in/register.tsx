import { useState } from 'react'
import type { Me } from '../../../src/identity/accounts/contract.ts'
import { send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Refused } from '../ui/states.tsx'

/** A guest who wants to come back tells a name and is a resident from then on. */
export function RegisterResident({ done }: { done: (me: Me) => void }) {
  const t = useText()
  const [name, setName] = useState('')
  const act = useAct((body: { name: string }, key) => send<Me>('/identity/me/register', { body, key }))
  return (
    <form
      className="card stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const me = await act.run({ name: name.trim() })
        if (me) done(me)
      }}
    >
      <TextField
        label={t('me.register')}
        hint={t('me.registerHint')}
        value={name}
        onChange={setName}
        required
        maxLength={60}
        autoComplete="name"
      />
      <Refused error={act.error} />
      <Button type="submit" kind="quiet" busy={act.busy}>
        {t('act.save')}
      </Button>
    </form>
  )
}
