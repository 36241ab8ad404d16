import type { OwnConsent, OwnRecord } from '../../../src/registry/own/contract.ts'
import { send } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused } from '../../shared/ui/states.tsx'

/** What one agrees to, purpose by purpose; what hangs on it goes when it is withdrawn. */
export function Consents({ of, changed }: { of: readonly OwnConsent[]; changed: (own: OwnRecord) => void }) {
  const t = useText()
  const act = useAct(({ purpose, textHash, agree }: { purpose: string; textHash: string; agree: boolean }, key) =>
    send<OwnRecord>(`/registry/own/consents/${purpose}`, { body: { agree, textHash }, key }),
  )
  const decide = async ({ purpose, textHash }: OwnConsent, agree: boolean) => {
    const own = await act.run({ purpose, textHash, agree })
    if (!own) return
    changed(own)
    say(agree ? t('ownRecord.agreed') : t('ownRecord.withdrawn'))
  }
  return (
    <section className="card stack-s">
      <h2>{t('ownRecord.consents')}</h2>
      <Refused error={act.error} />
      {of.map((one) => (
        <details key={one.purpose}>
          <summary>
            {one.name} <span className="soft small">{stateOf(t, one)}</span>
          </summary>
          <p>{one.words}</p>
          <div className="row">
            {one.givenAt === null && (
              <Button small busy={act.busy} onClick={() => void decide(one, true)}>
                {t('ownRecord.agree')}
              </Button>
            )}
            {(one.givenAt !== null || one.holds) && (
              <Button small kind="danger" busy={act.busy} onClick={() => void decide(one, false)}>
                {one.group ? t('ownRecord.withdrawErase') : t('ownRecord.withdrawConsent')}
              </Button>
            )}
          </div>
        </details>
      ))}
    </section>
  )
}

function stateOf(t: ReturnType<typeof useText>, { givenAt, holds }: OwnConsent): string {
  if (givenAt !== null) return t('ownRecord.givenOn', { day: saidDay(givenAt) })
  return holds ? t('ownRecord.notAsked') : t('ownRecord.notGiven')
}
