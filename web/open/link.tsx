import { useState } from 'react'
import type { Static } from 'typebox'
import type { OpenLink, Redeemed } from '../../src/identity/links/contract.ts'
import { send } from '../shared/api.ts'
import { useText } from '../shared/i18n/text.ts'
import { useAct, useRead } from '../shared/loading.ts'
import { Button, ButtonLink } from '../shared/ui/button.tsx'
import { TextField } from '../shared/ui/field.tsx'
import { Icon } from '../shared/ui/icon.tsx'
import { isUnknown, Refused, Shown, Skeleton, Unknown } from '../shared/ui/states.tsx'
import { Title } from '../shared/ui/title.tsx'

/** An invitation or a reset: looking changes nothing, only sending the form uses the link. */
export function LinkPage({ token }: { token: string }) {
  const t = useText()
  const path = `/identity/links/${encodeURIComponent(token)}`
  const link = useRead<Static<typeof OpenLink>>(path)
  const [password, setPassword] = useState('')
  const [done, setDone] = useState(false)
  const act = useAct((body: { password: string }, key) =>
    send<Static<typeof Redeemed>>(`${path}/redeem`, { body, key }),
  )
  if (done) {
    return (
      <section className="stack">
        <Title text={t('link.done')} />
        <ButtonLink kind="primary" href="/console">
          {t('signIn.do')}
        </ButtonLink>
      </section>
    )
  }
  if (link.error && isUnknown(link.error)) return <Unknown title={t('link.unknown')} next={t('link.unknownNext')} />
  return (
    <Shown of={link} waiting={<Skeleton lines={3} />}>
      {({ loginName, dropsTotp }) => (
        <form
          className="stack"
          onSubmit={async (event) => {
            event.preventDefault()
            if (await act.run({ password })) setDone(true)
          }}
        >
          <Title text={t('link.title')} />
          <p className="soft">{t('link.lead', { name: loginName })}</p>
          {dropsTotp && (
            <p className="banner">
              <Icon name="info" />
              {t('link.drops')}
            </p>
          )}
          <TextField
            label={t('settings.next')}
            hint={t('settings.nextHint')}
            type="password"
            autoComplete="new-password"
            value={password}
            onChange={setPassword}
            required
          />
          <Refused error={act.error} />
          <Button type="submit" kind="primary" wide busy={act.busy}>
            {t('link.title')}
          </Button>
        </form>
      )}
    </Shown>
  )
}
