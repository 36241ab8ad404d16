import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RecordOnDay } from '../../../src/registry/history/contract.ts'
import { saidDay, today } from '../../shared/dates.ts'
import { useText, type Translate } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { TextField } from '../../shared/ui/field.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { fieldNames as detailNames } from './field-names.ts'
import { fieldNames, valueOf } from './history-words.ts'
import { planClasses } from './plan.tsx'
import { useFieldGroups, useTagList } from './use-terms.ts'

type Field = RecordOnDay['fields'][number]

/** A record as it stood at the end of a day. */
export function OnDay({ subject, kind }: { subject: string; kind: string }) {
  const t = useText()
  const [day, setDay] = useState(today)
  const asked = /^\d{4}-\d{2}-\d{2}$/.test(day)
  return (
    <>
      <TextField label={t('onDay.day')} type="date" value={day} onChange={setDay} max={today()} />
      {asked && <Standing path={`/registry/history/${kind}/${subject}/on/${day}`} kind={kind} key={day} />}
    </>
  )
}

function Standing({ path, kind }: { path: string; kind: string }) {
  const t = useText()
  const then = useRead<RecordOnDay>(path)
  return (
    <Shown of={then} waiting={<Skeleton lines={5} />}>
      {({ fields }) => (
        <dl className="facts">
          {fields.map((field) => (
            <Line key={field.field} of={field} kind={kind} />
          ))}
          {fields.length === 0 && <p className="soft">{t('onDay.nothing')}</p>}
        </dl>
      )}
    </Shown>
  )
}

function Line({ of, kind }: { of: Field; kind: string }) {
  const t = useText()
  const groups = useFieldGroups()
  const tags = useTagList()
  const [what, id = ''] = of.field.split(':')
  if (what === 'residence') return <Residence value={of.value} t={t} />
  if (what === 'tag') return <Said name={t('registry.tags')} value={tags.find(({ code }) => code === id)?.name ?? id} />
  if (what === 'details' || of.field === 'details')
    return (
      <Said name={groups.find(({ code }) => code === id)?.name ?? t('registry.more')} value={wordsIn(t, of.value)} />
    )
  const name = fieldNames[of.field]
  if (!name || of.value === null) return null
  return <Said name={t(name)} value={valueOf(t, kind, of.field, of.value) ?? wordsIn(t, of.value)} />
}

function Said({ name, value }: { name: string; value: string }) {
  if (value === '') return null
  return (
    <div className="field-line">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

const partsOf = (value: string | null): Record<string, unknown> => {
  if (value === null || !value.startsWith('{')) return {}
  return JSON.parse(value) as Record<string, unknown>
}

/** The words in a group, each with its name where it has one. */
function wordsIn(t: Translate, value: string | null): string {
  return Object.entries(partsOf(value))
    .flatMap(([field, part]) => {
      const text = Array.isArray(part) ? part.join('、') : typeof part === 'string' ? part : ''
      if (text === '') return []
      const planClass = field === 'class' ? planClasses[text] : undefined
      if (planClass) return [t(planClass[0])]
      const name = detailNames[field]
      return [name ? `${t(name)} ${text}` : text]
    })
    .join('；')
}

function Residence({ value, t }: { value: string | null; t: Translate }) {
  const { premisesId, relation, livesHere, fromOn, untilOn } = partsOf(value)
  if (typeof premisesId !== 'string' || typeof fromOn !== 'string') return null
  return (
    <div className="field-line">
      <dt>{t('registry.home')}</dt>
      <dd>
        <Link to="/registry/premises/$id" params={{ id: premisesId }}>
          {t('onDay.theHome')}
        </Link>{' '}
        {wordFor(t, 'relation', typeof relation === 'string' ? relation : null)}
        {livesHere === false && ` · ${t('registry.livesElsewhere')}`}{' '}
        <span className="faint">
          {t('registry.since', { day: saidDay(fromOn) })}
          {typeof untilOn === 'string' && t('registry.until', { day: saidDay(untilOn) })}
        </span>
      </dd>
    </div>
  )
}
