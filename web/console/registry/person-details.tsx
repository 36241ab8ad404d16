import type { Details, Person } from '../../../src/registry/people/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { TextArea, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { ActForm, ActSheet, ReasonField, useDraft } from './act-sheet.tsx'
import { fieldNames, type GroupCode } from './field-names.ts'

const fieldsOf: Readonly<Record<GroupCode, readonly string[]>> = {
  identity: ['ethnicity', 'nativePlace', 'political'],
  work: ['employer', 'occupation', 'workPlace'],
  education: ['degree', 'school'],
  family: ['marriage', 'emergencyName', 'emergencyPhone', 'cameFrom'],
  health: ['disability', 'illness', 'care'],
  remark: ['text'],
}

type Words = Readonly<Record<string, string | undefined>>

/** Puts one group of what is kept right; the other groups stay as they are. */
export function CorrectGroup({
  person,
  code,
  name,
  details,
  saved,
}: {
  person: Person
  code: GroupCode
  name: string
  details: Details
  saved: (next: Person) => void
}) {
  const t = useText()
  const known: Words = details[code] ?? {}
  return (
    <ActSheet
      label={t(details[code] === undefined ? 'registry.fillIn' : 'registry.change')}
      title={t('person.groupOf', { name: person.name, group: name })}
      kind="plain"
    >
      {(close) => (
        <Correcting
          person={person}
          code={code}
          known={known}
          saved={(next) => {
            close()
            saved(next)
          }}
        />
      )}
    </ActSheet>
  )
}

function Correcting({
  person,
  code,
  known,
  saved,
}: {
  person: Person
  code: GroupCode
  known: Words
  saved: (next: Person) => void
}) {
  const t = useText()
  const [words, change] = useDraft<Record<string, string>>(
    Object.fromEntries(fieldsOf[code].map((field) => [field, known[field] ?? ''])),
  )
  const [why, setWhy] = useDraft({ reason: '' })
  const act = useAct((body: object, key) => send<Person>(`/registry/people/${person.id}/corrections`, { body, key }))
  const save = async () => {
    const filled = Object.fromEntries(Object.entries(words).filter(([, text]) => text.trim() !== ''))
    const next = await act.run({ details: { [code]: filled }, version: person.version, reason: why.reason })
    if (!next) return
    say(t('registry.corrected'))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('act.save')} run={save}>
      {fieldsOf[code].map((field) =>
        field === 'text' ? (
          <TextArea
            key={field}
            label={t(fieldNames[field]!)}
            optional
            value={words[field] ?? ''}
            onChange={(text) => change({ [field]: text })}
            maxLength={500}
            rows={3}
          />
        ) : (
          <TextField
            key={field}
            label={t(fieldNames[field]!)}
            optional
            value={words[field] ?? ''}
            onChange={(text) => change({ [field]: text })}
            maxLength={60}
            autoComplete="off"
          />
        ),
      )}
      <ReasonField value={why.reason} onChange={(reason) => setWhy({ reason })} />
    </ActForm>
  )
}
