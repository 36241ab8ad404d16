import { useState } from 'react'
import type { ShownCategory } from '../../../src/packs/contract.ts'
import { useText } from '../i18n/text.ts'
import { ChoiceField } from '../ui/field.tsx'

interface Choosing {
  categories: readonly ShownCategory[]
  value: string
  onChange: (code: string) => void
  wrong: string | undefined
}

/** So many chips are read at a glance; more are asked in two steps. */
const glanceMax = 12

/** What it is about: one tap, or first the field and then the matter where there are many. */
export function CategoryField({ categories, value, onChange, wrong }: Choosing) {
  const t = useText()
  const [group, setGroup] = useState('')
  const chosen = categories.find(({ code }) => code === value)
  const shownGroup = chosen?.group ?? group
  const groups = [...new Map(categories.map((one) => [one.group, one.groupName || one.group])).entries()]
  const chips = (list: readonly ShownCategory[]) => list.map(({ code, name }) => ({ value: code, label: name }))
  if (categories.length <= glanceMax || groups.length < 2) {
    return (
      <ChoiceField
        label={t('report.category')}
        choices={chips(categories)}
        value={value}
        onChange={onChange}
        wrong={wrong}
      />
    )
  }
  return (
    <>
      <ChoiceField
        label={t('report.category')}
        choices={groups.map(([code, name]) => ({ value: code, label: name }))}
        value={shownGroup}
        onChange={(next) => {
          setGroup(next)
          onChange('')
        }}
        wrong={shownGroup ? undefined : wrong}
      />
      {shownGroup && (
        <ChoiceField
          label={t('report.categoryMore')}
          choices={chips(categories.filter((one) => one.group === shownGroup))}
          value={value}
          onChange={onChange}
          wrong={wrong}
        />
      )}
    </>
  )
}
