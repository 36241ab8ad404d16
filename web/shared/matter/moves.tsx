import { useState } from 'react'
import type { MoveOffer } from '../../../src/loop/contract.ts'
import { isStale, send } from '../api.ts'
import { saidTime } from '../dates.ts'
import { FormFields } from '../form/form-fields.tsx'
import type { FormValues } from '../form/form.ts'
import { emptyValues, filledValues, readForm, wrongFields } from '../form/form.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import type { Photos } from '../photos.tsx'
import { PhotoField, usePhotos } from '../photos.tsx'
import { Button } from '../ui/button.tsx'
import { ChoiceField, SelectField } from '../ui/field.tsx'
import { say } from '../ui/notice.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Refused } from '../ui/states.tsx'

const kinds = { primary: 'primary', normal: 'quiet', danger: 'danger' } as const
const orders = { primary: 0, normal: 1, danger: 2 } as const

/** Some steps are possible only from a planned time on; until then they are said, not offered. */
const isOpen = (offer: MoveOffer) => offer.opensAt === null || new Date(offer.opensAt) <= new Date()

interface Moving {
  /** Where a move is sent: the matter's own address, or the reporter's by code. */
  path: string
  version: number
  offers: readonly MoveOffer[]
  /** A reporter without an account has no session in which a photo could be kept. */
  takesPhotos: boolean
  moved: () => void
}

/** One button for each legal move; the server says which there are, the page never guesses. */
export function Moves({ offers, ...moving }: Moving) {
  const t = useText()
  const [chosen, setChosen] = useState<string | null>(null)
  const sorted = [...offers].sort((a, b) => orders[a.emphasis] - orders[b.emphasis])
  const offer = sorted.find((one) => one.move === chosen)
  const close = () => setChosen(null)
  return (
    <div className="moves">
      {sorted.filter(isOpen).map((one) => (
        <Button key={one.move} kind={kinds[one.emphasis]} wide onClick={() => setChosen(one.move)}>
          {one.name}
        </Button>
      ))}
      {sorted
        .filter((one) => !isOpen(one))
        .map((one) => (
          <p className="soft small" key={one.move}>
            {t('matter.opensAt', { move: one.name, at: saidTime(one.opensAt ?? '') })}
          </p>
        ))}
      <Sheet title={offer?.name ?? ''} open={offer !== undefined} close={close}>
        {offer && (
          <MoveForm
            key={offer.move}
            {...moving}
            offer={offer}
            done={() => {
              close()
              moving.moved()
              say(t('matter.moved', { move: offer.name }))
            }}
          />
        )}
      </Sheet>
    </div>
  )
}

interface MoveInput {
  values: FormValues
  target: string
  version: number
  photos: string[]
}

function useMove(offer: MoveOffer, path: string, photos: Photos) {
  return useAct(async (input: MoveInput, key: string) => {
    const fileIds = await photos.sendAll()
    const to = input.target === '' ? undefined : offer.targets[Number(input.target)]
    const form = filledValues(input.values)
    return send(`${path}/moves`, {
      key,
      body: {
        move: offer.move,
        version: input.version,
        ...(Object.keys(form).length > 0 ? { form } : {}),
        ...(to ? { target: { role: to.role, areaPath: to.areaPath, ...(to.unit ? { unit: to.unit } : {}) } } : {}),
        ...(fileIds.length > 0 ? { fileIds } : {}),
      },
    }).then(() => true)
  })
}

function MoveForm({
  offer,
  path,
  version,
  takesPhotos,
  moved,
  done,
}: Omit<Moving, 'offers'> & { offer: MoveOffer; done: () => void }) {
  const t = useText()
  const form = readForm(offer.form)
  const photos = usePhotos(offer.photoNeeded ? 'after' : 'attachment')
  const [values, setValues] = useState<FormValues>(() => emptyValues(form))
  const [target, setTarget] = useState(offer.targets.length === 1 ? '0' : '')
  const [tried, setTried] = useState(false)
  const act = useMove(offer, path, photos)
  const wrong = {
    fields: wrongFields(form, values, t('form.required')),
    target: offer.targets.length > 0 && target === '',
    photo: offer.photoNeeded && photos.list.length === 0,
  }
  const submit = async () => {
    setTried(true)
    if (Object.keys(wrong.fields).length > 0 || wrong.target || wrong.photo) return
    if (await act.run({ values, target, version, photos: photos.list.map(({ id }) => id) })) done()
  }
  if (isStale(act.error)) return <Stale reload={moved} forget={act.forget} />
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
        wrong={tried && wrong.target ? t('form.required') : undefined}
      />
      <FormFields form={form} values={values} onChange={setValues} wrong={tried ? wrong.fields : {}} />
      {takesPhotos && (offer.photoNeeded || offer.form !== null) && (
        <PhotoField
          photos={photos}
          label={offer.photoNeeded ? t('matter.photoAfter') : t('matter.photoMore')}
          wrong={tried && wrong.photo ? t('matter.photoNeeded') : undefined}
        />
      )}
      <Refused error={act.error} />
      <Button type="submit" kind={offer.emphasis === 'danger' ? 'danger' : 'primary'} wide busy={act.busy}>
        {t('matter.confirm')}
      </Button>
    </form>
  )
}

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
