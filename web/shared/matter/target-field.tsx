import { useState } from 'react'
import type { Target } from '../../../src/loop/contract.ts'
import { useText } from '../i18n/text.ts'
import { ChoiceField } from '../ui/field.tsx'

const fewMax = 6

interface Choosing {
  targets: readonly Target[]
  value: string
  onChange: (value: string) => void
  wrong: string | undefined
}

/** To whom something is given: a few in sight; many under the names of their roles, with a box to search in. */
export function TargetField({ targets, value, onChange, wrong }: Choosing) {
  const t = useText()
  if (targets.length === 0) return null
  const choices = targets.map((target, index) => ({ value: String(index), label: target.label, group: target.group }))
  if (choices.length <= fewMax)
    return (
      <ChoiceField label={t('matter.target')} value={value} onChange={onChange} choices={choices} wrong={wrong} list />
    )
  return <ManyTargets choices={choices} value={value} onChange={onChange} wrong={wrong} />
}

function ManyTargets({
  choices,
  value,
  onChange,
  wrong,
}: Omit<Choosing, 'targets'> & { choices: { value: string; label: string; group: string }[] }) {
  const t = useText()
  const [words, setWords] = useState('')
  const asked = words.trim().toLowerCase()
  const found = choices.filter(
    ({ value: one, label, group }) => one === value || `${label} ${group}`.toLowerCase().includes(asked),
  )
  const groups = [...new Set(found.map(({ group }) => group))]
  return (
    <div className="targets">
      <div className="field">
        <input
          className="input"
          type="search"
          aria-label={t('target.search')}
          placeholder={t('target.search')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </div>
      <div className="targets-list">
        <ChoiceField
          label={t('matter.target')}
          value={value}
          onChange={onChange}
          choices={found}
          groups={groups}
          wrong={wrong}
          list
        />
        {found.length === 0 && <p className="soft">{t('target.none')}</p>}
      </div>
    </div>
  )
}
