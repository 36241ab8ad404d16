import { useState } from 'react'
import type { Role } from '../../../src/grid/posts/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, SelectField } from '../../shared/ui/field.tsx'
import { Refused } from '../../shared/ui/states.tsx'
import { actionNames, purposeNames } from './grant-words.ts'

type Grant = Role['grants'][number]
const actions = Object.keys(actionNames) as Grant['action'][]
const purposes = ['handling', 'supervision', 'statistics', 'administration'] as const

/** Ticks what a role may do for one purpose after the other; what is sensitive goes to security first. */
export function RoleForm({ role, saved }: { role: Role; saved: (waits: boolean) => void }) {
  const t = useText()
  const [grants, setGrants] = useState<readonly Grant[]>(role.grants)
  const [purpose, setPurpose] = useState<Grant['purpose']>('handling')
  const act = useAct((body: object, key) => send<Role>(`/grid/roles/${role.code}`, { method: 'PUT', body, key }))
  const has = (action: Grant['action']) => grants.some((one) => one.action === action && one.purpose === purpose)
  const toggle = (action: Grant['action']) =>
    setGrants(
      has(action)
        ? grants.filter((one) => one.action !== action || one.purpose !== purpose)
        : [...grants, { action, purpose }],
    )
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const { zh, en, rung, version } = role
        const answer = await act.run({ zh, en, rung, version, grants })
        if (answer) saved(answer.pending !== null)
      }}
    >
      <p className="soft">{t('roles.formLead')}</p>
      <SelectField
        label={t('purpose.label')}
        value={purpose}
        onChange={(value) => setPurpose(purposes.find((one) => one === value) ?? 'handling')}
        choices={purposes.map((value) => ({ value, label: t(purposeNames[value]) }))}
      />
      <fieldset className="field">
        <legend>{t('roles.may', { purpose: t(purposeNames[purpose]) })}</legend>
        {actions.map((action) => (
          <CheckField
            key={action}
            label={t(actionNames[action])}
            checked={has(action)}
            onChange={() => toggle(action)}
          />
        ))}
      </fieldset>
      <Refused error={act.error} />
      <Button type="submit" kind="primary" busy={act.busy} wide>
        {t('act.save')}
      </Button>
    </form>
  )
}
