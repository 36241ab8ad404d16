import { useState } from 'react'
import type { FieldGroups } from '../../../src/registry/field-groups.ts'
import type { Duplicate, PairView } from '../../../src/registry/duplicates/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { wordFor } from '../../shared/registry/words.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { fieldNames } from './names.ts'

/** Two records side by side: one stays, and for each field that differs one says from which it comes. */
export function Compare({ pair, done }: { pair: Duplicate; done: () => void }) {
  const view = useRead<PairView>(`/registry/duplicates/pair?one=${pair.one.id}&other=${pair.other.id}`)
  return (
    <Shown of={view} waiting={<Skeleton lines={8} />}>
      {(shown) => <Deciding view={shown} done={done} />}
    </Shown>
  )
}

type Field = PairView['fields'][number]

function Deciding({ view, done }: { view: PairView; done: () => void }) {
  const t = useText()
  const [keepsOther, setKeepsOther] = useState(false)
  const [taken, setTaken] = useState(() => new Set(view.fields.filter(({ take }) => take).map(({ field }) => field)))
  const [reason, setReason] = useState('')
  const merge = useAct((body: object, key) => send<{ id: string }>('/registry/merges', { body, key }))
  const apart = useAct((body: object, key) => send<{ state: string }>('/registry/duplicates/different', { body, key }))
  const [keep, drop] = keepsOther ? [view.other, view.one] : [view.one, view.other]
  // `taken` names what comes from the right; with the right one kept, the rest comes from the left.
  const fromDropped = view.fields
    .filter(({ field, same }) => !same && taken.has(field) !== keepsOther)
    .map(({ field }) => field)
  const choose = (field: string, right: boolean): void => {
    const next = new Set(taken)
    if (right) next.add(field)
    else next.delete(field)
    setTaken(next)
  }
  const mergeNow = async (): Promise<void> => {
    const body = {
      keep: keep.id,
      keepVersion: keep.version,
      drop: drop.id,
      dropVersion: drop.version,
      take: fromDropped,
      reason,
    }
    if (!(await merge.run(body))) return
    say(t('twice.mergeDone'))
    done()
  }
  const keepApart = async (): Promise<void> => {
    if (!(await apart.run({ one: view.one.id, other: view.other.id, reason }))) return
    say(t('twice.apartDone'))
    done()
  }
  const isReady = reason.trim().length >= 2
  return (
    <>
      <table className="twice-table">
        <thead>
          <tr>
            <td aria-label={t('twice.compare')} />
            {[view.one, view.other].map((side, at) => (
              <th key={side.id} scope="col">
                <label className="twice-choice">
                  <input
                    type="radio"
                    name="keep"
                    checked={keepsOther === (at === 1)}
                    onChange={() => setKeepsOther(at === 1)}
                  />
                  {t('twice.keep')}
                </label>
                <span className="faint small">
                  {wordFor(t, 'source', side.source)} · <Time at={side.checkedAt} />
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.fields.map((field) => (
            <FieldRow key={field.field} field={field} isRight={taken.has(field.field)} choose={choose} />
          ))}
          <tr>
            <th scope="row">{t('registry.home')}</th>
            <Ties ties={view.oneTies} />
            <Ties ties={view.otherTies} />
          </tr>
        </tbody>
      </table>
      <p className="small faint">{t('twice.tiesStay')}</p>
      <TextField label={t('twice.reason')} value={reason} onChange={setReason} />
      <Refused error={merge.error ?? apart.error} />
      <div className="row">
        <Button kind="primary" busy={merge.busy} disabled={!isReady} onClick={() => void mergeNow()}>
          {t('twice.merge')}
        </Button>
        <Button busy={apart.busy} disabled={!isReady} onClick={() => void keepApart()}>
          {t('twice.apart')}
        </Button>
      </div>
    </>
  )
}

function FieldRow({
  field,
  isRight,
  choose,
}: {
  field: Field
  isRight: boolean
  choose: (field: string, right: boolean) => void
}) {
  const t = useText()
  const groups = useRead<FieldGroups>(field.field.startsWith('details:') ? '/registry/field-groups' : null).data
  const group = groups?.items.find(({ code }) => `details:${code}` === field.field)?.name
  const known = fieldNames[field.field]
  const shown = (value: string | null): string => {
    if (value === null) return t('twice.empty')
    if (value === '***') return t('twice.hidden')
    if (field.field === 'sex') return wordFor(t, 'sex', value)
    return field.field === 'registration' ? wordFor(t, 'registration', value) : value
  }
  return (
    <tr className={field.same ? '' : 'twice-differs'}>
      <th scope="row">{group ?? (known ? t(known) : field.field)}</th>
      {[field.one, field.other].map((value, at) => (
        <td key={at === 0 ? 'one' : 'other'}>
          {field.same ? (
            shown(value)
          ) : (
            <label className="twice-choice">
              <input
                type="radio"
                name={field.field}
                checked={isRight === (at === 1)}
                onChange={() => choose(field.field, at === 1)}
              />
              {shown(value)}
            </label>
          )}
        </td>
      ))}
    </tr>
  )
}

function Ties({ ties }: { ties: PairView['oneTies'] }) {
  const t = useText()
  return (
    <td>
      {ties.length === 0 && t('twice.empty')}
      {ties.map(({ id, address, relation, fromOn }) => (
        <p key={id}>
          {address} · {wordFor(t, 'relation', relation)} · {fromOn}
        </p>
      ))}
    </td>
  )
}
