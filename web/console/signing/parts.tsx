import type { CampaignBrief, EnvelopeBrief, Figures } from '../../../src/signing/campaigns/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Bar } from '../../shared/visits/bar.tsx'
import '../../shared/visits/visits.css'
import { askedOf, campaignStates, envelopeStates, signedOf, troubleName } from './words.ts'

export function CampaignState({ of }: { of: Pick<CampaignBrief, 'state'> }) {
  const t = useText()
  const { label, tone } = campaignStates[of.state]
  return <span className={`tag tag-${tone}`}>{t(label)}</span>
}

export function EnvelopeTag({ of }: { of: Pick<EnvelopeBrief, 'state' | 'trouble'> }) {
  const t = useText()
  const { label, tone } = envelopeStates[of.state]
  return (
    <span className={`tag tag-${of.trouble ? 'overdue' : tone}`}>
      {of.trouble ? t(troubleName(of.trouble)) : t(label)}
    </span>
  )
}

/** How many of those asked have signed, for the eye and in words. */
export function Rate({ of }: { of: Figures }) {
  const t = useText()
  const [signed, asked] = [signedOf(of), askedOf(of)]
  const percent = asked === 0 ? 0 : Math.round((signed / asked) * 100)
  return (
    <>
      <Bar done={signed} all={asked} />
      <span className="small">
        {t('signing.rate', { signed, asked, percent })}
        {of.faulty > 0 && ` · ${t('signing.faulty', { count: of.faulty })}`}
        {of.declined > 0 && ` · ${t('signing.declined', { count: of.declined })}`}
      </span>
    </>
  )
}

const WIDTH = 640
const HEIGHT = 160

/** The signing rate over time: a step for each hour in which somebody signed. */
export function Curve({ points, asked }: { points: readonly { hour: string; signed: number }[]; asked: number }) {
  const t = useText()
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || asked === 0) return null
  const from = Date.parse(first.hour)
  const span = Math.max(3_600_000, Date.parse(last.hour) - from)
  const x = (hour: string): number => ((Date.parse(hour) - from) / span) * (WIDTH - 20) + 10
  const y = (signed: number): number => HEIGHT - 10 - (signed / asked) * (HEIGHT - 20)
  const path = points.map(
    ({ hour, signed }, at) => `${at === 0 ? 'M' : 'L'}${x(hour).toFixed(1)} ${y(signed).toFixed(1)}`,
  )
  const said = t('signing.curveSaid', { signed: last.signed, asked })
  return (
    <figure className="signing-curve">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said}>
        {[0, 0.5, 0.9, 1].map((share) => (
          <line
            key={share}
            x1="10"
            x2={WIDTH - 10}
            y1={y(asked * share)}
            y2={y(asked * share)}
            className="signing-grid"
          />
        ))}
        <path d={`M10 ${y(0)} ${path.join(' ').replace('M', 'L')}`} className="signing-line" />
        <circle cx={x(last.hour)} cy={y(last.signed)} r="4" className="signing-dot" />
      </svg>
      <figcaption className="soft small">{said}</figcaption>
    </figure>
  )
}
