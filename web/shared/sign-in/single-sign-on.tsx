import type { Static } from 'typebox'
import type { OidcVisit, SignInWays } from '../../../src/identity/oidc/contract.ts'
import { send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct, useRead } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { Refused } from '../ui/states.tsx'

/** The way in through the county's own sign-on, where one is configured; nothing otherwise. */
export function SingleSignOn() {
  const t = useText()
  const ways = useRead<Static<typeof SignInWays>>('/identity/ways')
  const start = useAct((body: { returnTo: string }, key) =>
    send<Static<typeof OidcVisit>>('/identity/oidc/start', { body, key }),
  )
  if (!ways.data?.oidc) return null
  return (
    <div className="stack-s">
      <Refused error={start.error} />
      <Button
        wide
        busy={start.busy}
        onClick={async () => {
          const visit = await start.run({ returnTo: location.pathname })
          if (visit) location.href = visit.url
        }}
      >
        {t('signIn.sso')}
      </Button>
    </div>
  )
}
