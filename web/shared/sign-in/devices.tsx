import type { OpenSession } from '../../../src/identity/sessions/contract.ts'
import { send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct, useRead } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { Refused, Shown } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'

/** Where this account is signed in; an unknown device is signed out with one tap. */
export function Devices() {
  const t = useText()
  const list = useRead<{ items: OpenSession[] }>('/identity/me/sessions')
  const act = useAct((id: string, key) => send(`/identity/me/sessions/${id}/end`, { body: {}, key }))
  const end = async (id: string) => {
    await act.run(id)
    list.reload()
  }
  return (
    <>
      <Refused error={act.error} />
      <Shown of={list}>
        {({ items }) => (
          <ul className="card stack">
            {items.map((session) => (
              <li className="spread" key={session.id}>
                <span>
                  <span className="strong">{session.device}</span>
                  <br />
                  <span className="soft small">
                    {t('devices.since')} <Time at={session.signedInAt} />
                  </span>
                </span>
                {session.isThis ? (
                  <span className="tag tag-verified">{t('devices.this')}</span>
                ) : (
                  <Button kind="danger" small busy={act.busy} onClick={() => void end(session.id)}>
                    {t('devices.end')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </>
  )
}
