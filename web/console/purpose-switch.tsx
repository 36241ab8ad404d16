import { Select } from 'antd'
import type { TextKey } from '../shared/i18n/text.ts'
import { useText } from '../shared/i18n/text.ts'
import type { StatedPurpose } from '../shared/purpose.ts'
import { choosePurpose, usePurpose } from '../shared/purpose.ts'

const names: readonly [StatedPurpose, TextKey][] = [
  ['handling', 'purpose.handling'],
  ['supervision', 'purpose.supervision'],
  ['statistics', 'purpose.statistics'],
]

/**
 * For what one looks at things: a right to handle is none to supervise, and the other way round. Only what one holds is
 * offered, and nothing where there is nothing to choose.
 */
export function PurposeSwitch({ held }: { held: readonly StatedPurpose[] }) {
  const t = useText()
  const stated = usePurpose()
  if (held.length < 2) return null
  return (
    <label className="purpose small">
      <span className="faint">{t('purpose.label')}</span>
      <Select
        size="small"
        variant="filled"
        value={stated}
        onChange={choosePurpose}
        options={names.filter(([value]) => held.includes(value)).map(([value, name]) => ({ value, label: t(name) }))}
      />
    </label>
  )
}
