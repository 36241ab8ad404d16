import { Table } from 'antd'
import { useState } from 'react'
import type { Static } from 'typebox'
import type { Account } from '../../../src/identity/accounts/contract.ts'
import type { IssuedLink } from '../../../src/identity/links/contract.ts'
import { send } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { seatNames } from '../../shared/sign-in/seats.ts'
import { Button } from '../../shared/ui/button.tsx'
import { PhoneField, TextField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { useMe } from '../me-context.ts'
import { usePagedQuery } from '../paged-query.ts'

const statusNames: Record<Account['status'], { name: TextKey; look: string }> = {
  invited: { name: 'account.invited', look: 'dueSoon' },
  active: { name: 'account.active', look: 'verified' },
  disabled: { name: 'account.disabled', look: 'parked' },
}

export function Accounts() {
  const t = useText()
  const audits = useMe().seats.includes('audit')
  const list = usePagedQuery<Account>('/identity/accounts?limit=50')
  const [inviting, setInviting] = useState(false)
  const [chosen, setChosen] = useState<Account | null>(null)
  const changed = () => {
    setInviting(false)
    setChosen(null)
    list.reload()
  }
  return (
    <div className="stack">
      {!audits && (
        <div>
          <Button kind="primary" small icon="plus" onClick={() => setInviting(true)}>
            {t('account.invite')}
          </Button>
        </div>
      )}
      <Shown of={list} waiting={<Skeleton lines={8} />}>
        {(items) => (
          <div className="sheet-table">
            <Table<Account>
              rowKey="id"
              dataSource={items}
              pagination={false}
              size="middle"
              scroll={{ x: 760 }}
              columns={[
                {
                  title: t('account.name'),
                  render: (_, account) =>
                    [account.name, ...account.seats.map((seat) => t(seatNames[seat]))].join(' · '),
                },
                { title: t('signIn.loginName'), render: (_, account) => account.loginName ?? account.phone ?? '—' },
                {
                  title: t('work.state'),
                  width: 110,
                  render: (_, account) => (
                    <span className={`tag tag-${statusNames[account.status].look}`}>
                      {t(statusNames[account.status].name)}
                    </span>
                  ),
                },
                {
                  title: t('account.totp'),
                  width: 90,
                  render: (_, account) => (account.totp ? t('form.on') : t('form.off')),
                },
                {
                  title: t('account.lastSeen'),
                  width: 140,
                  render: (_, account) => (account.lastSignedInAt ? <Time at={account.lastSignedInAt} /> : '—'),
                },
                {
                  title: t('account.do'),
                  width: 100,
                  render: (_, account) =>
                    account.kind === 'staff' &&
                    !audits && (
                      <Button kind="plain" small onClick={() => setChosen(account)}>
                        {t('account.open')}
                      </Button>
                    ),
                },
              ]}
            />
          </div>
        )}
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

/** Makes an account; what comes next is the link by which its person sets a password. */
function InviteForm({ done }: { done: (account: Account) => void }) {
  const t = useText()
  const [name, setName] = useState('')
  const [loginName, setLoginName] = useState('')
  const [phone, setPhone] = useState('')
  const act = useAct((body: object, key) => send<Account>('/identity/accounts', { body, key }))
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const account = await act.run({
          name: name.trim(),
          loginName: loginName.trim(),
          ...(phone.trim() ? { phone: phone.trim() } : {}),
        })
        if (account) done(account)
      }}
    >
      <TextField label={t('account.name')} value={name} onChange={setName} required maxLength={60} />
      <TextField
        label={t('signIn.loginName')}
        value={loginName}
        onChange={setLoginName}
        required
        minLength={2}
        maxLength={40}
        autoCapitalize="none"
      />
      <PhoneField label={t('phone.label')} optional value={phone} onChange={setPhone} />
      <Refused error={act.error} />
      <Button type="submit" kind="primary" busy={act.busy} wide>
        {t('account.invite')}
      </Button>
    </form>
  )
}

function CopyButton({ text }: { text: string }) {
  const t = useText()
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => say(t('receipt.copied')),
      () => say(t('account.copyByHand'), { wrong: true }),
    )
  return <Button onClick={() => void copy()}>{t('receipt.copy')}</Button>
}

/** A link for a new password, and switching the account off or on. */
function AccountActs({ account, changed }: { account: Account; changed: () => void }) {
  const t = useText()
  const [link, setLink] = useState<Static<typeof IssuedLink> | null>(null)
  const issue = useAct((body: { dropsTotp: boolean }, key) =>
    send<Static<typeof IssuedLink>>(`/identity/accounts/${account.id}/links`, { body, key }),
  )
  const toggle = useAct((act: 'disable' | 'enable', key) =>
    send<Account>(`/identity/accounts/${account.id}/${act}`, { body: { version: account.version }, key }),
  )
  const on = account.status !== 'disabled'
  return (
    <>
      {link ? (
        <div className="stack-s">
          <p className="soft">{t('account.linkOnce')}</p>
          <p className="progress-code" style={{ fontSize: '1em' }}>
            {location.origin}
            {link.path}
          </p>
          <div className="row">
            <CopyButton text={`${location.origin}${link.path}`} />
          </div>
          <p className="small">
            {t('account.linkUntil')} <Time at={link.expiresAt} />
          </p>
        </div>
      ) : (
        <Button busy={issue.busy} onClick={async () => setLink((await issue.run({ dropsTotp: false })) ?? null)}>
          {t('account.link')}
        </Button>
      )}
      {!link && account.totp && (
        <Button busy={issue.busy} onClick={async () => setLink((await issue.run({ dropsTotp: true })) ?? null)}>
          {t('account.linkTotp')}
        </Button>
      )}
      <Refused error={issue.error ?? toggle.error} />
      <Button
        kind={on ? 'danger' : 'quiet'}
        busy={toggle.busy}
        onClick={async () => (await toggle.run(on ? 'disable' : 'enable')) && changed()}
      >
        {on ? t('account.switchOff') : t('account.switchOn')}
      </Button>
    </>
  )
}
