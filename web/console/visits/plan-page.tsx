import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Campaign, CampaignPreview, PremisesUse, Who } from '../../../src/registry/visits/contract.ts'
import type { SegmentPage } from '../../../src/registry/segments/contract.ts'
import type { TagList } from '../../../src/registry/tags/contract.ts'
import { send } from '../../shared/api.ts'
import { dayIn, today } from '../../shared/dates.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { newId } from '../../shared/ids.ts'
import { asRefusal, useAct, useRead } from '../../shared/loading.ts'
import type { Refusal } from '../../shared/api.ts'
import { randomKey } from '../../shared/api.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused } from '../../shared/ui/states.tsx'
import { premisesUseNames } from '../../shared/visits/words.ts'
import { ConsolePage } from '../page.tsx'
import { AreaChoice } from './area-choice.tsx'
import { QuestionList, questionsOf, type Asked } from './questions.tsx'
import '../../shared/visits/visits.css'
import './visits.css'

const everybody: Who = { uses: [], kinds: [], tags: [], ageFrom: null, ageUntil: null }
const kindNames: [Who['kinds'][number], TextKey][] = [
  ['registered', 'visit.kindRegistered'],
  ['floating', 'visit.kindFloating'],
  ['collective', 'visit.kindCollective'],
]
/** Tasks as they are given out apart: where the owner lives, where it is let, where people work, everybody. */
const presets: [TextKey, Partial<Who>][] = [
  ['visit.presetAll', {}],
  ['visit.presetOwn', { uses: ['ownerOccupied', 'unknown'] }],
  ['visit.presetLet', { uses: ['let'] }],
  ['visit.presetWork', { uses: ['enterprise', 'merchant'] }],
]

const monthMs = 30 * 86_400_000

/** Planning a campaign, with a count of whom it would concern that follows each choice. */
export function PlanPage() {
  const t = useText()
  const navigate = useNavigate()
  const [id] = useState(newId)
  const [name, setName] = useState('')
  const [areaPaths, setAreas] = useState<string[]>([])
  const [who, setWho] = useState<Who>(everybody)
  const [asked, setAsked] = useState<Asked[]>([])
  const [fromOn, setFrom] = useState(today)
  const [untilOn, setUntil] = useState(() => dayIn(new Date(Date.now() + monthMs)))
  const counted = useCount(areaPaths, who)
  const act = useAct((body: object, key) => send<Campaign>('/visits/campaigns', { body, key }))
  const open = async () => {
    const made = await act.run({ id, name, areaPaths, who, questions: questionsOf(asked), fromOn, untilOn })
    if (!made) return
    say(t('visit.opened'))
    void navigate({ to: '/visits/$id', params: { id: made.id } })
  }
  const ready = name.trim().length > 1 && areaPaths.length > 0 && untilOn >= fromOn
  return (
    <ConsolePage title={t('visit.plan')}>
      <form
        className="visits-plan"
        onSubmit={(event) => {
          event.preventDefault()
          void open()
        }}
      >
        <div className="stack">
          <section className="card stack">
            <h2>{t('visit.planWhat')}</h2>
            <TextField
              label={t('visit.name')}
              value={name}
              onChange={setName}
              maxLength={60}
              hint={t('visit.nameHint')}
            />
            <div className="row">
              <TextField label={t('visit.fromOn')} type="date" value={fromOn} onChange={setFrom} />
              <TextField label={t('visit.untilOn')} type="date" min={fromOn} value={untilOn} onChange={setUntil} />
            </div>
          </section>
          <section className="card stack">
            <h2>{t('visit.planWhere')}</h2>
            <AreaChoice chosen={areaPaths} choose={setAreas} />
          </section>
          <section className="card stack">
            <h2>{t('visit.planWho')}</h2>
            <Concerned who={who} change={(part) => setWho({ ...who, ...part })} />
            <BySegment who={who} choose={setWho} />
          </section>
          <section className="card stack">
            <h2>{t('visit.planAsk')}</h2>
            <QuestionList asked={asked} change={setAsked} />
          </section>
        </div>
        <aside className="card stack visits-count">
          <Count of={counted} chosen={areaPaths.length > 0} />
          <Refused error={act.error} />
          <Button type="submit" kind="primary" wide busy={act.busy} disabled={!ready}>
            {t('visit.openNow')}
          </Button>
          <p className="faint small">{t('visit.openHint')}</p>
        </aside>
      </form>
    </ConsolePage>
  )
}

interface Counted {
  data: CampaignPreview | undefined
  error: Refusal | undefined
}

/** The count follows what is chosen; it asks again half a second after the last choice. */
function useCount(areaPaths: readonly string[], who: Who): Counted {
  const [counted, setCounted] = useState<Counted>({ data: undefined, error: undefined })
  const asked = areaPaths.length === 0 ? '' : JSON.stringify({ areaPaths, who })
  useEffect(() => {
    if (asked === '') {
      setCounted({ data: undefined, error: undefined })
      return undefined
    }
    let over = false
    const timer = setTimeout(() => {
      send<CampaignPreview>('/visits/campaigns/preview', { body: JSON.parse(asked), key: randomKey() }).then(
        (data) => !over && setCounted({ data, error: undefined }),
        (error: unknown) => !over && setCounted({ data: undefined, error: asRefusal(error) }),
      )
    }, 500)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [asked])
  return counted
}

function Count({ of, chosen }: { of: Counted; chosen: boolean }) {
  const t = useText()
  return (
    <div className="stack-s" aria-live="polite">
      <h2>{t('visit.concerned')}</h2>
      {!chosen && <p className="soft">{t('visit.concernedNone')}</p>}
      {of.data && (
        <div className="visits-figures">
          <Figure name={t('visit.figureDoors')} count={of.data.doors} />
          <Figure name={t('visit.figureHouseholds')} count={of.data.households} />
          <Figure name={t('visit.figurePersons')} count={of.data.persons} />
        </div>
      )}
      <Refused error={of.error} />
    </div>
  )
}

export function Figure({ name, count }: { name: string; count: number }) {
  return (
    <div>
      <strong>{count}</strong>
      <span className="soft small">{name}</span>
    </div>
  )
}

/** Only doors that a saved question finds: one's own and those shared where one answers for a place. */
function BySegment({ who, choose }: { who: Who; choose: (who: Who) => void }) {
  const t = useText()
  const segments = useRead<SegmentPage>('/registry/segments?limit=100').data?.items ?? []
  if (segments.length === 0) return null
  const { segmentId, ...rest } = who
  return (
    <label className="stack-s">
      {t('visit.segment')}
      <select
        className="input"
        value={segmentId ?? ''}
        onChange={({ target }) => choose(target.value === '' ? rest : { ...rest, segmentId: target.value })}
      >
        <option value="">{t('visit.segmentNone')}</option>
        {segments.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <span className="faint small">{t('visit.segmentHint')}</span>
    </label>
  )
}

function Concerned({ who, change }: { who: Who; change: (part: Partial<Who>) => void }) {
  const t = useText()
  const tags = (useRead<TagList>('/registry/tags').data?.items ?? []).filter(({ sensitive }) => !sensitive)
  const toggle = <One extends string>(list: readonly One[], one: One, on: boolean): One[] =>
    on ? [...list, one] : list.filter((other) => other !== one)
  const age = (text: string) => (/^\d{1,3}$/.test(text) ? Math.min(130, Number(text)) : null)
  return (
    <>
      <div className="row">
        {presets.map(([label, part]) => (
          <Button key={label} kind="quiet" small onClick={() => change({ ...everybody, ...part })}>
            {t(label)}
          </Button>
        ))}
      </div>
      <Checks
        legend={t('visit.use')}
        choices={premisesUseNames.map(([value, label]) => ({ value, label: t(label) }))}
        chosen={who.uses}
        toggle={(one, on) => change({ uses: toggle(who.uses, one as PremisesUse, on) })}
      />
      <Checks
        legend={t('visit.kinds')}
        choices={kindNames.map(([value, label]) => ({ value, label: t(label) }))}
        chosen={who.kinds}
        toggle={(one, on) => change({ kinds: toggle(who.kinds, one as Who['kinds'][number], on) })}
      />
      {tags.length > 0 && (
        <Checks
          legend={t('visit.tags')}
          choices={tags.map(({ code, name }) => ({ value: code, label: name }))}
          chosen={who.tags}
          toggle={(one, on) => change({ tags: toggle(who.tags, one, on) })}
        />
      )}
      <div className="row">
        <TextField
          label={t('visit.ageFrom')}
          inputMode="numeric"
          optional
          value={who.ageFrom === null ? '' : String(who.ageFrom)}
          onChange={(text) => change({ ageFrom: age(text) })}
        />
        <TextField
          label={t('visit.ageUntil')}
          inputMode="numeric"
          optional
          value={who.ageUntil === null ? '' : String(who.ageUntil)}
          onChange={(text) => change({ ageUntil: age(text) })}
        />
      </div>
      <p className="faint small">{t('visit.whoHint')}</p>
    </>
  )
}

function Checks({
  legend,
  choices,
  chosen,
  toggle,
}: {
  legend: string
  choices: readonly { value: string; label: string }[]
  chosen: readonly string[]
  toggle: (one: string, on: boolean) => void
}) {
  return (
    <fieldset className="field">
      <legend>{legend}</legend>
      <div className="visit-duties">
        {choices.map(({ value, label }) => (
          <CheckField key={value} label={label} checked={chosen.includes(value)} onChange={(on) => toggle(value, on)} />
        ))}
      </div>
    </fieldset>
  )
}
