import { useEffect, useState } from 'react'
import type { Static } from 'typebox'
import type { PushKey } from '../../../src/notify/outbound/contract.ts'
import type { QuietHours } from '../../../src/notify/quiet/contract.ts'
import { read, send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown } from '../../shared/ui/states.tsx'

const WORKER = '/push-worker.js'
const SCOPE = '/console/'

const canPush = () => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window

const registered = async (): Promise<PushSubscription | null> =>
  (await (await navigator.serviceWorker.getRegistration(SCOPE))?.pushManager.getSubscription()) ?? null

/** The server’s public key as browsers take it. */
function keyBytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
}

/** Waking this browser, and the hours in which it stays silent. */
export function Notifications() {
  return (
    <div className="stack">
      <ThisBrowser />
      <Quiet />
    </div>
  )
}

function ThisBrowser() {
  const t = useText()
  const [on, setOn] = useState<boolean>()
  useEffect(() => {
    if (canPush())
      void registered().then(
        (found) => setOn(found !== null),
        () => setOn(false),
      )
  }, [])
  const subscribe = useAct(async (_: object, key) => {
    const { publicKey } = await read<Static<typeof PushKey>>('/notify/push/key')
    const worker = await navigator.serviceWorker.register(WORKER, { scope: SCOPE })
    await ready(worker)
    const found = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: keyBytes(publicKey),
    })
    const { endpoint, keys } = found.toJSON()
    await send('/notify/push/subscriptions', { body: { endpoint, keys }, key })
    return true
  })
  const leave = useAct(async (_: object, key) => {
    const found = await registered()
    if (found) await send('/notify/push/subscriptions/removal', { body: { endpoint: found.endpoint }, key })
    await found?.unsubscribe()
    return true
  })
  if (!canPush()) return <p className="soft">{t('push.unable')}</p>
  const blocked = Notification.permission === 'denied'
  return (
    <>
      <p className="soft">{t(blocked ? 'push.blocked' : on ? 'push.isOn' : 'push.isOff')}</p>
      {subscribe.error ? <p role="alert">{t('push.failed')}</p> : <Refused error={leave.error} />}
      <div>
        {on ? (
          <Button busy={leave.busy} onClick={async () => (await leave.run({})) && setOn(false)}>
            {t('push.leave')}
          </Button>
        ) : (
          <Button
            kind="primary"
            busy={subscribe.busy}
            disabled={blocked}
            onClick={async () => (await subscribe.run({})) && setOn(true)}
          >
            {t('push.begin')}
          </Button>
        )}
      </div>
    </>
  )
}

/** A worker that was just registered cannot subscribe before it is active. */
function ready(worker: ServiceWorkerRegistration): Promise<void> {
  const coming = worker.installing ?? worker.waiting
  if (worker.active || !coming) return Promise.resolve()
  return new Promise((done) =>
    coming.addEventListener('statechange', () => {
      if (coming.state === 'activated') done()
    }),
  )
}

function Quiet() {
  const loaded = useRead<QuietHours>('/notify/push/quiet')
  return <Shown of={loaded}>{(quiet) => <QuietForm key={quiet.version} quiet={quiet} saved={loaded.replace} />}</Shown>
}

function QuietForm({ quiet, saved }: { quiet: QuietHours; saved: (quiet: QuietHours) => void }) {
  const t = useText()
  const [from, setFrom] = useState(quiet.from ?? '')
  const [until, setUntil] = useState(quiet.until ?? '')
  const act = useAct((body: QuietHours, key) => send<QuietHours>('/notify/push/quiet', { method: 'PUT', body, key }))
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const answer = await act.run({ from: from || null, until: until || null, version: quiet.version })
        if (!answer) return
        say(t('message.saved'))
        saved(answer)
      }}
    >
      <h3>{t('quiet.title')}</h3>
      <p className="soft small">{t('quiet.lead')}</p>
      <div className="row">
        <TextField label={t('quiet.from')} type="time" value={from} onChange={setFrom} />
        <TextField label={t('quiet.until')} type="time" value={until} onChange={setUntil} />
      </div>
      <Refused error={act.error} />
      <div>
        <Button type="submit" busy={act.busy}>
          {t('act.save')}
        </Button>
      </div>
    </form>
  )
}
