import { useState } from 'react'
import type { MessageWording } from '../../../src/notify/wording/contract.ts'
import { send } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, TextArea, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Row, Rows, Tag } from './rows.tsx'

const channelNames: Record<MessageWording['channels'][number], TextKey> = {
  inbox: 'channel.inbox',
  sms: 'channel.sms',
  push: 'channel.push',
  robot: 'channel.robot',
}

/** What each message says, and on which ways it travels; the county's own words where it has some. */
export function Messages() {
  const t = useText()
  const list = useRead<{ items: MessageWording[] }>('/notify/wordings')
  const [chosen, setChosen] = useState<MessageWording | null>(null)
  return (
    <div className="stack">
      <p className="soft">{t('message.lead')}</p>
      <Shown of={list} waiting={<Skeleton lines={8} />}>
        {({ items }) => (
          <Rows label={t('admin.messages')}>
            {items.map((wording) => (
              <Row
                key={wording.name}
                title={wording.titleZh}
                tag={
                  <>
                    {wording.own && <Tag look="running">{t('message.own')}</Tag>}
                    {wording.urgent && <Tag look="dueSoon">{t('message.urgent')}</Tag>}
                  </>
                }
                facts={[
                  wording.bodyZh,
                  wording.channels.map((channel) => t(channelNames[channel])).join('、') || t('message.silent'),
                ]}
              >
                <Button small aria-label={`${t('message.edit')} ${wording.titleZh}`} onClick={() => setChosen(wording)}>
                  {t('message.edit')}
                </Button>
              </Row>
            ))}
          </Rows>
        )}
      </Shown>
      <Sheet title={chosen?.titleZh ?? ''} open={chosen !== null} close={() => setChosen(null)}>
        {chosen && (
          <WordingForm
            key={`${chosen.name} ${chosen.version}`}
            wording={chosen}
            saved={() => {
              setChosen(null)
              list.reload()
            }}
          />
        )}
      </Sheet>
    </div>
  )
}

type Fields = Pick<
  MessageWording,
  'titleZh' | 'bodyZh' | 'titleEn' | 'bodyEn' | 'channels' | 'aliyunCode' | 'tencentCode'
>

function WordingForm({ wording, saved }: { wording: MessageWording; saved: () => void }) {
  const t = useText()
  const [fields, setFields] = useState<Fields>(wording)
  const set = (change: Partial<Fields>) => setFields((before) => ({ ...before, ...change }))
  const act = useAct((body: object, key) =>
    send<MessageWording>(`/notify/wordings/${wording.name}`, { method: 'PUT', body, key }),
  )
  const save = async ({ titleZh, bodyZh, titleEn, bodyEn, channels }: Omit<Fields, 'aliyunCode' | 'tencentCode'>) => {
    const codes = { aliyunCode: fields.aliyunCode || null, tencentCode: fields.tencentCode || null }
    const body = { titleZh, bodyZh, titleEn, bodyEn, channels, ...codes, version: wording.version }
    if (!(await act.run(body))) return
    say(t('message.saved'))
    saved()
  }
  const toggle = (channel: MessageWording['channels'][number]) =>
    set({
      channels: fields.channels.includes(channel)
        ? fields.channels.filter((one) => one !== channel)
        : [...fields.channels, channel],
    })
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void save(fields)
      }}
    >
      {wording.params.length > 0 && (
        <p className="hint">
          {t('message.params')} {wording.params.map((name) => `{${name}}`).join(' ')}
        </p>
      )}
      <TextField
        label={t('message.titleZh')}
        value={fields.titleZh}
        onChange={(titleZh) => set({ titleZh })}
        required
        maxLength={60}
      />
      <TextArea
        label={t('message.bodyZh')}
        value={fields.bodyZh}
        onChange={(bodyZh) => set({ bodyZh })}
        required
        maxLength={300}
        rows={3}
      />
      <TextField
        label={t('message.titleEn')}
        value={fields.titleEn}
        onChange={(titleEn) => set({ titleEn })}
        required
        maxLength={60}
      />
      <TextArea
        label={t('message.bodyEn')}
        value={fields.bodyEn}
        onChange={(bodyEn) => set({ bodyEn })}
        required
        maxLength={300}
        rows={3}
      />
      <fieldset className="field">
        <legend>{t('message.channels')}</legend>
        {(Object.keys(channelNames) as (keyof typeof channelNames)[]).map((channel) => (
          <CheckField
            key={channel}
            label={t(channelNames[channel])}
            checked={fields.channels.includes(channel)}
            onChange={() => toggle(channel)}
          />
        ))}
      </fieldset>
      {fields.channels.includes('sms') && (
        <>
          <TextField
            label={t('message.aliyun')}
            value={fields.aliyunCode ?? ''}
            onChange={(aliyunCode) => set({ aliyunCode })}
            maxLength={40}
            optional
          />
          <TextField
            label={t('message.tencent')}
            value={fields.tencentCode ?? ''}
            onChange={(tencentCode) => set({ tencentCode })}
            maxLength={40}
            optional
          />
        </>
      )}
      <Preview wording={wording} bodyZh={fields.bodyZh} sms={fields.channels.includes('sms')} />
      <Refused error={act.error} />
      <div className="row">
        <Button type="submit" kind="primary" busy={act.busy}>
          {t('act.save')}
        </Button>
        {wording.own && (
          <Button busy={act.busy} onClick={() => void save(wording.shipped)}>
            {t('message.restore')}
          </Button>
        )}
      </div>
    </form>
  )
}

/** One text message holds 70 letters; a longer text goes in parts of 67, each paid for. */
const smsParts = (letters: number) => (letters <= 70 ? 1 : Math.ceil(letters / 67))

/** What stands for each parameter in the preview. */
const samples: ReadonlyMap<string, string> = new Map([
  ['number', 'XZ26111600012'],
  ['code', '284106'],
  ['kind', '路灯不亮'],
  ['sentence', '您反映的事项（XZ26111600012）已受理。'],
  ['link', 'https://zhili.example.gov.cn/p'],
  ['years', '2027'],
  ['days', '7'],
  ['host', 'zhili.example.gov.cn'],
])

/** The message as its reader gets it, and what it costs as a text message. */
function Preview({ wording, bodyZh, sms }: { wording: MessageWording; bodyZh: string; sms: boolean }) {
  const t = useText()
  const pattern = sms && !bodyZh.includes('{link}') ? bodyZh + wording.followZh : bodyZh
  const text = pattern.replace(/\{(\w+)\}/g, (_, name: string) => samples.get(name) ?? '……')
  const whole = sms ? `【秀洲治理】${text}` : text
  const letters = [...whole].length
  return (
    <section className="card stack-s">
      <h3>{t('message.preview')}</h3>
      <p lang="zh-CN">{whole}</p>
      {sms && (
        <p className="soft small" role="status">
          {t('message.length', { letters, parts: smsParts(letters) })}
        </p>
      )}
    </section>
  )
}
