import type { InboxMessage } from '../../../src/notify/inbox/contract.ts'
import { send } from '../api.ts'
import { dayIn, saidDay } from '../dates.ts'
import { useText } from '../i18n/text.ts'
import { useAct, usePages } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { More } from '../ui/more.tsx'
import { Empty, Refused, Shown, Skeleton } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import './inbox.css'

interface Listing {
  hrefOf: (message: InboxMessage) => string | undefined
  changed: () => void
}

/** Days as Beijing counts them, in the order of the list. */
function byDay(messages: readonly InboxMessage[]): [day: string, messages: InboxMessage[]][] {
  const days = new Map<string, InboxMessage[]>()
  for (const message of messages) {
    const day = dayIn(new Date(message.createdAt))
    days.set(day, [...(days.get(day) ?? []), message])
  }
  return [...days]
}

/** Messages by day, newest first; opening one marks it read. */
export function InboxList({ hrefOf, changed }: Listing) {
  const t = useText()
  const list = usePages<InboxMessage>('/notify/inbox?limit=30')
  const act = useAct((body: { ids?: string[]; until?: string }, key) => send('/notify/inbox/read', { body, key }))
  const mark = async (which: { ids?: string[]; until?: string }) => {
    await act.run(which)
    list.reload()
    changed()
  }
  const newest = list.data?.[0]
  return (
    <>
      {newest && list.data?.some((message) => !message.readAt) && (
        <div>
          <Button kind="quiet" small busy={act.busy} onClick={() => void mark({ until: new Date().toISOString() })}>
            {t('inbox.readAll')}
          </Button>
        </div>
      )}
      <Refused error={act.error} />
      <Shown of={list} waiting={<Skeleton lines={2} cards={4} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('inbox.none')}>{t('inbox.noneNext')}</Empty>
          ) : (
            byDay(items).map(([day, messages]) => (
              <section className="stack-s" key={day}>
                <h2 className="inbox-day">{saidDay(messages[0]!.createdAt)}</h2>
                <ul className="inbox">
                  {messages.map((message) => (
                    <Message
                      key={message.id}
                      of={message}
                      href={hrefOf(message)}
                      open={() => !message.readAt && void mark({ ids: [message.id] })}
                    />
                  ))}
                </ul>
              </section>
            ))
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}

function Message({ of, href, open }: { of: InboxMessage; href: string | undefined; open: () => void }) {
  const t = useText()
  const inside = (
    <>
      <span className="spread">
        <span className={of.readAt ? undefined : 'strong'}>
          {!of.readAt && (
            <span className="unread">
              <span className="only-read-aloud">{t('inbox.new')}</span>
            </span>
          )}
          {of.title}
        </span>
        <span className="faint small">
          <Time at={of.createdAt} />
        </span>
      </span>
      <span className="soft small">{of.body}</span>
    </>
  )
  return (
    <li>
      {href ? (
        <a href={href} onClick={open}>
          {inside}
        </a>
      ) : (
        <div>{inside}</div>
      )}
    </li>
  )
}
