import { useState } from 'react'
import type { Static } from 'typebox'
import type { IdentitySettings } from '../../../src/identity/administrators/contract.ts'
import type { SignInWays } from '../../../src/identity/oidc/contract.ts'
import { send } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, ChoiceField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { useMe } from '../me-context.ts'

type Numbers = 'staffIdleMinutes' | 'staffHours' | 'staffPhoneDays' | 'residentDays' | 'codesPerHour'
const numbers: Record<Numbers, { name: TextKey; min: number; max: number }> = {
  staffIdleMinutes: { name: 'signSet.idle', min: 5, max: 720 },
  staffHours: { name: 'signSet.hours', min: 1, max: 168 },
  staffPhoneDays: { name: 'signSet.phoneDays', min: 0, max: 30 },
  residentDays: { name: 'signSet.residentDays', min: 1, max: 365 },
  codesPerHour: { name: 'signSet.codes', min: 10, max: 100_000 },
}
const required: Record<IdentitySettings['totpRequiredOf'], TextKey> = {
  nobody: 'signSet.nobody',
  administrators: 'signSet.administrators',
  everyone: 'signSet.everyone',
}

/** How people sign in here: the security administrator decides, the system administrator sees it. */
export function SignInSettings() {
  const t = useText()
  const decides = useMe().seats[0] === 'security'
  const loaded = useRead<IdentitySettings>('/identity/settings')
  const ways = useRead<Static<typeof SignInWays>>('/identity/ways')
  return (
    <div className="stack">
      <p className="soft">{t(decides ? 'signSet.lead' : 'signSet.readOnly')}</p>
      <Shown of={loaded} waiting={<Skeleton lines={6} />}>
        {(settings) => (
          <SettingsForm key={settings.version} settings={settings} saved={loaded.replace} decides={decides} />
        )}
      </Shown>
      <section className="card stack-s">
        <h2>{t('signSet.oidc')}</h2>
        <p className="soft">{t(ways.data?.oidc ? 'signSet.oidcOn' : 'signSet.oidcOff')}</p>
      </section>
    </div>
  )
}

function SettingsForm({
  settings,
  saved,
  decides,
}: {
  settings: IdentitySettings
  saved: (settings: IdentitySettings) => void
  decides: boolean
}) {
  const t = useText()
  const [changed, setChanged] = useState(settings)
  const act = useAct((body: IdentitySettings, key) =>
    send<IdentitySettings>('/identity/settings', { method: 'PUT', body, key }),
  )
  return (
    <form
      className="card stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const answer = await act.run(changed)
        if (!answer) return
        say(t('message.saved'))
        saved(answer)
      }}
    >
      <fieldset className="stack" disabled={!decides} style={{ border: 0, padding: 0, margin: 0 }}>
        <ChoiceField
          label={t('signSet.totpOf')}
          value={changed.totpRequiredOf}
          onChange={(value) => setChanged({ ...changed, totpRequiredOf: value as IdentitySettings['totpRequiredOf'] })}
          choices={Object.entries(required).map(([value, name]) => ({ value, label: t(name) }))}
        />
        <CheckField
          label={t('signSet.totpForUnmasking')}
          checked={changed.totpForUnmasking}
          onChange={(totpForUnmasking) => setChanged({ ...changed, totpForUnmasking })}
        />
        {(Object.keys(numbers) as Numbers[]).map((name) => (
          <TextField
            key={name}
            label={t(numbers[name].name)}
            type="number"
            inputMode="numeric"
            min={numbers[name].min}
            max={numbers[name].max}
            value={String(changed[name])}
            onChange={(value) => setChanged({ ...changed, [name]: Number(value) })}
            required
          />
        ))}
      </fieldset>
      <Refused error={act.error} />
      {decides && (
        <div>
          <Button type="submit" kind="primary" busy={act.busy}>
            {t('act.save')}
          </Button>
        </div>
      )}
    </form>
  )
}
