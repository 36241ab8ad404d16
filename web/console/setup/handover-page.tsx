import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { HandedOver, HandoverView } from '../../../src/grid/setup/contract.ts'
import type { Account } from '../../../src/identity/accounts/contract.ts'
import { isStale, send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, SelectField, TextField } from '../../shared/ui/field.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Row, Rows } from '../admin/rows.tsx'
import { useMe } from '../me-context.ts'
import { ConsolePage } from '../page.tsx'
import '../admin/admin.css'
import './setup.css'

interface Accounts {
  items: Account[]
}
const askAccounts = (q: string) =>
  `/identity/accounts?${new URLSearchParams({ limit: '20', ...(q.trim() ? { q: q.trim() } : {}) }).toString()}`

/** Somebody leaves: what will move is shown first, then all of it moves in one go. */
export function HandoverPage() {
  const t = useText()
  const { who } = useSearch({ from: '/handover' })
  const navigate = useNavigate()
  const choose = (next?: string) => void navigate({ to: '/handover', search: next ? { who: next } : {} })
  return (
    <ConsolePage title={t('handover.title')}>
      <p className="soft">{t('handover.lead')}</p>
      {who === undefined ? <WhoLeaves choose={choose} /> : <Leaving who={who} other={() => choose()} key={who} />}
    </ConsolePage>
  )
}

/** Whoever moved something meanwhile makes it another hand-over, chosen anew. */
const keyOf = ({ version, posts }: HandoverView): string => [version, ...posts.map((post) => post.version)].join()

function WhoLeaves({ choose }: { choose: (id: string) => void }) {
  const t = useText()
  const me = useMe()
  const [q, setQ] = useState('')
  const [asked, setAsked] = useState('')
  const found = useRead<Accounts>(askAccounts(asked))
  return (
    <section className="card stack">
      <h2>{t('handover.who')}</h2>
      <form
        className="admin-filters"
        role="search"
        onSubmit={(event) => {
          event.preventDefault()
          setAsked(q)
        }}
      >
        <TextField label={t('account.search')} value={q} onChange={setQ} maxLength={40} type="search" />
        <Button type="submit" icon="search">
          {t('account.find')}
        </Button>
      </form>
      <Shown of={found} waiting={<Skeleton lines={6} />}>
        {({ items }) => {
          const staying = items.filter(({ id, status }) => id !== me.accountId && status !== 'disabled')
          return staying.length === 0 ? (
            <Empty title={t('account.none')}>{t('account.noneNext')}</Empty>
          ) : (
            <Rows label={t('handover.who')}>
              {staying.map((account) => (
                <Row
                  key={account.id}
                  title={account.name || account.loginName}
                  tag={null}
                  facts={[account.loginName, account.phone, account.posts.join('、') || t('account.noPost')]}
                >
                  <Button
                    onClick={() => choose(account.id)}
                    aria-label={`${t('handover.choose')} ${account.name || account.loginName}`}
                  >
                    {t('handover.choose')}
                  </Button>
                </Row>
              ))}
            </Rows>
          )
        }}
      </Shown>
    </section>
  )
}

function Leaving({ who, other }: { who: string; other: () => void }) {
  const t = useText()
  const me = useMe()
  const view = useRead<HandoverView>(`/grid/setup/handover/${who}`)
  const [done, setDone] = useState<HandedOver | null>(null)
  if (done)
    return (
      <section className="card stack">
        <div className="banner banner-good" role="status">
          <Icon name="check" />
          <div>
            {t('handover.done', { posts: done.posts - done.vacant, vacant: done.vacant })}{' '}
            {done.closed && t('handover.closed')}
          </div>
        </div>
        <div>
          <Button onClick={other}>{t('handover.again')}</Button>
        </div>
      </section>
    )
  return (
    <Shown of={view} waiting={<Skeleton lines={8} />}>
      {(shown) => (
        <section className="card stack">
          <div className="row">
            <h2 className="grow">{t('handover.leaves', { name: shown.name, login: shown.loginName ?? '' })}</h2>
            <Button kind="plain" onClick={other}>
              {t('handover.other')}
            </Button>
          </div>
          {who === me.accountId ? (
            <p role="alert">{t('handover.self')}</p>
          ) : (
            <HandoverForm key={keyOf(shown)} view={shown} reload={view.reload} done={setDone} />
          )}
        </section>
      )}
    </Shown>
  )
}

function Work({ view }: { view: HandoverView }) {
  const t = useText()
  return (
    <>
      <h3>{t('handover.work')}</h3>
      {view.work.length === 0 ? (
        <p className="soft">{t('handover.noWork')}</p>
      ) : (
        <ul className="stack-s">
          {view.work.map(({ label, count }) => (
            <li key={label}>
              {label} <span className="strong">{t('handover.count', { count })}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function HandoverForm({
  view,
  reload,
  done,
}: {
  view: HandoverView
  reload: () => void
  done: (answer: HandedOver) => void
}) {
  const t = useText()
  const [follows, setFollows] = useState<Record<string, string>>(() =>
    Object.fromEntries(view.posts.map(({ postId, proposed }) => [postId, proposed?.accountId ?? ''])),
  )
  const [closes, setCloses] = useState(true)
  const [q, setQ] = useState('')
  const [asked, setAsked] = useState('')
  const found = useRead<Accounts>(askAccounts(asked))
  const [kept, setKept] = useState<Account[]>([])
  const people = [...kept, ...(found.data?.items ?? []).filter(({ id }) => !kept.some((one) => one.id === id))].filter(
    ({ id, status, seats }) => id !== view.accountId && status !== 'disabled' && seats.length === 0,
  )
  const act = useAct((body: object, key) => send<HandedOver>(`/grid/setup/handover/${view.accountId}`, { body, key }))
  // Where A and B sit, the other one stays; only a post that loses its last holder is left empty.
  const empty = view.posts.filter(({ postId, slot, proposed }) => slot === 'A' && !proposed && !follows[postId]).length
  const matters = view.work.reduce((sum, { count }) => sum + count, 0)
  const choicesFor = ({ proposed }: HandoverView['posts'][number]) => [
    ...(proposed ? [{ value: proposed.accountId, label: t('handover.proposed', { name: proposed.name }) }] : []),
    ...people
      .filter(({ id }) => id !== proposed?.accountId)
      .map(({ id, name, loginName }) => ({ value: id, label: `${name || loginName} · ${loginName}` })),
  ]
  return (
    <>
      <Work view={view} />
      <h3>{t('handover.posts')}</h3>
      {view.posts.length === 0 && <p className="soft">{t('handover.noPosts')}</p>}
      {view.posts.map((post) => (
        <SelectField
          key={post.postId}
          label={t('handover.follows', { post: `${post.name}（${t('handover.slot', { slot: post.slot })}）` })}
          value={follows[post.postId] ?? ''}
          onChange={(value) => {
            setKept(people.filter(({ id }) => id === value || kept.some((one) => one.id === id)))
            setFollows({ ...follows, [post.postId]: value })
          }}
          empty={t('handover.nobody')}
          choices={choicesFor(post)}
        />
      ))}
      {view.posts.length > 0 && (
        <form
          className="admin-filters"
          role="search"
          onSubmit={(event) => {
            event.preventDefault()
            setAsked(q)
          }}
        >
          <TextField
            label={t('handover.find')}
            hint={asked ? t('handover.found') : undefined}
            value={q}
            onChange={setQ}
            maxLength={40}
            type="search"
          />
          <Button type="submit" icon="search">
            {t('account.find')}
          </Button>
        </form>
      )}
      <CheckField label={t('handover.close')} checked={closes} onChange={setCloses} />
      {empty > 0 && (
        <div className="banner" role="status">
          <Icon name="warning" />
          <div>{t('handover.vacant', { count: empty })}</div>
        </div>
      )}
      <p className="strong">{t('handover.sure', { posts: view.posts.length, matters })}</p>
      <Refused error={act.error} />
      {act.error && isStale(act.error) && (
        <div>
          <Button onClick={reload}>{t('act.refresh')}</Button>
        </div>
      )}
      <div>
        <Button
          kind="primary"
          busy={act.busy}
          onClick={async () => {
            const posts = view.posts.map(({ postId, slot, version }) => ({
              postId,
              slot,
              version,
              successorId: follows[postId] || null,
            }))
            const answer = await act.run({ version: view.version, posts, closesAccount: closes })
            if (answer) done(answer)
          }}
        >
          {t('handover.do')}
        </Button>
      </div>
    </>
  )
}
