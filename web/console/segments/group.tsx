import type { Condition, Question, SegmentTerms } from '../../../src/registry/segments/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { NamesPicker } from '../../shared/report/names-picker.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, SelectField, TextField } from '../../shared/ui/field.tsx'

type Any = Question['all'][number]
type Field = SegmentTerms['fields'][number]

interface Showing {
  of: Any
  fields: readonly Field[]
  campaigns: SegmentTerms['campaigns']
  change: (next: Any | null) => void
  first: boolean
}

/** One group: any of its conditions is enough; all groups must fit. */
export function Group({ of, fields, campaigns, change, first }: Showing) {
  const t = useText()
  const put = (at: number, next: Condition | null) => {
    const any = next
      ? of.any.map((one, index) => (index === at ? next : one))
      : of.any.filter((_, index) => index !== at)
    change(any.length === 0 ? null : { any })
  }
  return (
    <fieldset className="card stack-s">
      <legend>{first ? t('segment.where') : t('segment.and')}</legend>
      {of.any.map((condition, at) => (
        <div key={at} className="stack-s">
          {at > 0 && <span className="soft">{t('segment.or')}</span>}
          <One of={condition} fields={fields} campaigns={campaigns} change={(next) => put(at, next)} />
        </div>
      ))}
      <div>
        <Button
          small
          kind="plain"
          disabled={of.any.length >= 10}
          onClick={() => change({ any: [...of.any, { field: 'notCheckedForDays', from: 0 }] })}
        >
          {t('segment.orAdd')}
        </Button>
      </div>
    </fieldset>
  )
}

/** A condition of a field, as it stands when the field has just been chosen. */
function begun(field: Field, campaigns: SegmentTerms['campaigns']): Condition {
  const name = field.field
  if (field.kind === 'words') return { field: name, in: [field.words[0]?.code ?? 'unknown'] } as Condition
  if (field.kind === 'area') return { field: 'area', path: 'county' }
  if (field.kind === 'campaign') return { field: 'visited', campaign: campaigns[0]?.id ?? '' }
  return (field.kind === 'bounds' ? { field: name, from: 0 } : { field: name }) as Condition
}

function One({
  of,
  fields,
  campaigns,
  change,
}: {
  of: Condition
  fields: readonly Field[]
  campaigns: SegmentTerms['campaigns']
  change: (next: Condition | null) => void
}) {
  const t = useText()
  const offered = fields.filter(({ kind }) => kind !== 'campaign' || campaigns.length > 0)
  const field = fields.find((one) => one.field === of.field)
  return (
    <div className="stack-s">
      <SelectField
        label={t('segment.field')}
        value={of.field}
        onChange={(name) => {
          const next = fields.find((one) => one.field === name)
          if (next) change(begun(next, campaigns))
        }}
        choices={offered.map((one) => ({ value: one.field, label: one.name }))}
      />
      {field && <Values of={of} field={field} campaigns={campaigns} change={change} />}
      <div className="row">
        <CheckField
          label={t('segment.not')}
          checked={of.not === true}
          onChange={(not) => {
            const { not: _was, ...rest } = of
            change((not ? { ...rest, not } : rest) as Condition)
          }}
        />
        <span className="grow" />
        <Button small kind="plain" onClick={() => change(null)}>
          {t('segment.remove')}
        </Button>
      </div>
    </div>
  )
}

interface Valued {
  of: Condition
  field: Field
  campaigns: SegmentTerms['campaigns']
  change: (next: Condition) => void
}

function Values({ of, field, campaigns, change }: Valued) {
  const t = useText()
  if ('in' in of)
    return (
      <fieldset className="field">
        <legend>{field.name}</legend>
        <div className="row">
          {field.words.map(({ code, name }) => (
            <CheckField
              key={code}
              label={name}
              checked={of.in.includes(code)}
              onChange={(on) => {
                const next = on ? [...of.in, code] : of.in.filter((one) => one !== code)
                if (next.length > 0) change({ ...of, in: next })
              }}
            />
          ))}
        </div>
        {of.field === 'relation' && (
          <CheckField
            label={t('segment.elsewhere')}
            checked={of.livesHere === false}
            onChange={(on) => {
              const { livesHere: _was, ...rest } = of
              change(on ? { ...rest, livesHere: false } : rest)
            }}
          />
        )}
      </fieldset>
    )
  if (of.field === 'area')
    return of.path === 'county' ? (
      <NamesPicker onChosen={(path) => change({ ...of, path })} />
    ) : (
      <Button small onClick={() => change({ ...of, path: 'county' })}>
        {t('segment.otherArea')}
      </Button>
    )
  if (of.field === 'visited')
    return (
      <SelectField
        label={field.name}
        value={of.campaign}
        onChange={(campaign) => change({ ...of, campaign })}
        choices={campaigns.map(({ id, name }) => ({ value: id, label: name }))}
      />
    )
  if (of.field === 'hasPhone') return null
  return <Bounds of={of} field={field} change={change} />
}

type Bounded = Extract<Condition, { field: 'age' | 'members' | 'headcount' | 'notCheckedForDays' }>

function Bounds({ of, field, change }: { of: Bounded; field: Field; change: (next: Condition) => void }) {
  const t = useText()
  const bound = (name: 'from' | 'to') => (value: string) => {
    const { [name]: _was, ...rest } = of
    const number = Number.parseInt(value, 10)
    change(Number.isNaN(number) ? rest : { ...rest, [name]: Math.max(0, number) })
  }
  return (
    <div className="row">
      <TextField
        label={`${t('segment.from')} ${field.unit ?? ''}`}
        inputMode="numeric"
        value={String(of.from ?? '')}
        onChange={bound('from')}
      />
      {of.field !== 'notCheckedForDays' && (
        <TextField
          label={`${t('segment.to')} ${field.unit ?? ''}`}
          inputMode="numeric"
          value={String(of.to ?? '')}
          onChange={bound('to')}
        />
      )}
    </div>
  )
}
