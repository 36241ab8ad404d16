import { useState } from 'react'
import type { Account } from '../../../src/identity/accounts/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { seatNames } from '../../shared/sign-in/seats.ts'
import { Button } from '../../shared/ui/button.tsx'
import { SelectField, TextField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { useMe } from '../me-context.ts'
import { usePagedQuery } from '../paged-query.ts'
import { AccountActs } from './account-acts.tsx'
import { InviteForm } from './invite-form.tsx'
import { Row, Rows, Tag } from './rows.tsx'

const statusNames: Record<Account['status'], { name: TextKey; look: string }> = {
  invited: { name: 'account.invited', look: 'dueSoon' },
  active: { name: 'account.active', look: 'verified' },
  disabled: { name: 'account.disabled', look: 'parked' },
}

/** Everybody on the staff: found by login name or phone, with what they do in the grid. */
export function Accounts() {
  const t = useText()
  const seat = useMe().seats[0]
  const [typed, setTyped] = useState('')
  const [q, setQ] = useState('')
  const [status, setStatus] = useState('')
  const wanted = new URLSearchParams({ limit: '50', ...(q ? { q } : {}), ...(status ? { status } : {}) })
  const list = usePagedQuery<Account>(`/identity/accounts?${wanted.toString()}`)
  const [inviting, setInviting] = useState(false)
  const [chosen, setChosen] = useState<Account | null>(null)
  const changed = () => {
    setInviting(false)
    setChosen(null)
    list.reload()
  }
  return (
    <div className="stack">
      <form
        className="admin-filters"
        role="search"
        onSubmit={(event) => {
          event.preventDefault()
          setQ(typed.trim())
        }}
      >
        <TextField label={t('account.search')} value={typed} onChange={setTyped} maxLength={40} type="search" />
        <SelectField
          label={t('work.state')}
          value={status}
          onChange={setStatus}
          empty={t('scope.all')}
          choices={Object.entries(statusNames).map(([value, { name }]) => ({ value, label: t(name) }))}
        />
        <div className="row">
          <Button type="submit" icon="search">
            {t('account.find')}
          </Button>
          {seat === 'system' && (
            <Button kind="primary" icon="plus" onClick={() => setInviting(true)}>
              {t('account.invite')}
            </Button>
          )}
        </div>
      </form>
      <Shown of={list} waiting={<Skeleton lines={8} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('account.none')}>{t('account.noneNext')}</Empty>
          ) : (
            <Rows label={t('admin.accounts')}>
              {items.map((account) => (
                <Row
                  key={account.id}
                  title={account.name || account.loginName}
                  tag={<Tag look={statusNames[account.status].look}>{t(statusNames[account.status].name)}</Tag>}
                  facts={[
                    account.loginName,
                    account.phone,
                    [...account.seats.map((one) => t(seatNames[one])), ...account.posts].join('、') ||
                      t('account.noPost'),
                    account.totp ? t('account.totpOn') : t('account.totpOff'),
                    account.lastSignedInAt ? (
                      <>
                        {t('account.lastSeen')} <Time at={account.lastSignedInAt} />
                      </>
                    ) : (
                      t('account.neverSeen')
                    ),
                  ]}
                >
                  {seat !== 'audit' && (
                    <Button
                      small
                      onClick={() => setChosen(account)}
                      aria-label={`${t('account.open')} ${account.name}`}
                    >
                      {t('account.open')}
                    </Button>
                  )}
                </Row>
              ))}
            </Rows>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
      <Sheet title={t('account.invite')} open={inviting} close={() => setInviting(false)}>
        <InviteForm
          done={(account) => {
            changed()
            setChosen(account)
          }}
        />
      </Sheet>
      <Sheet title={chosen?.name ?? ''} open={chosen !== null} close={() => setChosen(null)}>
        {chosen && <AccountActs account={chosen} changed={changed} key={chosen.id} />}
      </Sheet>
    </div>
  )
}
