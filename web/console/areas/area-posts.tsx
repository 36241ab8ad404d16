import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type {
  Absence,
  Absences,
  FoundStaff,
  HolderHistory,
  MyPosts,
  Post,
  Posts,
} from '../../../src/grid/posts/contract.ts'
import { read, send } from '../../shared/api.ts'
import { exactTime, saidDay } from '../../shared/dates.ts'
import { language, useText } from '../../shared/i18n/text.ts'
import { asRefusal, useAct, useRead } from '../../shared/loading.ts'
import { StepUp, wantsSecondFactor } from '../../shared/sign-in/step-up.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { ChoiceField, SelectField, TextArea, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { useMe } from '../me-context.ts'
import { DutyPost } from '../places/duty-list.tsx'

/** Whether the reader fills posts at all: the grid's office by post, the system administrator by seat. The server decides where. */
export function useMayManage(): boolean {
  const me = useMe()
  const posts = useQuery({ queryKey: ['posts', language()], queryFn: () => read<MyPosts>('/grid/posts/mine') })
  return me.seats.includes('system') || posts.data?.purposes.includes('administration') === true
}

/** The posts of one area; whoever fills them seats and relieves people here, and notes who is away. */
export function AreaPosts({ path }: { path: string }) {
  const t = useText()
  const posts = useRead<Posts>(`/grid/posts?path=${encodeURIComponent(path)}`)
  const mayManage = useMayManage()
  const [shown, setShown] = useState<Post | null>(null)
  // Above one's own area the people are not shown; that is no trouble, one goes further down.
  if (posts.error?.status === 403) return <p className="soft">{t('areas.goDown')}</p>
  const close = () => setShown(null)
  return (
    <>
      <Shown of={posts} waiting={<Skeleton lines={5} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{t('areas.noPosts')}</p>
          ) : (
            <ul className="stack">
              {items.map((post) => (
                <li key={post.id} className="duty-area">
                  <DutyPost post={post} />
                  <Button small kind="plain" onClick={() => setShown(post)}>
                    {t(mayManage ? 'post.manage' : 'post.history')}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <Sheet title={shown?.name ?? ''} open={shown !== null} close={close}>
        {shown && (
          <PostSheet
            post={shown}
            mayManage={mayManage}
            changed={() => {
              close()
              posts.reload()
            }}
          />
        )}
      </Sheet>
    </>
  )
}

function PostSheet({ post, mayManage, changed }: { post: Post; mayManage: boolean; changed: () => void }) {
  const t = useText()
  const history = useRead<HolderHistory>(`/grid/posts/${post.id}/holders`)
  return (
    <>
      {mayManage &&
        post.holders.map((holder) => <Seated key={holder.slot} post={post} holder={holder} changed={changed} />)}
      {mayManage && post.holders.length < 2 && <Seat post={post} changed={changed} />}
      <DutiesOf post={post} mayManage={mayManage} changed={changed} />
      <h3>{t('post.history')}</h3>
      <Shown of={history} waiting={<Skeleton lines={3} />}>
        {({ items }) => (
          <ul className="stack-s">
            {items.map((one) => (
              <li key={`${one.accountId}${one.from}`}>
                {one.name}{' '}
                <span className="faint small">
                  {t(one.slot === 'A' ? 'areas.slotA' : 'areas.slotB')} · {saidDay(one.from)} –{' '}
                  {one.until ? saidDay(one.until) : t('post.now')}
                </span>
              </li>
            ))}
            {items.length === 0 && <li className="soft">{t('areas.vacant')}</li>}
          </ul>
        )}
      </Shown>
    </>
  )
}

/** What the post is there for, a line each. */
function DutiesOf({ post, mayManage, changed }: { post: Post; mayManage: boolean; changed: () => void }) {
  const t = useText()
  const [text, setText] = useState(post.duties.join('\n'))
  const act = useAct((body: object, key: string) =>
    send<Post>(`/grid/posts/${post.id}/duties`, { method: 'PUT', body, key }),
  )
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (!mayManage)
    return post.duties.length === 0 ? null : (
      <>
        <h3>{t('post.duties')}</h3>
        <ul className="stack-s">
          {post.duties.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </>
    )
  const save = async () => {
    if (!(await act.run({ duties: lines, version: post.version }))) return
    say(t('post.dutiesSaved'))
    changed()
  }
  return (
    <div className="stack-s">
      <TextArea
        label={t('post.duties')}
        hint={t('post.dutiesHint')}
        optional
        value={text}
        onChange={setText}
        rows={4}
      />
      <Refused error={act.error} />
      <Button small busy={act.busy} disabled={lines.join('\n') === post.duties.join('\n')} onClick={() => void save()}>
        {t('post.dutiesSave')}
      </Button>
    </div>
  )
}

type Holder = Post['holders'][number]
const reasons = ['leave', 'trip', 'sick', 'training', 'rest', 'other'] as const
const reasonNames = {
  leave: 'absence.leave',
  trip: 'absence.trip',
  sick: 'absence.sick',
  training: 'absence.training',
  rest: 'absence.rest',
  other: 'absence.other',
} as const

/** Somebody in the post: relieve them, or note that they are away, so that B acts. */
function Seated({ post, holder, changed }: { post: Post; holder: Holder; changed: () => void }) {
  const t = useText()
  const [reason, setReason] = useState<string>('leave')
  const [until, setUntil] = useState('')
  const relieve = useAct((body: object, key: string) => send<Post>(`/grid/posts/${post.id}/relieve`, { body, key }))
  const away = useAct((body: object, key: string) => send<object>('/grid/absences', { body, key }))
  const done = (said: string) => {
    say(said)
    changed()
  }
  const note = async () => {
    const end = until === '' ? {} : { until: new Date(`${until}T23:59:59+08:00`).toISOString() }
    if (await away.run({ accountId: holder.accountId, reason, ...end })) done(t('absence.noted', { name: holder.name }))
  }
  return (
    <section className="stack-s post-seat">
      <div className="spread">
        <span>
          <span className="strong">{holder.name}</span>{' '}
          <span className="faint small">
            {t(holder.slot === 'A' ? 'areas.slotA' : 'areas.slotB')} ·{' '}
            <span title={exactTime(holder.since)}>{t('duty.since', { day: saidDay(holder.since) })}</span>
          </span>
        </span>
        <Button
          small
          kind="danger"
          busy={relieve.busy}
          onClick={async () => {
            if (await relieve.run({ slot: holder.slot, version: post.version }))
              done(t('post.relieved', { name: holder.name }))
          }}
        >
          {t('post.relieve')}
        </Button>
      </div>
      {holder.away && <Away under={post.areaPath} holder={holder} done={done} />}
      {!holder.away && (
        <div className="row">
          <SelectField
            label={t('absence.reason')}
            value={reason}
            onChange={setReason}
            choices={reasons.map((value) => ({ value, label: t(reasonNames[value]) }))}
          />
          <TextField label={t('absence.until')} optional type="date" value={until} onChange={setUntil} />
          <Button small busy={away.busy} onClick={() => void note()}>
            {t('absence.note')}
          </Button>
        </div>
      )}
      <Refused error={relieve.error ?? away.error} />
    </section>
  )
}

/** Somebody back before the day that was noted, or without one: B stands down from now on. */
function Away({ under, holder, done }: { under: string; holder: Holder; done: (said: string) => void }) {
  const t = useText()
  const all = useRead<Absences>(`/grid/absences?under=${encodeURIComponent(under)}`)
  const act = useAct(({ id, version }: Absence, key) => send(`/grid/absences/${id}/end`, { body: { version }, key }))
  const [now] = useState(Date.now)
  const running = all.data?.items.find(
    ({ accountId, from, until }) =>
      accountId === holder.accountId && Date.parse(from) <= now && (until === null || Date.parse(until) > now),
  )
  if (!running) return <Refused error={all.error} />
  return (
    <div className="spread">
      <span className="soft">
        {t(reasonNames[running.reason])} ·{' '}
        {running.until ? t('absence.to', { day: saidDay(running.until) }) : t('absence.open')}
      </span>
      <Button
        small
        busy={act.busy}
        onClick={async () => {
          if (await act.run(running)) done(t('absence.ended', { name: holder.name }))
        }}
      >
        {t('absence.end')}
      </Button>
      <Refused error={act.error} />
    </div>
  )
}

/** Seats a colleague, found by name, as A or B. */
function Seat({ post, changed }: { post: Post; changed: () => void }) {
  const t = useText()
  const [words, setWords] = useState('')
  const [accountId, setAccountId] = useState('')
  const free = (['A', 'B'] as const).filter((slot) => !post.holders.some((holder) => holder.slot === slot))
  const [slot, setSlot] = useState<string>(free[0] ?? 'A')
  const asked = words.trim()
  const found = useQuery({
    queryKey: ['staff', asked],
    enabled: asked !== '',
    queryFn: () => read<FoundStaff>(`/grid/staff?q=${encodeURIComponent(asked)}`),
  })
  const act = useAct((body: object, key: string) => send<Post>(`/grid/posts/${post.id}/assign`, { body, key }))
  const people = found.data?.items ?? []
  const seat = async () => {
    if (!(await act.run({ accountId, slot, version: post.version }))) return
    say(t('post.seated', { name: people.find((one) => one.accountId === accountId)?.name ?? '' }))
    changed()
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (accountId !== '') void seat()
      }}
    >
      <h3>{t('post.seat')}</h3>
      <TextField label={t('post.who')} hint={t('post.whoHint')} value={words} onChange={setWords} type="search" />
      {found.isError && <Refused error={asRefusal(found.error)} />}
      {people.length > 0 && (
        <ChoiceField
          label={t('post.found')}
          list
          value={accountId}
          onChange={setAccountId}
          choices={people.map((one) => ({
            value: one.accountId,
            label: `${one.name} (${one.loginName})`,
            note:
              [...one.posts, one.elsewhere ? t('post.elsewhere') : ''].filter(Boolean).join(' · ') || t('post.none'),
          }))}
        />
      )}
      {found.isSuccess && people.length === 0 && <p className="soft">{t('post.nobody')}</p>}
      <ChoiceField
        label={t('post.slot')}
        value={slot}
        onChange={setSlot}
        choices={free.map((value) => ({ value, label: t(value === 'A' ? 'areas.slotA' : 'areas.slotB') }))}
      />
      {wantsSecondFactor(act.error) ? <StepUp given={() => void seat()} /> : <Refused error={act.error} />}
      <Button type="submit" kind="primary" busy={act.busy} disabled={accountId === ''}>
        {t('post.seatDo')}
      </Button>
    </form>
  )
}
