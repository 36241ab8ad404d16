import { useState } from 'react'
import type { ApiToken, CreatedApiToken } from '../../../src/identity/tokens/contract.ts'
import type { Static } from 'typebox'
import { send } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, SelectField, TextField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { useMe } from '../me-context.ts'
import { usePagedQuery } from '../paged-query.ts'
import { CopyOnce } from './copy-once.tsx'
import { actionName, actionNames, purposeName, purposeNames, systemActions } from './grant-words.ts'
import { Row, Rows, Tag } from './rows.tsx'

const states: Record<ApiToken['state'], { name: TextKey; look: string }> = {
  waiting: { name: 'token.waiting', look: 'dueSoon' },
  live: { name: 'token.live', look: 'verified' },
  expired: { name: 'token.expired', look: 'parked' },
  revoked: { name: 'token.revoked', look: 'parked' },
}

/** Keys that other systems hold: made by the system administrator, approved by the security administrator. */
export function Tokens() {
  const t = useText()
  const seat = useMe().seats[0]
  const list = usePagedQuery<ApiToken>('/identity/tokens?limit=50')
  const [making, setMaking] = useState(false)
  const act = useAct(({ id, what }: { id: string; what: 'approve' | 'revoke' }, key) =>
    send(`/identity/tokens/${id}/${what}`, { body: {}, key }),
  )
  const run = async (id: string, what: 'approve' | 'revoke') => {
    await act.run({ id, what })
    list.reload()
  }
  return (
    <div className="stack">
      <p className="soft">{t('token.lead')}</p>
      {seat === 'system' && (
        <div>
          <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
            {t('token.make')}
          </Button>
        </div>
      )}
      <Refused error={act.error} />
      <Shown of={list} waiting={<Skeleton lines={6} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('token.none')}>{t('token.noneNext')}</Empty>
          ) : (
            <Rows label={t('admin.tokens')}>
              {items.map((token) => (
                <Row
                  key={token.id}
                  title={token.label}
                  tag={<Tag look={states[token.state].look}>{t(states[token.state].name)}</Tag>}
                  facts={[
                    token.grants
                      .map((grant) => {
                        const [action, purpose] = [actionName(grant.action), purposeName(grant.purpose)]
                        return action && purpose ? `${t(action)}（${t(purpose)}）` : t('token.otherGrant')
                      })
                      .join('、'),
                    <>
                      {t('token.until')} <Time at={token.expiresAt} />
                    </>,
                    token.lastUsedAt ? (
                      <>
                        {t('token.lastUsed')} <Time at={token.lastUsedAt} />
                      </>
                    ) : (
                      t('token.neverUsed')
                    ),
                  ]}
                >
                  {token.state === 'waiting' && seat === 'security' && (
                    <Button small kind="primary" busy={act.busy} onClick={() => void run(token.id, 'approve')}>
                      {t('token.approve')}
                    </Button>
                  )}
                  {(token.state === 'waiting' || token.state === 'live') && seat !== 'audit' && (
                    <Button small kind="danger" busy={act.busy} onClick={() => void run(token.id, 'revoke')}>
                      {t('token.revoke')}
                    </Button>
                  )}
                </Row>
              ))}
            </Rows>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
      <Sheet title={t('token.make')} open={making} close={() => setMaking(false)}>
        <MakeToken made={list.reload} />
      </Sheet>
    </div>
  )
}

/** Which system, what it may do, for what, how long; then the key, this once. */
function MakeToken({ made }: { made: () => void }) {
  const t = useText()
  const county = useMe().county
  const [label, setLabel] = useState('')
  const [purpose, setPurpose] = useState<string>('statistics')
  const [days, setDays] = useState('90')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [secret, setSecret] = useState<string | null>(null)
  const act = useAct((body: object, key) => send<Static<typeof CreatedApiToken>>('/identity/tokens', { body, key }))
  if (secret) return <CopyOnce secret={secret} why={t('token.once')} />
  const toggle = (action: string) => {
    const next = new Set(chosen)
    if (!next.delete(action)) next.add(action)
    setChosen(next)
  }
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const grants = [...chosen].map((action) => ({ action, path: county, purpose }))
        const answer = await act.run({ label: label.trim(), grants, expiresInDays: Number(days) })
        if (!answer) return
        setSecret(answer.token)
        made()
      }}
    >
      <TextField label={t('token.label')} value={label} onChange={setLabel} required maxLength={60} />
      <SelectField
        label={t('purpose.label')}
        value={purpose}
        onChange={setPurpose}
        choices={(['handling', 'supervision', 'statistics', 'administration'] as const).map((value) => ({
          value,
          label: t(purposeNames[value]),
        }))}
      />
      <fieldset className="field">
        <legend>{t('token.may')}</legend>
        {systemActions.map((action) => (
          <CheckField
            key={action}
            label={t(actionNames[action])}
            checked={chosen.has(action)}
            onChange={() => toggle(action)}
          />
        ))}
      </fieldset>
      <SelectField
        label={t('token.days')}
        value={days}
        onChange={setDays}
        choices={['30', '90', '180', '365'].map((value) => ({ value, label: t('token.dayCount', { days: value }) }))}
      />
      <Refused error={act.error} />
      <Button type="submit" kind="primary" busy={act.busy} disabled={chosen.size === 0} wide>
        {t('token.make')}
      </Button>
    </form>
  )
}
