import { useQuery } from '@tanstack/react-query'
import type { AreaBrief } from '../../../src/grid/areas/contract.ts'
import type { RegistryTerms } from '../../../src/registry/terms/contract.ts'
import { read } from '../../shared/api.ts'
import { language, useText } from '../../shared/i18n/text.ts'

const baseKinds = new Set(['county', 'town', 'village', 'community', 'estate', 'grid', 'microGrid', 'dedicatedGrid'])

/** Whether nothing of the base net lies below: a micro-grid, or whatever is the smallest here. Undefined while that is asked. */
export function useIsLeaf(area: string | undefined): boolean | undefined {
  const list = useQuery({
    queryKey: ['below', language(), area],
    enabled: area !== undefined,
    queryFn: () => below(area ?? ''),
  }).data?.items
  return list && !list.some(({ kind }) => baseKinds.has(kind))
}

const below = (parent: string) =>
  read<{ items: AreaBrief[] }>(`/grid/areas?limit=100&overlay=base&under=${encodeURIComponent(parent)}`)

/** Where one is, from one's own places down; one select a level, so that keyboard and reader walk it like a path. */
export function PlacePicker({
  terms,
  area,
  choose,
}: {
  terms: RegistryTerms
  area: string | undefined
  choose: (area: string | undefined) => void
}) {
  const t = useText()
  const root =
    terms.places.find(({ areaPath }) => area === areaPath || area?.startsWith(`${areaPath}/`)) ??
    (terms.places.length === 1 ? terms.places[0] : undefined)
  const steps = root ? stepsFrom(root.areaPath, area ?? root.areaPath) : []
  return (
    <div className="place-path" role="group" aria-label={t('registry.where')}>
      {terms.places.length > 1 ? (
        <select
          className="input"
          aria-label={t('registry.where')}
          value={root?.areaPath ?? ''}
          onChange={(event) => choose(event.target.value || undefined)}
        >
          <option value="">{t('registry.allPlaces')}</option>
          {terms.places.map(({ areaPath, areaName }) => (
            <option key={areaPath} value={areaPath}>
              {areaName}
            </option>
          ))}
        </select>
      ) : (
        <button
          type="button"
          className="place-root"
          onClick={() => choose(undefined)}
          aria-current={steps.length === 1}
        >
          {root?.areaName ?? ''}
        </button>
      )}
      {steps.map((parent, at) => (
        <Level key={parent} parent={parent} chosen={steps[at + 1]} choose={choose} />
      ))}
    </div>
  )
}

/** The place and each above it, down from the root. */
function stepsFrom(root: string, path: string): string[] {
  const more = path.startsWith(`${root}/`) ? path.slice(root.length + 1).split('/') : []
  return [root, ...more.map((_code, at) => [root, ...more.slice(0, at + 1)].join('/'))]
}

function Level({
  parent,
  chosen,
  choose,
}: {
  parent: string
  chosen: string | undefined
  choose: (area: string | undefined) => void
}) {
  const t = useText()
  const list = useQuery({ queryKey: ['below', language(), parent], queryFn: () => below(parent) }).data?.items
  const areas = list?.filter(({ kind }) => baseKinds.has(kind)) ?? []
  if (areas.length === 0) return null
  return (
    <select
      className="input"
      aria-label={t('registry.below')}
      value={chosen ?? ''}
      onChange={(event) => choose(event.target.value || parent)}
    >
      <option value="">{t('registry.allBelow')}</option>
      {areas.map(({ path, name }) => (
        <option key={path} value={path}>
          {name}
        </option>
      ))}
    </select>
  )
}
