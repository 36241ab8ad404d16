import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FoundStaff } from '../../../src/grid/posts/contract.ts'
import { read } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { ChoiceField, TextField } from '../../shared/ui/field.tsx'

interface Person {
  accountId: string
  name: string
}
export interface PartPlan {
  code: string
  name: string
  seats: { role: string; unit: string | null; roleName: string; a: Person | null; b: Person | null }[]
}

/** One new part: what it is called and who sits in its posts. An empty seat may be filled later. */
export function PartFields({ at, part, change }: { at: number; part: PartPlan; change: (part: PartPlan) => void }) {
  const t = useText()
  const seat = (index: number, slot: 'a' | 'b', person: Person | null) =>
    change({ ...part, seats: part.seats.map((one, place) => (place === index ? { ...one, [slot]: person } : one)) })
  return (
    <fieldset className="stack-s part-fields">
      <legend className="strong">{t('split.part', { at })}</legend>
      <div className="row">
        <TextField
          label={t('split.code')}
          value={part.code}
          onChange={(code) => change({ ...part, code })}
          maxLength={24}
        />
        <TextField
          label={t('split.name')}
          value={part.name}
          onChange={(name) => change({ ...part, name })}
          maxLength={60}
          required
        />
      </div>
      {part.seats.map((one, index) => (
        <div key={`${one.role}${one.unit}`} className="row">
          {(['a', 'b'] as const).map((slot) => (
            <StaffPick
              key={slot}
              label={`${one.roleName} · ${t(slot === 'a' ? 'areas.slotA' : 'areas.slotB')}`}
              person={one[slot]}
              choose={(person) => seat(index, slot, person)}
            />
          ))}
        </div>
      ))}
    </fieldset>
  )
}

function StaffPick({
  label,
  person,
  choose,
}: {
  label: string
  person: Person | null
  choose: (person: Person | null) => void
}) {
  const t = useText()
  const [words, setWords] = useState('')
  const asked = words.trim()
  const found = useQuery({
    queryKey: ['staff', asked],
    enabled: asked !== '' && person === null,
    queryFn: () => read<FoundStaff>(`/grid/staff?q=${encodeURIComponent(asked)}`),
  })
  if (person)
    return (
      <p className="grow">
        <span className="faint small">{label}</span> <span className="strong">{person.name}</span>{' '}
        <Button small kind="plain" onClick={() => choose(null)}>
          {t('split.other')}
        </Button>
      </p>
    )
  const people = found.data?.items ?? []
  return (
    <div className="grow stack-s">
      <TextField label={label} hint={t('split.seatHint')} optional type="search" value={words} onChange={setWords} />
      {people.length > 0 && (
        <ChoiceField
          label={t('post.found')}
          list
          value=""
          onChange={(accountId) =>
            choose({ accountId, name: people.find((one) => one.accountId === accountId)?.name ?? '' })
          }
          choices={people.map((one) => ({
            value: one.accountId,
            label: one.name,
            note: one.posts.join(' · ') || t('post.none'),
          }))}
        />
      )}
      {found.isSuccess && people.length === 0 && <p className="soft small">{t('post.nobody')}</p>}
    </div>
  )
}
