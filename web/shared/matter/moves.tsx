import { useState } from 'react'
import type { Matter, Moved, MoveOffer } from '../../../src/loop/contract.ts'
import { isStale, send } from '../api.ts'
import { FormFields } from '../form/form-fields.tsx'
import type { FormValues } from '../form/form.ts'
import { emptyValues, filledValues, readForm, wrongFields } from '../form/form.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { PhotoField, usePhotos } from '../photos.tsx'
import { Button } from '../ui/button.tsx'
import { ChoiceField, SelectField } from '../ui/field.tsx'
import { say } from '../ui/notice.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Refused } from '../ui/states.tsx'

const kinds = { primary: 'primary', normal: 'quiet', danger: 'danger' } as const
const orders = { primary: 0, normal: 1, danger: 2 } as const

interface Moving {
  matter: Matter
  reload: () => void
}

/** One button for each legal move; the server says which there are, the page never guesses. */
export function Moves({ matter, reload }: Moving) {
  const t = useText()
  const [chosen, setChosen] = useState<string | null>(null)
  const offers = [...matter.moves].sort((a, b) => orders[a.emphasis] - orders[b.emphasis])
  const offer = offers.find((one) => one.move === chosen)
  if (offers.length === 0)
    return (
      <p className="soft">
        {matter.closedAt ? t('matter.noMovesClosed') : t('matter.noMoves', { holder: matter.holder })}
      </p>
    )
  return (
    <div className="moves">
      {offers.map((one) => (
        <Button key={one.move} kind={kinds[one.emphasis]} wide onClick={() => setChosen(one.move)}>
          {one.name}
        </Button>
      ))}
      <Sheet title={offer?.name ?? ''} open={offer !== undefined} close={() => setChosen(null)}>
        {offer && (
          <MoveForm
            key={offer.move}
            offer={offer}
            matter={matter}
            reload={reload}
            moved={(next) => {
              setChosen(null)
              reload()
              say(t('matter.moved', { move: offer.name, state: next.stateName }))
            }}
          />
        )}
      </Sheet>
    </div>
  )
}

function MoveForm({ offer, matter, moved, reload }: Moving & { offer: MoveOffer; moved: (moved: Moved) => void }) {
  const t = useText()
  const form = readForm(offer.form)
  const photos = usePhotos(offer.photoNeeded ? 'after' : 'attachment')
  const [values, setValues] = useState<FormValues>(() => emptyValues(form))
  const [target, setTarget] = useState(offer.targets.length === 1 ? '0' : '')
  const [tried, setTried] = useState(false)
  const wrong = tried ? wrongFields(form, values, t('form.required')) : {}
  const targetWrong = tried && offer.targets.length > 0 && target === ''
  const photoWrong = tried && offer.photoNeeded && photos.list.length === 0
  const act = useAct(async (input: { values: FormValues; target: string; version: number; photos: string[] }, key) => {
    const fileIds = await photos.sendAll()
    const to = offer.targets[Number(input.target)]
    return send<Moved>(`/matters/${matter.id}/moves`, {
      key,
      body: {
        move: offer.move,
        version: input.version,
        ...(form.fields.length > 0 ? { form: filledValues(input.values) } : {}),
        ...(to && input.target !== '' ? { target: { role: to.role, areaPath: to.areaPath } } : {}),
        ...(fileIds.length > 0 ? { fileIds } : {}),
      },
    })
  })
  const submit = async () => {
    setTried(true)
    const missing = Object.keys(wrongFields(form, values, t('form.required'))).length > 0
    if (missing || (offer.targets.length > 0 && target === '') || (offer.photoNeeded && photos.list.length === 0))
      return
    const answer = await act.run({ values, target, version: matter.version, photos: photos.list.map(({ id }) => id) })
    if (answer) moved(answer)
  }
  if (isStale(act.error)) return <Stale reload={reload} forget={act.forget} />
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {offer.hint && <p className="soft">{offer.hint}</p>}
      <TargetField
        offer={offer}
        value={target}
        onChange={setTarget}
        wrong={targetWrong ? t('form.required') : undefined}
      />
      <FormFields form={form} values={values} onChange={setValues} wrong={wrong} />
      {takesPhotos(offer) && (
        <PhotoField
          photos={photos}
          label={offer.photoNeeded ? t('matter.photoAfter') : t('matter.photoMore')}
          wrong={photoWrong ? t('matter.photoNeeded') : undefined}
        />
      )}
      <Refused error={act.error} />
      <Button type="submit" kind={offer.emphasis === 'danger' ? 'danger' : 'primary'} wide busy={act.busy}>
        {t('matter.confirm')}
      </Button>
    </form>
  )
}

/** A move with a form can carry photos; a bare confirmation needs none. */
const takesPhotos = (offer: MoveOffer) => offer.photoNeeded || offer.form !== null

function TargetField({
  offer,
  value,
  onChange,
  wrong,
}: {
  offer: MoveOffer
  value: string
  onChange: (value: string) => void
  wrong: string | undefined
}) {
  const t = useText()
  if (offer.targets.length === 0) return null
  const choices = offer.targets.map((target, index) => ({ value: String(index), label: target.label }))
  if (choices.length > 6) {
    return (
      <SelectField
        label={t('matter.target')}
        value={value}
        onChange={onChange}
        choices={choices}
        empty={t('form.choose')}
        wrong={wrong}
      />
    )
  }
  return (
    <ChoiceField label={t('matter.target')} value={value} onChange={onChange} choices={choices} wrong={wrong} list />
  )
}

/** Somebody else was quicker: the page shows the new state before anything is tried again. */
function Stale({ reload, forget }: { reload: () => void; forget: () => void }) {
  const t = useText()
  return (
    <div className="stack" role="alert">
      <p className="banner banner-warn">{t('matter.stale')}</p>
      <Button
        kind="primary"
        wide
        onClick={() => {
          forget()
          reload()
        }}
      >
        {t('matter.seeNew')}
      </Button>
    </div>
  )
}
