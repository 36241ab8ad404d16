import { useState } from 'react'
import type { Static } from 'typebox'
import type { Account, AccountSessions } from '../../../src/identity/accounts/contract.ts'
import type { IssuedLink } from '../../../src/identity/links/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { CopyOnce } from './copy-once.tsx'

/** A link for a new password, where the account is signed in, and switching it off or on. */
export function AccountActs({ account, changed }: { account: Account; changed: () => void }) {
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
        <>
          <CopyOnce secret={`${location.origin}${link.path}`} why={t('account.linkOnce')} />
          <p className="small">
            {t('account.linkUntil')} <Time at={link.expiresAt} />
          </p>
        </>
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
      <SignedIn account={account} changed={changed} />
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

/** Where the account is signed in now; all at once can be signed out, for a lost phone or a desk left open. */
function SignedIn({ account, changed }: { account: Account; changed: () => void }) {
  const t = useText()
  const list = useRead<AccountSessions>(`/identity/accounts/${account.id}/sessions`)
  const end = useAct((_: object, key) =>
    send<{ ended: number }>(`/identity/accounts/${account.id}/sessions/end`, {
      body: { version: account.version },
      key,
    }),
  )
  return (
    <section className="stack-s">
      <h3>{t('devices.title')}</h3>
      <Shown of={list}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{t('account.nowhere')}</p>
          ) : (
            <>
              <ul className="stack-s">
                {items.map((session) => (
                  <li key={session.id}>
                    {session.device}{' '}
                    <span className="soft small">
                      {t('devices.since')} <Time at={session.signedInAt} />
                    </span>
                  </li>
                ))}
              </ul>
              <Refused error={end.error} />
              <Button
                kind="danger"
                busy={end.busy}
                onClick={async () => {
                  const answer = await end.run({})
                  if (!answer) return
                  say(t('account.ended', { count: answer.ended }))
                  changed()
                }}
              >
                {t('account.endAll')}
              </Button>
            </>
          )
        }
      </Shown>
    </section>
  )
}
