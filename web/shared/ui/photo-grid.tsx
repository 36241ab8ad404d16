import { useState } from 'react'
import { useText } from '../i18n/text.ts'
import { isReachable } from '../reach.ts'
import { Sheet } from './sheet.tsx'

export interface ShownPhoto {
  id: string
  url: string
  full: string
}

/** Small pictures that open large. */
export function PhotoGrid({ photos }: { photos: readonly ShownPhoto[] }) {
  const t = useText()
  const [open, setOpen] = useState<ShownPhoto | null>(null)
  const [lost, setLost] = useState<ReadonlySet<string>>(new Set())
  return (
    <>
      <div className="photos">
        {photos.map((photo, index) => (
          <button type="button" className="photo" key={photo.id} onClick={() => setOpen(photo)}>
            {lost.has(photo.id) ? (
              <span className="photo-lost small">{t('offline.noPhoto')}</span>
            ) : (
              <img
                src={photo.url}
                alt={t('photo.number', { number: index + 1 })}
                loading="lazy"
                onError={() => isReachable() || setLost((before) => new Set(before).add(photo.id))}
              />
            )}
          </button>
        ))}
      </div>
      <Sheet title={t('photo.title')} open={open !== null} close={() => setOpen(null)}>
        {open && <img className="photo-view" src={open.full} alt={t('photo.title')} />}
      </Sheet>
    </>
  )
}
