import { useEffect, useId, useState } from 'react'
import type { MoveOffer } from '../../../src/loop/contract.ts'
import type { Refusal } from '../api.ts'
import { FormFields } from '../form/form-fields.tsx'
import type { Form, FormValues } from '../form/form.ts'
import { emptyValues, filledValues, readForm, wrongFields } from '../form/form.ts'
import { useText } from '../i18n/text.ts'
import type { Photos } from '../photos.tsx'
import { PhotoField, usePhotos } from '../photos.tsx'
import { TargetField } from './target-field.tsx'

/** What somebody fills in for a move, kept until the server has taken it. */
export interface MoveInput {
  form: Form
  values: FormValues
  setValues: (values: FormValues) => void
  /** Index among the offer's targets, as text; empty while nobody is chosen. */
  target: string
  setTarget: (target: string) => void
  photos: Photos
  wrong: { fields: Record<string, string>; target: boolean; photo: boolean }
  tried: boolean
  /** Whether all is there; where it is not, the first field that wants something gets the focus. */
  ready: () => boolean
  /** Of the form, so that the first wrong field is found in it. */
  id: string
}

const firstWrong = '[aria-invalid="true"], [data-wrong] input, [data-wrong] button'

export function useMoveInput(offer: MoveOffer, refused?: Refusal): MoveInput {
  const t = useText()
  const form = readForm(offer.form)
  const photos = usePhotos(offer.photoNeeded ? 'after' : 'attachment')
  const [values, setValues] = useState<FormValues>(() => emptyValues(form))
  const [target, setTarget] = useState(offer.targets.length === 1 ? '0' : '')
  const [tried, setTried] = useState(0)
  const id = useId()
  const said = refused?.fields.length ?? 0
  const wrong = {
    fields: { ...serverSays(refused), ...wrongFields(form, values, t('form.required')) },
    target: offer.targets.length > 0 && target === '',
    photo: offer.photoNeeded && photos.list.length === 0,
  }
  useEffect(() => {
    if (tried > 0 || said > 0) document.getElementById(id)?.querySelector<HTMLElement>(firstWrong)?.focus()
  }, [tried, said, id])
  const missing = Object.keys(wrongFields(form, values, 'x')).length > 0
  return {
    form,
    values,
    setValues,
    target,
    setTarget,
    photos,
    wrong,
    tried: tried > 0,
    ready: () => {
      setTried((times) => times + 1)
      return !missing && !wrong.target && !wrong.photo
    },
    id,
  }
}

/** The server's word to a field of the form (`form.days`) belongs to that field. */
const serverSays = (refused: Refusal | undefined): Record<string, string> =>
  Object.fromEntries(
    (refused?.fields ?? [])
      .filter(({ path }) => path.startsWith('form.'))
      .map(({ path, message }) => [path.slice('form.'.length), message]),
  )

/** What is sent for a move, but for the version of the matter that it is made on. */
export function moveBody(offer: MoveOffer, input: Pick<MoveInput, 'values' | 'target'>, fileIds: readonly string[]) {
  const to = input.target === '' ? undefined : offer.targets[Number(input.target)]
  const form = filledValues(input.values)
  return {
    move: offer.move,
    ...(Object.keys(form).length > 0 ? { form } : {}),
    ...(to ? { target: { role: to.role, areaPath: to.areaPath, ...(to.unit ? { unit: to.unit } : {}) } } : {}),
    ...(fileIds.length > 0 ? { fileIds } : {}),
  }
}

export function MoveFields({
  offer,
  input,
  takesPhotos,
}: {
  offer: MoveOffer
  input: MoveInput
  takesPhotos: boolean
}) {
  const t = useText()
  const { wrong, tried } = input
  return (
    <>
      {offer.hint && <p className="soft">{offer.hint}</p>}
      <TargetField
        targets={offer.targets}
        value={input.target}
        onChange={input.setTarget}
        wrong={tried && wrong.target ? t('form.required') : undefined}
      />
      <FormFields
        form={input.form}
        values={input.values}
        onChange={input.setValues}
        wrong={tried ? wrong.fields : {}}
      />
      {takesPhotos && (offer.photoNeeded || offer.form !== null) && (
        <PhotoField
          photos={input.photos}
          label={offer.photoNeeded ? t('matter.photoAfter') : t('matter.photoMore')}
          wrong={tried && wrong.photo ? t('matter.photoNeeded') : undefined}
        />
      )}
    </>
  )
}
