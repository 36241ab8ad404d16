import type { SignInStep } from '../../../src/identity/contract.ts'
import { send } from '../api.ts'
import { isDemo } from '../county.ts'
import { useText } from '../i18n/text.ts'
import { useAct, useRead } from '../loading.ts'
import { Icon } from '../ui/icon.tsx'
import { Refused } from '../ui/states.tsx'

interface DemoRole {
  accountId: string
  name: string
  role: string
}

/** Only in a folder made for trying out: one tap signs in as somebody of the invented town. */
export function DemoRoles({ done }: { done: () => void }) {
  const t = useText()
  const roles = useRead<{ items: DemoRole[] }>(isDemo() ? '/demo/roles' : null)
  const act = useAct((body: { accountId: string }, key) => send<SignInStep>('/demo/sign-in', { body, key }))
  if (!roles.data || roles.data.items.length === 0) return null
  return (
    <section className="stack-s">
      <h2>{t('demo.title')}</h2>
      <p className="soft small">{t('demo.note')}</p>
      <Refused error={act.error} />
      <ul className="demo-roles">
        {roles.data.items.map((role) => (
          <li key={role.accountId}>
            <button type="button" onClick={async () => (await act.run({ accountId: role.accountId })) && done()}>
              <span>
                <span className="strong">{role.role}</span> <span className="soft">{role.name}</span>
              </span>
              <Icon name="forward" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
