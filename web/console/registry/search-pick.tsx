import type { ReactNode } from 'react'
import { useState } from 'react'
import type { FoundAddress, FoundPerson, SearchAnswer } from '../../../src/registry/search/contract.ts'
import { randomKey, send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { ChoiceField, TextField, type Choice } from '../../shared/ui/field.tsx'
import { Refused } from '../../shared/ui/states.tsx'

export type PickedPremises = Pick<FoundAddress, 'id' | 'address'>
export type PickedPerson = Pick<FoundPerson, 'id' | 'name'>

/** A home found by its address: some words of it, then one of what was found. */
export function PremisesPick({
  label,
  chosen,
  choose,
}: {
  label: string
  chosen: PickedPremises | null
  choose: (premises: PickedPremises | null) => void
}) {
  const t = useText()
  return (
    <SearchPick
      label={label}
      hint={t('homes.pickHint')}
      foundLabel={t('homes.foundHomes')}
      of={({ addresses }) => addresses.items.filter(({ kind }) => kind === 'premises')}
      choiceOf={({ id, address, areaName }) => ({ value: id, label: address, note: areaName })}
      chosen={chosen?.address ?? null}
      choose={choose}
    />
  )
}

/** Somebody of the registry, found as the search box finds: by name, pinyin, phone or ID number. */
export function PersonPick({
  label,
  chosen,
  choose,
}: {
  label: string
  chosen: PickedPerson | null
  choose: (person: PickedPerson | null) => void
}) {
  const t = useText()
  return (
    <SearchPick
      label={label}
      hint={t('registry.searchHint')}
      foundLabel={t('homes.foundPeople')}
      of={({ people }) => people.items}
      choiceOf={({ id, name, age, address, areaName, phone }) => ({
        value: id,
        label: age === null ? name : `${name} ${t('registry.years', { age })}`,
        note: [address ?? areaName, phone].filter(Boolean).join(' · '),
      })}
      chosen={chosen?.name ?? null}
      choose={choose}
    />
  )
}

function SearchPick<Item extends { id: string }>({
  label,
  hint,
  foundLabel,
  of,
  choiceOf,
  chosen,
  choose,
}: {
  label: string
  hint: ReactNode
  foundLabel: string
  of: (answer: SearchAnswer) => readonly Item[]
  choiceOf: (item: Item) => Choice
  chosen: string | null
  choose: (item: Item | null) => void
}) {
  const t = useText()
  const [words, setWords] = useState('')
  const [found, setFound] = useState<readonly Item[]>()
  const act = useAct((q: string) =>
    send<SearchAnswer>('/registry/search', { body: { q, limit: 20 }, key: randomKey() }),
  )
  const look = async () => {
    if (words.trim() === '') return
    const answer = await act.run(words)
    if (answer) setFound(of(answer))
  }
  if (chosen !== null)
    return (
      <p className="row">
        <span>
          <span className="faint small">{label}</span> <span className="strong">{chosen}</span>
        </span>
        <Button small kind="plain" onClick={() => choose(null)}>
          {t('split.other')}
        </Button>
      </p>
    )
  return (
    <div className="stack-s">
      <TextField
        label={label}
        hint={hint}
        type="search"
        value={words}
        onChange={setWords}
        maxLength={100}
        // Enter looks; it does not send the form around it.
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          void look()
        }}
        side={
          <Button busy={act.busy} onClick={() => void look()}>
            {t('homes.look')}
          </Button>
        }
      />
      <Refused error={act.error} />
      {found?.length === 0 && <p className="soft small">{t('registry.searchNothing')}</p>}
      {found && found.length > 0 && (
        <ChoiceField
          label={foundLabel}
          list
          value=""
          onChange={(id) => choose(found.find((one) => one.id === id) ?? null)}
          choices={found.map(choiceOf)}
        />
      )}
    </div>
  )
}
