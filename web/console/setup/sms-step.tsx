import { useState } from 'react'
import type { SetSmsProvider, SmsProvider } from '../../../src/notify/sms/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { SelectField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'

/** By whom the county sends text messages. */
export function SmsStep({ saved }: { saved: () => void }) {
  const t = useText()
  const provider = useRead<SmsProvider>('/notify/sms/provider')
  return (
    <>
      <p className="soft">{t('setup.smsLead')}</p>
      <Shown of={provider} waiting={<Skeleton lines={4} />}>
        {(now) => (
          <ProviderForm
            now={now}
            key={now.version}
            saved={(next) => {
              provider.replace(next)
              saved()
            }}
          />
        )}
      </Shown>
    </>
  )
}

function ProviderForm({ now, saved }: { now: SmsProvider; saved: (next: SmsProvider) => void }) {
  const t = useText()
  const [provider, setProvider] = useState<string>(now.provider)
  const [accessKey, setAccessKey] = useState('')
  const [secret, setSecret] = useState('')
  const [signName, setSignName] = useState(now.signName)
  const [appId, setAppId] = useState(now.appId)
  const act = useAct((body: SetSmsProvider, key) =>
    send<SmsProvider>('/notify/sms/provider', { method: 'PUT', body, key }),
  )
  const wrong = (field: string) => act.error?.fields.find(({ path }) => path === field)?.message
  const same = provider === now.provider
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const answer = await act.run({
          provider: provider as SetSmsProvider['provider'],
          version: now.version,
          ...(provider === 'outbox' ? {} : { accessKey, secret, signName, appId }),
        })
        if (!answer) return
        say(t('setup.saved'))
        saved(answer)
      }}
    >
      <SelectField
        label={t('setup.smsProvider')}
        value={provider}
        onChange={setProvider}
        choices={[
          { value: 'outbox', label: t('setup.smsOutbox') },
          { value: 'aliyun', label: t('setup.smsAliyun') },
          { value: 'tencent', label: t('setup.smsTencent') },
        ]}
      />
      {provider !== 'outbox' && (
        <>
          <TextField
            label={t('setup.smsKey')}
            hint={same && now.accessKey ? t('setup.kept', { value: now.accessKey }) : undefined}
            wrong={wrong('accessKey')}
            value={accessKey}
            onChange={setAccessKey}
            autoComplete="off"
          />
          <TextField
            label={t('setup.smsSecret')}
            hint={same && now.hasSecret ? t('setup.secretKept') : undefined}
            wrong={wrong('secret')}
            type="password"
            autoComplete="new-password"
            value={secret}
            onChange={setSecret}
          />
          <TextField
            label={t('setup.smsSign')}
            wrong={wrong('signName')}
            value={signName}
            onChange={setSignName}
            maxLength={40}
          />
          {provider === 'tencent' && (
            <TextField label={t('setup.smsApp')} wrong={wrong('appId')} value={appId} onChange={setAppId} />
          )}
          <p className="small soft">{t('setup.smsNext')}</p>
        </>
      )}
      {!wrong('accessKey') && <Refused error={act.error} />}
      <div>
        <Button type="submit" kind="primary" busy={act.busy}>
          {t('act.save')}
        </Button>
      </div>
    </form>
  )
}
