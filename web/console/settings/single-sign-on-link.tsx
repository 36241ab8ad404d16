import type { Static } from 'typebox'
import type { OidcVisit, SignInWays } from '../../../src/identity/oidc/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused } from '../../shared/ui/states.tsx'

/** Ties the own account to the identity of the county’s single sign-on; only where there is one. */
export function SingleSignOnLink() {
  const t = useText()
  const ways = useRead<Static<typeof SignInWays>>('/identity/ways')
  const link = useAct((body: { returnTo: string }, key) =>
    send<Static<typeof OidcVisit>>('/identity/me/oidc/link', { body, key }),
  )
  const unlink = useAct((_: object, key) => send('/identity/me/oidc/unlink', { body: {}, key }))
  if (!ways.data?.oidc) return null
  return (
    <section className="card stack">
      <h2>{t('signIn.sso')}</h2>
      <p className="soft small">{t('sso.lead')}</p>
      <Refused error={link.error ?? unlink.error} />
      <div className="row">
        <Button
          busy={link.busy}
          onClick={async () => {
            const visit = await link.run({ returnTo: '/console/settings' })
            if (visit) location.href = visit.url
          }}
        >
          {t('sso.link')}
        </Button>
        <Button busy={unlink.busy} onClick={async () => (await unlink.run({})) && say(t('sso.unlinked'))}>
          {t('sso.unlink')}
        </Button>
      </div>
    </section>
  )
}
