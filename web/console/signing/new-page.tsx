import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { CampaignView, SealView, SigningTerms } from '../../../src/signing/campaigns/contract.ts'
import type { LetterBrief, LetterView } from '../../../src/signing/letters/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, usePages, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, ChoiceField, SelectField, TextField } from '../../shared/ui/field.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { levelNames } from './words.ts'

type Level = CampaignView['identityLevel']
const DAY_MS = 86_400_000

/** Begins a signing: which letter, who asks, how signers show who they are, until when. The list of people comes next. */
export function NewSigningPage() {
  const t = useText()
  const terms = useRead<SigningTerms>('/signing/terms')
  const letters = usePages<LetterBrief>('/signing/letters?state=approved&limit=50')
  return (
    <ConsolePage title={t('signing.new')}>
      <Shown of={terms} waiting={<Skeleton lines={4} />}>
        {(known) =>
          known.mayManage ? (
            <Shown of={letters} waiting={<Skeleton lines={4} />}>
              {(items) => <Form terms={known} letters={items} />}
            </Shown>
          ) : (
            <Empty title={t('signing.mayNot')}>{t('signing.mayNotNext')}</Empty>
          )
        }
      </Shown>
    </ConsolePage>
  )
}

const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS + 8 * 3_600_000).toISOString().slice(0, 10)

function Form({ terms, letters }: { terms: SigningTerms; letters: readonly LetterBrief[] }) {
  const t = useText()
  const navigate = useNavigate()
  const [letterId, setLetter] = useState(letters[0]?.id ?? '')
  const letter = useRead<LetterView>(letterId ? `/signing/letters/${letterId}` : null).data
  const seals = usePages<SealView>('/signing/seals?limit=50')
  const [title, setTitle] = useState('')
  const [areaPath, setArea] = useState(terms.places[0]?.areaPath ?? '')
  const [level, setLevel] = useState<Level>('phone')
  const [sealId, setSeal] = useState('')
  const [until, setUntil] = useState(inDays(7))
  const [remind, setRemind] = useState(true)
  const [minors, setMinors] = useState(false)
  const [fixed, setFixed] = useState<Record<string, string>>({})
  const open = useAct((body: object, key) => send<CampaignView>('/signing/campaigns', { body, key }))
  const asked = (letter?.template.variables ?? []).filter(
    ({ from, name }) => from === 'sender' && !letter?.template.signers.some((one) => one.name === name),
  )
  const begin = async () => {
    const made = await open.run({
      title: title.trim() || (letter?.name ?? ''),
      letterId,
      areaPath,
      identityLevel: level,
      minorAllowed: minors,
      fixed: Object.fromEntries(
        asked.flatMap(({ name, kind }) => {
          const text = fixed[name]?.trim() ?? ''
          return text === '' ? [] : [[name, kind === 'number' ? Number(text) : text]]
        }),
      ),
      deadline: `${until}T23:59:59+08:00`,
      reminders: remind ? [1, 3, 5] : [],
      sealId: sealId || null,
    })
    if (made) void navigate({ to: '/signing/$id', params: { id: made.id } })
  }
  return (
    <section className="card stack">
      <SelectField
        label={t('signing.letter')}
        value={letterId}
        onChange={setLetter}
        choices={letters.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <TextField
        label={t('signing.campaignTitle')}
        hint={t('signing.campaignTitleHint')}
        value={title}
        onChange={setTitle}
        maxLength={60}
      />
      <SelectField
        label={t('signing.organiser')}
        value={areaPath}
        onChange={setArea}
        choices={terms.places.map((place) => ({ value: place.areaPath, label: place.areaName }))}
      />
      {asked.map(({ name, label }) => (
        <TextField
          key={name}
          label={label}
          hint={t('signing.forEverybody')}
          value={fixed[name] ?? ''}
          onChange={(value) => setFixed((before) => ({ ...before, [name]: value }))}
          maxLength={300}
        />
      ))}
      <ChoiceField
        label={t('signing.level')}
        hint={t('signing.levelHint')}
        value={level}
        onChange={(next) => setLevel(next as Level)}
        choices={(Object.keys(levelNames) as Level[]).map((one) => ({ value: one, label: t(levelNames[one]) }))}
      />
      {letter?.seal && (
        <SelectField
          label={t('signing.sealOf', { role: letter.seal })}
          hint={t('signing.sealHint')}
          value={sealId}
          onChange={setSeal}
          empty={t('signing.chooseSeal')}
          choices={(seals.data ?? [])
            .filter(({ state }) => state === 'active')
            .map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      <TextField label={t('signing.deadline')} type="date" value={until} onChange={setUntil} />
      <CheckField label={t('signing.remind')} checked={remind} onChange={setRemind} />
      <CheckField label={t('signing.minors')} checked={minors} onChange={setMinors} />
      <Refused error={open.error} />
      <div>
        <Button
          kind="primary"
          busy={open.busy}
          disabled={!letterId || !areaPath || (!!letter?.seal && !sealId)}
          onClick={() => void begin()}
        >
          {t('signing.nextList')}
        </Button>
      </div>
    </section>
  )
}
