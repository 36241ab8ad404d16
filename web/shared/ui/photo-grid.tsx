import type { ComponentType } from 'react'
import { useEffect, useState } from 'react'
import { useText } from '../i18n/text.ts'
import { isReachable } from '../reach.ts'
import { Button } from './button.tsx'
import { Sheet } from './sheet.tsx'

export interface ShownPhoto {
  id: string
  url: string
  full: string
}

interface Showing {
  photos: readonly ShownPhoto[]
  /** What else is said of the photo that is open. */
  about?: ComponentType<{ id: string }> | undefined
}

/** Small pictures that open large, one after the other. */
export function PhotoGrid({ photos, about }: Showing) {
  const t = useText()
  const [open, setOpen] = useState(-1)
  const [lost, setLost] = useState<ReadonlySet<string>>(new Set())
  return (
    <>
      <div className="photos">
        {photos.map((photo, index) => (
          <button type="button" className="photo" key={photo.id} onClick={() => setOpen(index)}>
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
      <Sheet title={t('photo.title')} open={open >= 0} close={() => setOpen(-1)}>
        {photos[open] && <Viewer photos={photos} at={open} go={setOpen} about={about} key={open} />}
      </Sheet>
    </>
  )
}

/** The arrow keys leaf, + and - (or a tap) look closer and back. */
function Viewer({ photos, at, go, about: About }: Showing & { at: number; go: (at: number) => void }) {
  const t = useText()
  const [near, setNear] = useState(false)
  const photo = photos[at]
  useEffect(() => {
    const onKey = ({ key, target }: KeyboardEvent) => {
      if (target instanceof HTMLInputElement) return
      if (key === 'ArrowRight' && at + 1 < photos.length) go(at + 1)
      if (key === 'ArrowLeft' && at > 0) go(at - 1)
      if (key === '+' || key === '=') setNear(true)
      if (key === '-') setNear(false)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [at, photos.length, go])
  if (!photo) return null
  return (
    <>
      <button
        type="button"
        className={near ? 'photo-large photo-near' : 'photo-large'}
        aria-label={t(near ? 'photo.back' : 'photo.closer')}
        onClick={() => setNear(!near)}
      >
        <img className="photo-view" src={photo.full} alt={t('photo.number', { number: at + 1 })} />
      </button>
      {photos.length > 1 && (
        <div className="spread">
          <Button small icon="back" disabled={at === 0} onClick={() => go(at - 1)}>
            {t('photo.previous')}
          </Button>
          <span className="soft" role="status">
            {at + 1} / {photos.length}
          </span>
          <Button small disabled={at + 1 === photos.length} onClick={() => go(at + 1)}>
            {t('photo.next')}
          </Button>
        </div>
      )}
      {About && <About id={photo.id} />}
    </>
  )
}
