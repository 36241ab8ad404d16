import type { Signing } from '../../../src/signing/signer/contract.ts'
import { useText, type TextKey } from '../../shared/i18n/text.ts'
import { Title } from '../../shared/ui/title.tsx'

const endTexts: Partial<Record<Signing['state'], readonly [TextKey, TextKey]>> = {
  waiting: ['sign.waiting', 'sign.waitingNext'],
  paused: ['sign.paused', 'sign.pausedNext'],
  declined: ['sign.declined', 'sign.declinedNext'],
  expired: ['sign.expired', 'sign.endedNext'],
  revoked: ['sign.revoked', 'sign.endedNext'],
  superseded: ['sign.superseded', 'sign.endedNext'],
}

/** Nothing to do here now, and why. */
export function Resting({ of }: { of: Signing }) {
  const t = useText()
  const [title, next] = endTexts[of.state] ?? ['sign.waiting', 'sign.waitingNext']
  return (
    <section className="stack">
      <Title text={t(title)} />
      <p className="strong">{of.title}</p>
      <p className="soft">{t(next)}</p>
    </section>
  )
}
