import { useState } from 'react'
import type { WorkPage as Work } from '../../../src/signing/campaigns/contract.ts'
import { send } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, usePages } from '../../shared/loading.ts'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Page } from '../shell.tsx'

type Item = Work['items'][number]

/** Who has not signed yet at one's own doors: call, go there, help. */
export function SigningWorkPage() {
  const t = useText()
  const list = usePages<Item>('/signing/work?limit=30')
  return (
    <Page title={t('signing.work')} back="/h5/tasks">
      <p className="soft">{t('signing.workLead')}</p>
      <Shown of={list} waiting={<Skeleton lines={2} cards={4} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('signing.workNone')}>{t('signing.workNoneNext')}</Empty>
          ) : (
            <ul className="stack">
              {items.map((item) => (
                <li key={item.id}>
                  <One of={item} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </Page>
  )
}

function One({ of }: { of: Item }) {
  const t = useText()
  const [phone, setPhone] = useState('')
  const ask = useAct((_: undefined, key) => send<{ phone: string }>(`/signing/envelopes/${of.id}/number`, { key }))
  const show = async () => {
    const answer = await ask.run(undefined)
    if (answer) setPhone(answer.phone)
  }
  return (
    <section className="card stack-s">
      <div className="spread">
        <span className="strong">{of.name}</span>
        <span className="tag tag-dueSoon">{t('signing.until', { day: saidDay(of.expiresAt) })}</span>
      </div>
      <p>{of.title}</p>
      <p className="soft small">
        {of.areaName} {of.address}
        {of.reminded > 0 && ` · ${t('signing.reminded', { count: of.reminded })}`}
      </p>
      {phone ? (
        <ButtonLink icon="phone" kind="primary" wide href={`tel:${phone}`}>
          {phone}
        </ButtonLink>
      ) : (
        <Button icon="phone" wide busy={ask.busy} onClick={() => void show()}>
          {t('signing.call', { phone: of.phone })}
        </Button>
      )}
      <ButtonLink wide href={`/h5/sign-help/${of.id}`}>
        {t('doorSign.title')}
      </ButtonLink>
      <Refused error={ask.error} />
    </section>
  )
}
