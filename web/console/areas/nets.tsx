import type { Nets } from '../../../src/grid/areas/contract.ts'
import { useText, type TextKey } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'

export const netChoices = ['base', 'party', 'police', 'business', 'large'] as const
export type Net = (typeof netChoices)[number]
const names: Record<Net, TextKey> = {
  base: 'nets.base',
  party: 'nets.party',
  police: 'nets.police',
  business: 'nets.business',
  large: 'nets.large',
}
export const kindNames: Partial<Record<Nets['items'][number]['kind'], TextKey>> = {
  town: 'kind.town',
  village: 'kind.village',
  community: 'kind.community',
  industrialZone: 'kind.industrialZone',
  estate: 'kind.estate',
  grid: 'kind.grid',
  microGrid: 'kind.microGrid',
  dedicatedGrid: 'kind.dedicatedGrid',
  largeArea: 'kind.largeArea',
  partyCommittee: 'kind.partyCommittee',
  partyAlliance: 'kind.partyAlliance',
  partyBranch: 'kind.partyBranch',
  homeBranch: 'kind.homeBranch',
  floatingBranch: 'kind.floatingBranch',
  partyGrid: 'kind.partyGrid',
  policeGrid: 'kind.policeGrid',
  businessGrid: 'kind.businessGrid',
  other: 'kind.other',
}
const order = Object.keys(kindNames)

/** Which net an area of a kind belongs to. */
export const netOfKind = (kind: string): Net =>
  kind === 'largeArea'
    ? 'large'
    : kind === 'policeGrid'
      ? 'police'
      : kind === 'businessGrid'
        ? 'business'
        : /^party|Branch$/.test(kind)
          ? 'party'
          : 'base'

/** The nets over one ground with how many areas each has here; choosing one shows it on the map. */
export function NetSwitch({ path, net, choose }: { path: string; net: Net; choose: (net: Net) => void }) {
  const t = useText()
  const counts = useRead<Nets>(`/grid/nets?path=${encodeURIComponent(path)}`)
  if (counts.error?.status === 403) return null
  return (
    <Shown of={counts} waiting={<Skeleton lines={1} />}>
      {({ items }) => {
        const of = (one: Net) =>
          items
            .filter(({ overlay, kind }) => (kind === 'largeArea' ? 'large' : overlay) === one)
            .toSorted((left, right) => order.indexOf(left.kind) - order.indexOf(right.kind))
        if (items.length === 0) return null
        return (
          <div className="net-switch" role="group" aria-label={t('nets.choose')}>
            {netChoices.map((one) => {
              const own = of(one)
              if (own.length === 0 && one !== 'base') return null
              return (
                <button key={one} type="button" aria-pressed={net === one} onClick={() => choose(one)}>
                  <span className="net-head">
                    <span className={`net-mark net-${one}`} aria-hidden="true" /> {t(names[one])}
                  </span>
                  <span className="faint small">
                    {own.map(({ kind, areas }) => `${t(kindNames[kind] ?? 'kind.other')} ${areas}`).join(' · ') || '–'}
                  </span>
                  {own.some(({ posts }) => posts > 0) && (
                    <span className="faint small">
                      {t('nets.manned', {
                        manned: own.reduce((sum, { manned }) => sum + manned, 0),
                        posts: own.reduce((sum, { posts }) => sum + posts, 0),
                      })}
                    </span>
                  )}
                </button>
              )
            })}
          </div>
        )
      }}
    </Shown>
  )
}
