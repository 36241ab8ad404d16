import { useState } from 'react'
import type { Person } from '../../../src/registry/people/contract.ts'
import { isStale, send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { choicesOf } from '../../shared/registry/words.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, ChoiceField, SelectField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Refused } from '../../shared/ui/states.tsx'
import { useTagList } from './use-terms.ts'

interface Acting {
  person: Person
  saved: (next: Person) => void
}

/** What is wrong in a record and how it should be, with the reason that stays in its history. */
export function CorrectPerson({ person, saved }: Acting) {
  const t = useText()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {t('registry.correct')}
      </Button>
      <Sheet title={t('registry.correctOf', { name: person.name })} open={open} close={() => setOpen(false)}>
        <Correcting
          person={person}
          saved={(next) => {
            setOpen(false)
            saved(next)
          }}
        />
      </Sheet>
    </>
  )
}

function Correcting({ person, saved }: Acting) {
  const t = useText()
  const [draft, setDraft] = useState({
    name: person.name,
    citizenId: '',
    sex: person.sex ?? '',
    bornOn: person.bornOn ?? '',
    registration: person.registration,
    reason: '',
  })
  const change = (part: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...part }))
  const act = useAct((body: object, key) => send<Person>(`/registry/people/${person.id}/corrections`, { body, key }))
  const save = async () => {
    const next = await act.run({
      ...(draft.name !== person.name && { name: draft.name }),
      ...(draft.citizenId.trim() !== '' && { citizenId: draft.citizenId }),
      ...(draft.sex !== (person.sex ?? '') && { sex: draft.sex || null }),
      ...(draft.bornOn !== (person.bornOn ?? '') && { bornOn: draft.bornOn || null }),
      ...(draft.registration !== person.registration && { registration: draft.registration }),
      reason: draft.reason,
      version: person.version,
    })
    if (!next) return
    say(t('registry.corrected'))
    saved(next)
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <TextField
        label={t('registry.name')}
        value={draft.name}
        onChange={(name) => change({ name })}
        required
        maxLength={60}
      />
      <TextField
        label={t('registry.citizenId')}
        hint={t('registry.citizenIdCorrect', { masked: person.citizenId ?? t('registry.none') })}
        optional
        value={draft.citizenId}
        onChange={(citizenId) => change({ citizenId })}
        maxLength={30}
        autoComplete="off"
      />
      <ChoiceField
        label={t('registry.sexName')}
        value={draft.sex}
        onChange={(sex) => change({ sex })}
        choices={choicesOf(t, 'sex')}
      />
      <TextField
        label={t('registry.bornOn')}
        type="date"
        value={draft.bornOn}
        onChange={(bornOn) => change({ bornOn })}
      />
      <SelectField
        label={t('registry.registrationName')}
        value={draft.registration}
        onChange={(registration) => change({ registration })}
        choices={choicesOf(t, 'registration')}
      />
      <TextField
        label={t('matter.reason')}
        hint={t('registry.reasonHint')}
        value={draft.reason}
        onChange={(reason) => change({ reason })}
        required
        minLength={2}
        maxLength={200}
      />
      <Refused error={act.error} />
      {isStale(act.error) && <p className="soft">{t('registry.reload')}</p>}
      <Button type="submit" kind="primary" busy={act.busy} wide>
        {t('act.save')}
      </Button>
    </form>
  )
}

/** Marks that people set; those that follow from a rule stand there and cannot be touched. */
export function SetTags({ person, saved }: Acting) {
  const t = useText()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {t('registry.changeTags')}
      </Button>
      <Sheet title={t('registry.changeTags')} open={open} close={() => setOpen(false)}>
        <Tagging
          person={person}
          saved={(next) => {
            setOpen(false)
            saved(next)
          }}
        />
      </Sheet>
    </>
  )
}

function Tagging({ person, saved }: Acting) {
  const t = useText()
  const tags = useTagList()
  const had = new Set(person.tags.map(({ tag }) => tag))
  const [chosen, setChosen] = useState(had)
  const [until, setUntil] = useState<Record<string, string>>({})
  const act = useAct((body: object, key) => send<Person>(`/registry/people/${person.id}/tags`, { body, key }))
  const save = async () => {
    const add = [...chosen].filter((tag) => !had.has(tag)).map((tag) => ({ tag, untilOn: until[tag] ?? null }))
    const remove = [...had].filter((tag) => !chosen.has(tag))
    const next = await act.run({ add, remove, version: person.version, source: 'counter' })
    if (next) saved(next)
  }
  const toggle = (tag: string, on: boolean) =>
    setChosen((now) => new Set(on ? [...now, tag] : [...now].filter((one) => one !== tag)))
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      {tags
        .filter(({ derived }) => !derived)
        .map(({ code, name, meaning, ends }) => (
          <div key={code}>
            <CheckField
              label={
                <>
                  {name} <span className="faint small">{meaning}</span>
                </>
              }
              checked={chosen.has(code)}
              onChange={(on) => toggle(code, on)}
            />
            {ends && chosen.has(code) && !had.has(code) && (
              <TextField
                label={t('registry.tagUntil')}
                type="date"
                value={until[code] ?? ''}
                onChange={(day) => setUntil((now) => ({ ...now, [code]: day }))}
                required
              />
            )}
          </div>
        ))}
      <p className="faint small">{t('registry.derivedNote')}</p>
      <Refused error={act.error} />
      <Button type="submit" kind="primary" busy={act.busy} wide>
        {t('act.save')}
      </Button>
    </form>
  )
}
