import { useQuery } from '@tanstack/react-query'
import type { FieldGroups } from '../../../src/registry/field-groups.ts'
import type { Details, Person, UnmaskedPerson } from '../../../src/registry/people/contract.ts'
import { read } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { language, useText } from '../../shared/i18n/text.ts'
import { Unmask } from '../../shared/registry/unmask.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { useState } from 'react'

const fields: Readonly<Record<string, TextKey>> = {
  ethnicity: 'registry.field.ethnicity',
  nativePlace: 'registry.field.nativePlace',
  political: 'registry.field.political',
  employer: 'registry.field.employer',
  occupation: 'registry.field.occupation',
  workPlace: 'registry.field.workPlace',
  degree: 'registry.field.degree',
  school: 'registry.field.school',
  marriage: 'registry.field.marriage',
  emergencyName: 'registry.field.emergencyName',
  emergencyPhone: 'registry.field.emergencyPhone',
  cameFrom: 'registry.field.cameFrom',
  disability: 'registry.field.disability',
  illness: 'registry.field.illness',
  care: 'registry.field.care',
  text: 'registry.field.text',
}
const detailGroups = ['identity', 'work', 'education', 'family', 'health', 'remark'] as const

/** Each group of what is kept, with what for, on which law, and how long; sensitive ones open with a reason. */
export function FieldGroupCards({
  person,
  open,
  shown,
}: {
  person: Person
  open: UnmaskedPerson
  shown: (found: UnmaskedPerson) => void
}) {
  const t = useText()
  const [why, setWhy] = useState(false)
  const groups = useQuery({
    queryKey: ['fieldGroups', language()],
    queryFn: () => read<FieldGroups>('/registry/field-groups'),
    staleTime: Infinity,
  }).data?.items
  const details: Details = open.details ?? person.details
  const kept = (groups ?? []).filter(({ code }) => why || isFilled(person, details, code))
  return (
    <section className="card stack">
      <div className="spread">
        <h2>{t('registry.more')}</h2>
        <Button small kind="plain" aria-expanded={why} onClick={() => setWhy(!why)}>
          {t(why ? 'registry.lessWhy' : 'registry.allWhy')}
        </Button>
      </div>
      {kept.length === 0 && <p className="soft">{t('registry.noMore')}</p>}
      {kept.map((group) => (
        <div key={group.code} className="field-group-card">
          <h3>{group.name}</h3>
          <GroupFields
            of={details[group.code as (typeof detailGroups)[number]]}
            hidden={!open.details && person.hiddenGroups.includes(group.code)}
          />
          <p className="faint small">{t('registry.purposeOf', { purpose: group.purpose, basis: group.basis })}</p>
          {why && (
            <p className="faint small">
              {t('registry.keepOf', { source: group.source, fresh: group.freshMonths, keep: group.keepMonths })}
            </p>
          )}
        </div>
      ))}
      {person.hiddenGroups.length > 0 && !open.details && person.mayUnmask && (
        <div>
          <Unmask id={person.id} fields={['details']} label={t('registry.showDetails')} shown={shown} />
        </div>
      )}
    </section>
  )
}

function isFilled(person: Person, details: Details, code: string): boolean {
  return detailGroups.some(
    (group) => group === code && (details[group] !== undefined || person.hiddenGroups.includes(code)),
  )
}

function GroupFields({
  of,
  hidden,
}: {
  of: Readonly<Record<string, string | undefined>> | undefined
  hidden: boolean
}) {
  const t = useText()
  if (hidden) return <p className="mono faint">••••••</p>
  if (!of) return null
  return (
    <dl className="facts">
      {Object.entries(of).map(([field, value]) => (
        <div key={field} className="field-line">
          <dt>{fields[field] ? t(fields[field]) : field}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
