import { useState } from 'react'
import type { Static } from 'typebox'
import type {
  Delivery,
  TestQueued,
  Webhook,
  Webhooks as WebhookList,
  WebhookWithSecret,
} from '../../../src/notify/outbound/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, TextField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { eventNames } from '../ledger/event-names.ts'
import { usePagedQuery } from '../paged-query.ts'
import { CopyOnce } from './copy-once.tsx'
import { deliveryStates, TestResult } from './deliveries.tsx'
import { Row, Rows, Tag } from './rows.tsx'

/** Other systems that are told what happened: made, tried, looked after. */
export function Webhooks() {
  const t = useText()
  const list = useRead<Static<typeof WebhookList>>('/notify/webhooks')
  const [making, setMaking] = useState(false)
  const [chosen, setChosen] = useState<Webhook | null>(null)
  return (
    <div className="stack">
      <p className="soft">{t('webhook.lead')}</p>
      <div>
        <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
          {t('webhook.make')}
        </Button>
      </div>
      <Shown of={list} waiting={<Skeleton lines={4} />}>
        {({ items, events }) => (
          <>
            {items.length === 0 ? (
              <Empty title={t('webhook.none')}>{t('webhook.noneNext')}</Empty>
            ) : (
              <Rows label={t('admin.webhooks')}>
                {items.map((webhook) => (
                  <Row
                    key={webhook.id}
                    title={webhook.description || webhook.url}
                    tag={
                      <Tag look={webhook.active ? 'verified' : 'parked'}>
                        {t(webhook.active ? 'form.on' : 'form.off')}
                      </Tag>
                    }
                    facts={[
                      webhook.url,
                      webhook.events.map((event) => wordOf(event, t)).join('、'),
                      webhook.failures > 0 && t('webhook.failures', { count: webhook.failures }),
                    ]}
                  >
                    <Button
                      small
                      aria-label={`${t('account.open')} ${webhook.description || webhook.url}`}
                      onClick={() => setChosen(webhook)}
                    >
                      {t('account.open')}
                    </Button>
                  </Row>
                ))}
              </Rows>
            )}
            <Sheet title={t('webhook.make')} open={making} close={() => setMaking(false)}>
              <MakeWebhook events={events} made={list.reload} />
            </Sheet>
          </>
        )}
      </Shown>
      <Sheet title={chosen?.description || (chosen?.url ?? '')} open={chosen !== null} close={() => setChosen(null)}>
        {chosen && (
          <WebhookActs
            key={chosen.id}
            webhook={chosen}
            changed={() => {
              setChosen(null)
              list.reload()
            }}
          />
        )}
      </Sheet>
    </div>
  )
}

function wordOf(event: string, t: ReturnType<typeof useText>): string {
  const key = eventNames.get(event)
  return key ? t(key) : t('event.other')
}

function MakeWebhook({ events, made }: { events: readonly string[]; made: () => void }) {
  const t = useText()
  const [url, setUrl] = useState('https://')
  const [description, setDescription] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(events))
  const [secret, setSecret] = useState<string | null>(null)
  const act = useAct((body: object, key) => send<Static<typeof WebhookWithSecret>>('/notify/webhooks', { body, key }))
  if (secret) return <CopyOnce secret={secret} why={t('webhook.once')} />
  const toggle = (event: string) => {
    const next = new Set(chosen)
    if (!next.delete(event)) next.add(event)
    setChosen(next)
  }
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const answer = await act.run({ url: url.trim(), description: description.trim(), events: [...chosen] })
        if (!answer) return
        setSecret(answer.secret)
        made()
      }}
    >
      <TextField
        label={t('webhook.url')}
        hint={t('webhook.urlHint')}
        value={url}
        onChange={setUrl}
        required
        type="url"
      />
      <TextField label={t('webhook.name')} value={description} onChange={setDescription} maxLength={100} optional />
      <fieldset className="field">
        <legend>{t('webhook.events')}</legend>
        {events.map((event) => (
          <CheckField key={event} label={wordOf(event, t)} checked={chosen.has(event)} onChange={() => toggle(event)} />
        ))}
      </fieldset>
      <Refused error={act.error} />
      <Button type="submit" kind="primary" busy={act.busy} disabled={chosen.size === 0} wide>
        {t('webhook.make')}
      </Button>
    </form>
  )
}

function WebhookActs({ webhook, changed }: { webhook: Webhook; changed: () => void }) {
  const t = useText()
  const [test, setTest] = useState<string | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const base = `/notify/webhooks/${webhook.id}`
  const { description, events, version } = webhook
  const tries = useAct((_: object, key) => send<TestQueued>(`${base}/tests`, { body: {}, key }))
  const toggle = useAct((active: boolean, key) =>
    send(base, { method: 'PUT', body: { description, events, active, version }, key }),
  )
  const renew = useAct((_: object, key) =>
    send<Static<typeof WebhookWithSecret>>(`${base}/secret`, { body: { version }, key }),
  )
  const remove = useAct((_: object, key) => send(`${base}/removal`, { body: { version }, key }))
  if (secret) return <CopyOnce secret={secret} why={t('webhook.renewed')} />
  return (
    <>
      <Refused error={tries.error ?? toggle.error ?? renew.error ?? remove.error} />
      <div className="row">
        <Button
          kind="primary"
          busy={tries.busy}
          onClick={async () => setTest((await tries.run({}))?.deliveryId ?? null)}
        >
          {t('test.send')}
        </Button>
        <Button busy={toggle.busy} onClick={async () => (await toggle.run(!webhook.active)) && changed()}>
          {t(webhook.active ? 'act.switchOff' : 'act.switchOn')}
        </Button>
        <Button busy={renew.busy} onClick={async () => setSecret((await renew.run({}))?.secret ?? null)}>
          {t('webhook.renew')}
        </Button>
        <Button kind="danger" busy={remove.busy} onClick={async () => (await remove.run({})) && changed()}>
          {t('act.remove')}
        </Button>
      </div>
      {test && <TestResult id={test} />}
      <Deliveries base={base} />
    </>
  )
}

/** The last deliveries with their fate; what failed can be sent again under its old number. */
function Deliveries({ base }: { base: string }) {
  const t = useText()
  const list = usePagedQuery<Delivery>(`${base}/deliveries?limit=20`)
  const replay = useAct((id: string, key) => send(`${base}/deliveries/${id}/replays`, { key }))
  return (
    <section className="stack-s">
      <h3>{t('webhook.deliveries')}</h3>
      <Refused error={replay.error} />
      <Shown of={list}>
        {(items) =>
          items.length === 0 ? (
            <p className="soft">{t('webhook.noDelivery')}</p>
          ) : (
            <Rows label={t('webhook.deliveries')}>
              {items.map((delivery) => (
                <Row
                  key={delivery.id}
                  title={delivery.topic === 'notify.test' ? t('test.name') : wordOf(delivery.topic, t)}
                  tag={<Tag look={deliveryStates[delivery.state].look}>{t(deliveryStates[delivery.state].name)}</Tag>}
                  facts={[
                    <Time key="at" at={delivery.createdAt} />,
                    delivery.attempts > 1 && t('webhook.attempts', { count: delivery.attempts }),
                    delivery.lastCode && t('webhook.answer', { code: delivery.lastCode }),
                  ]}
                >
                  {['failed', 'unknown'].includes(delivery.state) && (
                    <Button
                      small
                      busy={replay.busy}
                      onClick={async () => {
                        await replay.run(delivery.id)
                        list.reload()
                      }}
                    >
                      {t('webhook.replay')}
                    </Button>
                  )}
                </Row>
              ))}
            </Rows>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </section>
  )
}
