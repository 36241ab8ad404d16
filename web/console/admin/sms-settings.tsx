import { useState } from 'react'
import type { SmsSetting } from '../../../src/notify/sms/contract.ts'
import type { MessageWording, NotifySetting } from '../../../src/notify/wording/contract.ts'
import { send } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'

const providers: ReadonlyMap<string, TextKey> = new Map([
  ['outbox', 'smsSet.outbox'],
  ['aliyun', 'smsSet.aliyun'],
  ['tencent', 'smsSet.tencent'],
])

/** How text messages leave the house, and one to oneself to see that they do. */
export function SmsSettings() {
  const t = useText()
  const setting = useRead<SmsSetting>('/notify/sms/setting')
  const own = useRead<NotifySetting>('/notify/setting')
  const texts = useRead<{ items: MessageWording[] }>('/notify/wordings')
  const test = useAct((_: object, key) => send<{ id: string }>('/notify/sms/tests', { body: {}, key }))
  const titleOf = (name: string) => texts.data?.items.find((one) => one.name === name)?.titleZh ?? '…'
  return (
    <div className="stack">
      <Shown of={setting} waiting={<Skeleton lines={4} />}>
        {(shown) => (
          <>
            <section className="card stack">
              <dl className="facts">
                <dt>{t('smsSet.provider')}</dt>
                <dd>{t(providers.get(shown.provider) ?? 'smsSet.other')}</dd>
                <dt>{t('smsSet.sign')}</dt>
                <dd>{shown.signName || t('smsSet.noSign')}</dd>
                <dt>{t('smsSet.queued')}</dt>
                <dd>{shown.queued}</dd>
                <dt>{t('smsSet.failed')}</dt>
                <dd>{shown.failedToday}</dd>
              </dl>
              <p className="soft small">{t('smsSet.where')}</p>
            </section>
            {shown.withoutTemplate.length > 0 && (
              <div className="banner banner-warn">
                <div>
                  {t('smsSet.missing')} {shown.withoutTemplate.map(titleOf).join('、')}
                </div>
              </div>
            )}
            <section className="card stack">
              <h2>{t('smsSet.test')}</h2>
              <p className="soft">{shown.phone ? t('smsSet.testTo', { phone: shown.phone }) : t('smsSet.noPhone')}</p>
              <Refused error={test.error} />
              <div className="row">
                <Button
                  kind="primary"
                  busy={test.busy}
                  disabled={!shown.phone}
                  onClick={async () => {
                    if (!(await test.run({}))) return
                    say(t('smsSet.queuedOne'))
                    setting.reload()
                  }}
                >
                  {t('test.send')}
                </Button>
                <a href="/console/sms">{t('nav.sms')}</a>
              </div>
            </section>
          </>
        )}
      </Shown>
      <Shown of={own}>
        {(shown) => (
          <SignForm
            key={shown.version}
            setting={shown}
            saved={() => {
              own.reload()
              setting.reload()
            }}
          />
        )}
      </Shown>
    </div>
  )
}

function SignForm({ setting, saved }: { setting: NotifySetting; saved: () => void }) {
  const t = useText()
  const [sign, setSign] = useState(setting.smsSignName ?? '')
  const act = useAct((body: object, key) => send<NotifySetting>('/notify/setting', { method: 'PUT', body, key }))
  return (
    <form
      className="card stack"
      onSubmit={async (event) => {
        event.preventDefault()
        if (!(await act.run({ smsSignName: sign.trim() || null, version: setting.version }))) return
        say(t('message.saved'))
        saved()
      }}
    >
      <TextField
        label={t('smsSet.ownSign')}
        hint={t('smsSet.ownSignHint')}
        value={sign}
        onChange={setSign}
        maxLength={20}
        optional
      />
      <Refused error={act.error} />
      <div>
        <Button type="submit" busy={act.busy}>
          {t('act.save')}
        </Button>
      </div>
    </form>
  )
}
