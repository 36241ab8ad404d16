import { useEffect, useMemo, useRef, useState } from 'react'
import type { FileRole } from '../../src/files/contract.ts'
import { asRefusal } from './loading.ts'
import { newId } from './ids.ts'
import { useText } from './i18n/text.ts'
import { shellHere } from './position/index.ts'
import type { IconName } from './ui/icon.tsx'
import { Icon } from './ui/icon.tsx'
import { uploadFile } from './uploads.ts'

export interface KeptPhoto {
  id: string
  blob: Blob
  name: string
}

interface Fate {
  share: number
  sent: boolean
  wrong?: string
}

export interface Photos {
  role: FileRole
  list: readonly KeptPhoto[]
  fates: Readonly<Record<string, Fate>>
  add: (files: FileList | null) => void
  remove: (id: string) => void
  restore: (list: readonly KeptPhoto[]) => void
  /** Sends what is not sent yet, one after the other, and gives all ids; throws at the first that is refused. */
  sendAll: () => Promise<string[]>
}

export const photosMax = 9

/** The photos of one report or move. They are sent when `sendAll` is called; sent ones are not sent again. */
export function usePhotos(role: FileRole): Photos {
  const [list, setList] = useState<readonly KeptPhoto[]>([])
  const [fates, setFates] = useState<Record<string, Fate>>({})
  const latest = useRef({ list, fates })
  useEffect(() => {
    latest.current = { list, fates }
  }, [list, fates])
  const mark = (id: string, fate: Fate) => {
    latest.current.fates = { ...latest.current.fates, [id]: fate }
    setFates(latest.current.fates)
  }
  return {
    role,
    list,
    fates,
    add: (files) => {
      const added = Array.from(files ?? [], (file) => ({ id: newId(), blob: file, name: file.name }))
      setList((before) => [...before, ...added].slice(0, photosMax))
    },
    remove: (id) => setList((before) => before.filter((photo) => photo.id !== id)),
    restore: (kept) => setList(kept.slice(0, photosMax)),
    sendAll: async () => {
      for (const photo of latest.current.list) {
        if (latest.current.fates[photo.id]?.sent) continue
        try {
          await uploadFile({ ...photo, role }, (share) => mark(photo.id, { share, sent: false }))
          mark(photo.id, { share: 1, sent: true })
        } catch (error) {
          const refusal = asRefusal(error)
          mark(photo.id, { share: 0, sent: false, wrong: refusal.message })
          throw refusal
        }
      }
      return latest.current.list.map((photo) => photo.id)
    },
  }
}

/** Takes photos by camera or from the album and shows what became of each. */
export function PhotoField({
  photos,
  label,
  hint,
  wrong,
}: {
  photos: Photos
  label: string
  hint?: string
  wrong?: string | undefined
}) {
  const t = useText()
  const room = photosMax - photos.list.length
  return (
    <fieldset className="field">
      <legend>{label}</legend>
      {hint && <p className="hint">{hint}</p>}
      <div className="photos">
        {photos.list.map((photo, index) => (
          <Kept
            key={photo.id}
            photo={photo}
            number={index + 1}
            fate={photos.fates[photo.id]}
            remove={() => photos.remove(photo.id)}
          />
        ))}
        {room > 0 && (
          <>
            <AddTile name="camera" label={t('photo.add')} photos={photos} capture={isInHand()} />
            {isInHand() && <AddTile name="plus" label={t('photo.album')} photos={photos} />}
          </>
        )}
      </div>
      {Object.entries(photos.fates).map(([id, fate]) =>
        fate.wrong && photos.list.some((photo) => photo.id === id) ? (
          <p className="wrong" key={id} role="alert">
            <Icon name="warning" />
            {fate.wrong}
          </p>
        ) : null,
      )}
      {wrong && (
        <p className="wrong">
          <Icon name="warning" />
          {wrong}
        </p>
      )}
    </fieldset>
  )
}

/** A phone opens its camera at once and its album beside it; at a desk one tile opens the folder. */
const isInHand = () => matchMedia('(pointer: coarse)').matches

function AddTile({
  name,
  label,
  photos,
  capture,
}: {
  name: IconName
  label: string
  photos: Photos
  capture?: boolean
}) {
  return (
    <label className="photo photo-add">
      <Icon name={name} />
      <span>{label}</span>
      <input
        type="file"
        accept={shellHere() ? 'image/*' : 'image/*,.heic,.heif'}
        multiple={!capture}
        capture={capture ? 'environment' : undefined}
        onChange={(event) => {
          photos.add(event.target.files)
          event.target.value = ''
        }}
      />
    </label>
  )
}

function Kept({
  photo,
  number,
  fate,
  remove,
}: {
  photo: KeptPhoto
  number: number
  fate: Fate | undefined
  remove: () => void
}) {
  const t = useText()
  const url = useMemo(() => URL.createObjectURL(photo.blob), [photo.blob])
  useEffect(() => () => URL.revokeObjectURL(url), [url])
  return (
    <div className="photo">
      <img src={url} alt={t('photo.number', { number })} />
      {fate && (
        <span className="progress" role="status">
          {fate.wrong ? t('photo.refused') : fate.sent ? t('photo.sent') : `${Math.round(fate.share * 100)}%`}
        </span>
      )}
      <button type="button" className="remove" aria-label={t('photo.remove', { number })} onClick={remove}>
        <Icon name="close" />
      </button>
    </div>
  )
}
