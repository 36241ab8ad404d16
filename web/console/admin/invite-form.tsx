import { useState } from 'react'
import type { Account } from '../../../src/identity/accounts/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { PhoneField, TextField } from '../../shared/ui/field.tsx'
import { Refused } from '../../shared/ui/states.tsx'

/** Makes an account; what comes next is the link by which its person sets a password. */
export function InviteForm({ done }: { done: (account: Account) => void }) {
  const t = useText()
  const [name, setName] = useState('')
  const [loginName, setLoginName] = useState('')
  const [phone, setPhone] = useState('')
  const act = useAct((body: object, key) => send<Account>('/identity/accounts', { body, key }))
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const account = await act.run({
          name: name.trim(),
          loginName: loginName.trim(),
          ...(phone.trim() ? { phone: phone.trim() } : {}),
        })
        if (account) done(account)
      }}
    >
      <TextField label={t('account.name')} value={name} onChange={setName} required maxLength={60} />
      <TextField
        label={t('signIn.loginName')}
        value={loginName}
        onChange={setLoginName}
        required
        minLength={2}
        maxLength={40}
        autoCapitalize="none"
      />
      <PhoneField label={t('phone.label')} optional value={phone} onChange={setPhone} />
      <Refused error={act.error} />
      <Button type="submit" kind="primary" busy={act.busy} wide>
        {t('account.invite')}
      </Button>
    </form>
  )
}
