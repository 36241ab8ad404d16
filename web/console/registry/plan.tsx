import { useState } from 'react'
import type { PremisesPlan } from '../../../src/registry/addresses/contract.ts'
import { isStale, send } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { ChoiceField, TextArea, TextField } from '../../shared/ui/field.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'

export const planClasses: Readonly<Record<string, [name: TextKey, tag: string]>> = {
  ordinary: ['registry.plan.ordinary', 'word-tag'],
  attention: ['registry.plan.attention', 'tag tag-dueSoon'],
  key: ['registry.plan.key', 'tag tag-overdue'],
}

/** One plan per house (一房一策): what stands out, what is done about it, who looks after it, when it is looked at again. */
export function PlanCard({
  premisesId,
  mayWrite,
  saved,
}: {
  premisesId: string
  mayWrite: boolean
  saved?: () => void
}) {
  const t = useText()
  const loaded = useRead<PremisesPlan>(`/registry/premises/${premisesId}/plan`)
  const [open, setOpen] = useState(false)
  return (
    <section className="card stack">
      <div className="spread">
        <h2>{t('registry.plan')}</h2>
        {mayWrite && loaded.data && (
          <Button small onClick={() => setOpen(true)}>
            {t(loaded.data.plan ? 'registry.change' : 'registry.fillIn')}
          </Button>
        )}
      </div>
      <Shown of={loaded} waiting={<Skeleton lines={3} />}>
        {(shown) => <PlanWords of={shown} />}
      </Shown>
      {loaded.data && (
        <Sheet title={t('registry.plan')} open={open} close={() => setOpen(false)}>
          <WritePlan
            of={loaded.data}
            saved={(next) => {
              setOpen(false)
              loaded.replace(next)
              saved?.()
            }}
          />
        </Sheet>
      )}
    </section>
  )
}

function PlanWords({ of }: { of: PremisesPlan }) {
  const t = useText()
  const { plan } = of
  if (!plan) return <p className="soft">{t('registry.noPlan')}</p>
  const [name, tag] = planClasses[plan.class] ?? planClasses['ordinary']!
  return (
    <>
      <p className="row">
        <span className={tag}>{t(name)}</span>
        {of.reviewOn !== null && (
          <span className="faint small">{t('registry.reviewOn', { day: saidDay(of.reviewOn) })}</span>
        )}
      </p>
      <dl className="facts">
        {plan.risks.length > 0 && (
          <>
            <dt>{t('registry.plan.risks')}</dt>
            <dd>{plan.risks.join('；')}</dd>
          </>
        )}
        {plan.measures.length > 0 && (
          <>
            <dt>{t('registry.plan.measures')}</dt>
            <dd>{plan.measures.join('；')}</dd>
          </>
        )}
        <dt>{t('registry.plan.caretaker')}</dt>
        <dd>{plan.caretaker || '—'}</dd>
      </dl>
      {plan.remark !== '' && <p className="soft">{plan.remark}</p>}
    </>
  )
}

/** One a line, as people write lists. */
const linesOf = (text: string): string[] =>
  text
    .split(/[\n；;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

function WritePlan({ of, saved }: { of: PremisesPlan; saved: (next: PremisesPlan) => void }) {
  const t = useText()
  const [draft, setDraft] = useState({
    class: of.plan?.class ?? 'ordinary',
    risks: of.plan?.risks.join('\n') ?? '',
    measures: of.plan?.measures.join('\n') ?? '',
    caretaker: of.plan?.caretaker ?? '',
    remark: of.plan?.remark ?? '',
    reviewOn: of.reviewOn ?? '',
  })
  const change = (part: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...part }))
  const act = useAct((body: object, key) =>
    send<PremisesPlan>(`/registry/premises/${of.premisesId}/plan`, { body, key }),
  )
  const save = async () => {
    const next = await act.run({
      class: draft.class,
      risks: linesOf(draft.risks),
      measures: linesOf(draft.measures),
      caretaker: draft.caretaker,
      remark: draft.remark,
      reviewOn: draft.reviewOn || null,
      version: of.version,
    })
    if (next) saved(next)
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <ChoiceField
        label={t('registry.plan.class')}
        value={draft.class}
        onChange={(next) => change({ class: next as typeof draft.class })}
        choices={Object.entries(planClasses).map(([value, [name]]) => ({ value, label: t(name) }))}
      />
      <TextArea
        label={t('registry.plan.risks')}
        hint={t('registry.oneALine')}
        value={draft.risks}
        onChange={(text) => change({ risks: text })}
        rows={3}
      />
      <TextArea
        label={t('registry.plan.measures')}
        hint={t('registry.oneALine')}
        value={draft.measures}
        onChange={(text) => change({ measures: text })}
        rows={3}
      />
      <TextField
        label={t('registry.plan.caretaker')}
        value={draft.caretaker}
        onChange={(caretaker) => change({ caretaker })}
        maxLength={40}
      />
      <TextField
        label={t('registry.plan.review')}
        type="date"
        optional
        value={draft.reviewOn}
        onChange={(reviewOn) => change({ reviewOn })}
      />
      <TextArea
        label={t('registry.field.text')}
        optional
        value={draft.remark}
        onChange={(remark) => change({ remark })}
        maxLength={500}
        rows={2}
      />
      <Refused error={act.error} />
      {isStale(act.error) && <p className="soft">{t('registry.reload')}</p>}
      <Button type="submit" kind="primary" busy={act.busy} wide>
        {t('act.save')}
      </Button>
    </form>
  )
}
