import { useEffect, useState } from 'react'
import { useText } from '../shared/i18n/text.ts'
import { withStore } from '../shared/offline/index.ts'
import type { Item, Photo } from '../shared/offline/store.ts'
import { Button } from '../shared/ui/button.tsx'
import { Sheet } from '../shared/ui/sheet.tsx'

/** What the person wrote and photographed. */
export function Told({ item }: { item: Item }) {
  const photos = useItemPhotos(item)
  const t = useText()
  return (
    <>
      {item.words && <p style={{ whiteSpace: 'pre-line' }}>{item.words}</p>}
      {item.answers.length > 0 && (
        <dl className="facts small">
          {item.answers.map(({ label, value }) => (
            <div key={label} style={{ display: 'contents' }}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {photos.length > 0 && (
        <div className="photos">
          {photos.map((photo, index) => (
            <div className="photo" key={photo.id}>
              <img src={photo.url} alt={t('photo.number', { number: index + 1 })} />
            </div>
          ))}
        </div>
      )}
    </>
  )
}

function useItemPhotos({ id, photos: count }: Item): readonly { id: string; url: string }[] {
  const [shown, setShown] = useState<readonly { id: string; url: string }[]>([])
  useEffect(() => {
    let over = false
    let urls: string[] = []
    const show = (photos: readonly Photo[]) => {
      if (over) return
      const next = photos.map((photo) => ({ id: photo.id, url: URL.createObjectURL(photo.blob) }))
      urls = next.map(({ url }) => url)
      setShown(next)
    }
    if (count > 0) void withStore((store) => store.photosOf(id)).then((photos) => show(photos ?? []))
    else setShown([])
    return () => {
      over = true
      for (const url of urls) URL.revokeObjectURL(url)
    }
  }, [id, count])
  return shown
}

export function DropButton({ item, label }: { item: Item; label: string }) {
  const t = useText()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button kind={item.state === 'sent' ? 'plain' : 'danger'} small onClick={() => setAsking(true)}>
        {label}
      </Button>
      <Sheet title={t('outbox.dropTitle')} open={asking} close={() => setAsking(false)}>
        {item.state !== 'sent' && <p>{t('outbox.dropSure')}</p>}
        {item.state === 'waiting' && item.tries > 0 && <p className="soft">{t('outbox.dropMaybe')}</p>}
        <Button kind="danger" wide onClick={() => void withStore((store) => store.drop(item.id))}>
          {t('outbox.dropDo')}
        </Button>
      </Sheet>
    </>
  )
}
