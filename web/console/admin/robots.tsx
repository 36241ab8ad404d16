import { useState } from 'react'
import type { Static } from 'typebox'
import type { Robot, Robots as RobotList, TestQueued } from '../../../src/notify/outbound/contract.ts'
import { send } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { ChoiceField, TextField } from '../../shared/ui/field.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { useMe } from '../me-context.ts'
import { TestResult } from './deliveries.tsx'
import { Row, Rows, Tag } from './rows.tsx'

const kinds: Record<Robot['kind'], TextKey> = { dingTalk: 'robot.dingTalk', weCom: 'robot.weCom' }

/** Robots in group chats, which hear what is overdue in their area. */
export function Robots() {
  const t = useText()
  const list = useRead<Static<typeof RobotList>>('/notify/robots')
  const [making, setMaking] = useState(false)
  const [test, setTest] = useState<string | null>(null)
  const tries = useAct((id: string, key) => send<TestQueued>(`/notify/robots/${id}/tests`, { body: {}, key }))
  const toggle = useAct(({ id, active, version }: Robot, key) =>
    send(`/notify/robots/${id}`, { method: 'PUT', body: { active: !active, version }, key }),
  )
  const remove = useAct(({ id, version }: Robot, key) =>
    send(`/notify/robots/${id}/removal`, { body: { version }, key }),
  )
  return (
    <div className="stack">
      <p className="soft">{t('robot.lead')}</p>
      <div>
        <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
          {t('robot.make')}
        </Button>
      </div>
      <Refused error={tries.error ?? toggle.error ?? remove.error} />
      {test && <TestResult id={test} />}
      <Shown of={list} waiting={<Skeleton lines={3} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('robot.none')}>{t('robot.noneNext')}</Empty>
          ) : (
            <Rows label={t('admin.robots')}>
              {items.map((robot) => (
                <Row
                  key={robot.id}
                  title={robot.name}
                  tag={
                    <Tag look={robot.active ? 'verified' : 'parked'}>{t(robot.active ? 'form.on' : 'form.off')}</Tag>
                  }
                  facts={[t(kinds[robot.kind]), t('robot.hears', { path: robot.areaPath })]}
                >
                  <Button
                    small
                    busy={tries.busy}
                    onClick={async () => setTest((await tries.run(robot.id))?.deliveryId ?? null)}
                  >
                    {t('test.send')}
                  </Button>
                  <Button small busy={toggle.busy} onClick={async () => (await toggle.run(robot)) && list.reload()}>
                    {t(robot.active ? 'act.switchOff' : 'act.switchOn')}
                  </Button>
                  <Button
                    small
                    kind="danger"
                    busy={remove.busy}
                    onClick={async () => (await remove.run(robot)) && list.reload()}
                  >
                    {t('act.remove')}
                  </Button>
                </Row>
              ))}
            </Rows>
          )
        }
      </Shown>
      <Sheet title={t('robot.make')} open={making} close={() => setMaking(false)}>
        <MakeRobot
          made={() => {
            setMaking(false)
            list.reload()
          }}
        />
      </Sheet>
    </div>
  )
}

function MakeRobot({ made }: { made: () => void }) {
  const t = useText()
  const county = useMe().county
  const [kind, setKind] = useState<string>('dingTalk')
  const [name, setName] = useState('')
  const [areaPath, setAreaPath] = useState(county)
  const [url, setUrl] = useState('')
  const [secret, setSecret] = useState('')
  const act = useAct((body: object, key) => send<Robot>('/notify/robots', { body, key }))
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const body = { kind, name: name.trim(), areaPath: areaPath.trim(), url: url.trim() }
        if (await act.run(secret.trim() ? { ...body, secret: secret.trim() } : body)) made()
      }}
    >
      <ChoiceField
        label={t('robot.kind')}
        value={kind}
        onChange={setKind}
        choices={[
          { value: 'dingTalk', label: t('robot.dingTalk') },
          { value: 'weCom', label: t('robot.weCom') },
        ]}
      />
      <TextField label={t('robot.name')} value={name} onChange={setName} required maxLength={40} />
      <TextField
        label={t('robot.area')}
        hint={t('robot.areaHint')}
        value={areaPath}
        onChange={setAreaPath}
        required
        maxLength={200}
      />
      <TextField label={t('robot.url')} hint={t('robot.urlHint')} value={url} onChange={setUrl} required type="url" />
      {kind === 'dingTalk' && (
        <TextField
          label={t('robot.secret')}
          hint={t('robot.secretHint')}
          value={secret}
          onChange={setSecret}
          required
        />
      )}
      <Refused error={act.error} />
      <Button type="submit" kind="primary" busy={act.busy} wide>
        {t('robot.make')}
      </Button>
    </form>
  )
}
