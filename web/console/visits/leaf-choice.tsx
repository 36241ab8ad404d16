import type { AreaBrief } from '../../../src/grid/areas/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { usePages } from '../../shared/loading.ts'
import { SelectField } from '../../shared/ui/field.tsx'

/** Down from one's own place to a part of it, a level at a time. */
export function LeafChoice({ root, chosen, choose }: { root: string; chosen: string; choose: (path: string) => void }) {
  const trail =
    chosen === ''
      ? []
      : chosen
          .slice(root.length + 1)
          .split('/')
          .filter(Boolean)
  const levels = [root, ...trail.map((_, at) => [root, ...trail.slice(0, at + 1)].join('/'))]
  return (
    <div className="row">
      {levels.map((path, at) => (
        <Level key={path} under={path} chosen={levels[at + 1] ?? ''} choose={(next) => choose(next || path)} />
      ))}
    </div>
  )
}

function Level({ under, chosen, choose }: { under: string; chosen: string; choose: (path: string) => void }) {
  const t = useText()
  const areas = usePages<AreaBrief>(`/grid/areas?under=${encodeURIComponent(under)}&limit=100`).data ?? []
  if (areas.length === 0) return null
  return (
    <SelectField
      label={t('visit.area')}
      value={chosen}
      onChange={choose}
      empty={t('scope.all')}
      choices={areas.map(({ path, name }) => ({ value: path, label: name }))}
    />
  )
}
