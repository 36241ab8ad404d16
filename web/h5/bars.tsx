import { keptAt } from '../shared/api.ts'
import { saidTime } from '../shared/dates.ts'
import { useText } from '../shared/i18n/text.ts'
import { useUpdate } from '../shared/offline/shell-worker.ts'
import { isUnsent, useOutbox } from '../shared/offline/use-outbox.ts'
import { useReachable } from '../shared/reach.ts'
import { Icon } from '../shared/ui/icon.tsx'

/** Above every page: that there is no network, and that a newer version lies ready. */
export function Bars() {
  const t = useText()
  const reachable = useReachable()
  const update = useUpdate()
  return (
    <>
      {update && (
        <button type="button" className="bar bar-update" onClick={update}>
          <Icon name="download" />
          {t('offline.update')}
        </button>
      )}
      <div role="status">
        {!reachable && (
          <p className="bar bar-offline">
            <Icon name="globe" />
            <span>
              <strong>{t('offline.banner')}</strong> <span className="small">{t('offline.bannerNote')}</span>
            </span>
          </p>
        )}
      </div>
    </>
  )
}

/** How many things wait on the phone; leads to the outbox, also from pages without a head of their own for it. */
export function OutboxLink() {
  const t = useText()
  const items = useOutbox().filter(isUnsent)
  if (items.length === 0) return null
  const urgent = items.some(({ state }) => state === 'conflict' || state === 'refused')
  const label = `${t('outbox.title')}：${t('outbox.unsent', { count: items.length })}`
  return (
    <a className={urgent ? 'outbox-link wants-you' : 'outbox-link'} href="/h5/outbox" aria-label={label} title={label}>
      <Icon name="inbox" />
      {items.length}
    </a>
  )
}

/** Above what the phone showed from its own memory: when the server last said it. */
export function KeptLine({ of }: { of: unknown }) {
  const t = useText()
  const at = keptAt(of)
  if (at === undefined) return null
  return <p className="banner banner-warn small">{t('offline.keptAt', { time: saidTime(new Date(at)) })}</p>
}
