import type { TextKey } from '../shared/i18n/text.ts'
import { useText } from '../shared/i18n/text.ts'
import { keepDraft, findDraft } from '../shared/drafts.ts'
import { house, withStore } from '../shared/offline/index.ts'
import type { Item } from '../shared/offline/store.ts'
import { workDays } from '../shared/offline/terms.ts'
import { useOutbox } from '../shared/offline/use-outbox.ts'
import { isBegun, type Draft } from '../shared/report/draft.ts'
import { go } from '../shared/router.ts'
import { Button, ButtonLink } from '../shared/ui/button.tsx'
import { say } from '../shared/ui/notice.tsx'
import { Empty } from '../shared/ui/states.tsx'
import { Time } from '../shared/ui/time.tsx'
import { Decision } from './outbox-decision.tsx'
import { DropButton, Told } from './outbox-parts.tsx'
import { Page } from './shell.tsx'

const fates: Record<Item['state'], { word: TextKey; look: string }> = {
  waiting: { word: 'outbox.waiting', look: 'parked' },
  sending: { word: 'outbox.sending', look: 'running' },
  sent: { word: 'outbox.sent', look: 'verified' },
  refused: { word: 'outbox.refused', look: 'overdue' },
  conflict: { word: 'outbox.conflict', look: 'dueSoon' },
}

/** What was done without a network, each with its fate: what wants a decision first, then what waits, then what arrived. */
export function OutboxPage() {
  const t = useText()
  const items = useOutbox()
  const weight = (item: Item) =>
    item.state === 'sent' ? 2 : item.state === 'conflict' || item.state === 'refused' ? 0 : 1
  const sorted = [...items].sort((a, b) => weight(a) - weight(b) || b.at - a.at)
  const waits = items.some((item) => weight(item) === 1)
  return (
    <Page title={t('outbox.title')} back="/h5/me">
      <p className="soft">{t('outbox.lead', { days: workDays })}</p>
      {sorted.length === 0 && (
        <Empty
          title={t('outbox.none')}
          action={
            <ButtonLink href="/h5/report" kind="quiet" icon="camera">
              {t('nav.report')}
            </ButtonLink>
          }
        >
          {t('outbox.noneNext')}
        </Empty>
      )}
      {waits && (
        <Button kind="quiet" wide onClick={sendNow}>
          {t('outbox.retry')}
        </Button>
      )}
      <ul className="stack">
        {sorted.map((item) => (
          <li key={item.id}>
            <OneItem item={item} heldBack={isHeldBack(item, items)} />
          </li>
        ))}
      </ul>
    </Page>
  )
}

/** Whoever presses does not wait for the end of a pause. */
const sendNow = () =>
  void withStore(async (store) => {
    for (const { id, state } of await store.list()) if (state === 'waiting') await store.change(id, { nextAt: 0 })
  }).then(async () => (await house())?.run())

const isHeldBack = (item: Item, all: readonly Item[]) =>
  item.state === 'waiting' &&
  all.some((other) => other.subject === item.subject && other.at < item.at && other.state !== 'sent')

/** Where each is found again once it arrived. */
const listOf: Record<Item['kind'], string> = {
  report: 'mine',
  move: 'tasks',
  remark: 'tasks',
  diary: 'diary',
  visit: 'visits',
}

function OneItem({ item, heldBack }: { item: Item; heldBack: boolean }) {
  const t = useText()
  const fate = fates[item.state]
  const href = `/h5/${listOf[item.kind]}/${item.subject}`
  return (
    <section className="card outbox-item">
      <div className="spread">
        <span className={`tag tag-${fate.look}`}>{t(fate.word)}</span>
        <span className="faint small">
          <Time at={new Date(item.at).toISOString()} />
        </span>
      </div>
      <h2>{item.title}</h2>
      {item.place && <p className="soft small">{item.place}</p>}
      {item.state === 'sent' ? (
        <>
          {item.number && (
            <p>
              {t('matter.number')} <a href={href}>{item.number}</a>
            </p>
          )}
          {item.kind === 'diary' && <a href={href}>{t('diary.seeSent')}</a>}
          {item.kind === 'visit' && <a href={href}>{t('visit.seeSent')}</a>}
          {item.conflicts !== undefined && (
            <p className="banner banner-warn">
              <a href="/h5/visits/conflicts">{t('visit.sentConflicts', { count: item.conflicts })}</a>
            </p>
          )}
        </>
      ) : (
        <Told item={item} />
      )}
      {heldBack && <p className="soft small">{t('outbox.heldBack')}</p>}
      {item.state === 'waiting' && item.tries > 0 && (
        <p className="soft small">{t('outbox.tries', { count: item.tries })}</p>
      )}
      {item.state === 'refused' && item.message && (
        <div className="banner banner-wrong" role="alert">
          <div>
            {item.message}
            {item.fields?.map((field) => (
              <div key={field.path}>{field.message}</div>
            ))}
          </div>
        </div>
      )}
      {item.state === 'conflict' ? <Decision item={item} /> : <Acts item={item} />}
    </section>
  )
}

function Acts({ item }: { item: Item }) {
  const t = useText()
  const again = () => {
    void withStore((store) => store.change(item.id, { state: 'waiting', nextAt: 0 })).then(async () =>
      (await house())?.run(),
    )
  }
  return (
    <div className="row">
      {item.state === 'refused' && item.kind !== 'report' && (
        <Button kind="quiet" small onClick={again}>
          {t('outbox.retry')}
        </Button>
      )}
      {item.draft !== undefined && (item.state === 'refused' || (item.state === 'waiting' && item.tries === 0)) && (
        <Button
          kind="quiet"
          small
          onClick={() => void editAgain(item, () => say(t('outbox.draftInTheWay'), { wrong: true }))}
        >
          {t('outbox.edit')}
        </Button>
      )}
      {item.state !== 'sending' && <DropButton item={item} label={t('outbox.drop')} />}
    </div>
  )
}

interface Written {
  drawer: string
  kind: string
  written: Draft
}

/** Back on the report page under the same id: what the server refused it has not kept. */
async function editAgain(item: Item, inTheWay: () => void): Promise<void> {
  const { drawer, kind, written } = item.draft as Written
  const standing = await findDraft<Draft>(drawer)
  if (standing && isBegun(standing)) return inTheWay()
  const photos = (await withStore((store) => store.photosOf(item.id))) ?? []
  if ((await keepDraft(drawer, { ...written, photos })) !== 'kept') return
  await withStore((store) => store.drop(item.id))
  go(`/h5/report?kind=${kind}`)
}
