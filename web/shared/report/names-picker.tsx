import { useEffect, useRef, useState } from 'react'
import type { Place } from '../../../src/grid/areas/contract.ts'
import type { Refusal } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { asRefusal } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { SelectField } from '../ui/field.tsx'
import { Refused } from '../ui/states.tsx'
import { placesUnder } from './places.ts'

interface Level {
  choices: readonly Place[]
  chosen: string
}

const levelNames = ['place.level1', 'place.level2', 'place.level3'] as const
/** From the village down a person may stop: whoever answers for the village finds the micro-grid. */
const enoughLevels = 2

const chosenOf = (level: Level | undefined) => level?.choices.find(({ path }) => path === level.chosen)

/** Town, village, grid, micro-grid by name: each choice opens the next level. */
export function NamesPicker({ onChosen }: { onChosen: (path: string, names: string[]) => void }) {
  const t = useText()
  const [levels, setLevels] = useState<readonly Level[]>([])
  const [error, setError] = useState<Refusal>()
  const begun = useRef(false)
  const open = async (parent: string | null, before: readonly Level[]) => {
    try {
      const { items } = await placesUnder(parent)
      setLevels([...before, { choices: items, chosen: '' }])
      setError(undefined)
    } catch (caught) {
      setError(asRefusal(caught))
    }
  }
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    void open(null, [])
  })
  const choose = (index: number, path: string) => {
    const before = levels.slice(0, index + 1).map((level, at) => (at === index ? { ...level, chosen: path } : level))
    setLevels(before)
    const place = chosenOf(before.at(-1))
    if (!place) return
    if (place.hasChildren) void open(path, before)
    else onChosen(path, [place.fullName])
  }
  const deepest = [...levels].reverse().map(chosenOf).find(Boolean)
  return (
    <div className="stack">
      {levels.map((level, index) => (
        <SelectField
          key={index}
          label={t(levelNames[Math.min(index, levelNames.length - 1)] ?? 'place.level3')}
          value={level.chosen}
          empty={t('form.choose')}
          choices={level.choices.map(({ path, name }) => ({ value: path, label: name }))}
          onChange={(path) => choose(index, path)}
        />
      ))}
      {deepest && levels.length > enoughLevels && (
        <div>
          <Button kind="quiet" small onClick={() => onChosen(deepest.path, [deepest.fullName])}>
            {t('place.enough', { name: deepest.name })}
          </Button>
        </div>
      )}
      <Refused error={error} />
    </div>
  )
}
