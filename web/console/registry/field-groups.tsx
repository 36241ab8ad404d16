import { useState } from 'react'
import type { Details, Person, UnmaskedPerson } from '../../../src/registry/people/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Unmask } from '../../shared/registry/unmask.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { fieldNames, groupCodes, isGroup, type GroupCode } from './field-names.ts'
import { CorrectGroup } from './person-details.tsx'
import { useFieldGroups } from './use-terms.ts'

/** Each group of what is kept, with what for, on which law, and how long; sensitive ones open with a reason. */
export function FieldGroupCards({
  person,
  open,
  shown,
  saved,
}: {
  person: Person
  open: UnmaskedPerson
  shown: (found: UnmaskedPerson) => void
  saved: (next: Person) => void
}) {
  const t = useText()
  const [why, setWhy] = useState(false)
  const groups = useFieldGroups()
  const details: Details = open.details ?? person.details
  const kept = groups.filter(({ code }) => why || isFilled(person, details, code))
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
          <div className="spread">
            <h3>{group.name}</h3>
            {person.mayWrite && isGroup(group.code) && (!person.hiddenGroups.includes(group.code) || open.details) && (
              <CorrectGroup person={person} code={group.code} name={group.name} details={details} saved={saved} />
            )}
          </div>
          <GroupFields
            of={details[group.code as GroupCode]}
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
  return groupCodes.some(
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
          <dt>{fieldNames[field] ? t(fieldNames[field]) : field}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
