import { useState } from 'react'
import type { Holder, PlaceDuty, Post, Unmasked } from '../../../src/grid/posts/contract.ts'
import { send } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { StepUp, wantsSecondFactor } from '../../shared/sign-in/step-up.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'

/** The nets in the order in which one asks: the ground itself, then who stands over it. */
const nets = ['base', 'large', 'party', 'police', 'business'] as const
const netNames = {
  base: 'nets.base',
  large: 'nets.large',
  party: 'nets.party',
  police: 'nets.police',
  business: 'nets.business',
} as const
const netOf = ({ overlay, kind }: PlaceDuty['items'][number]): string => (kind === 'largeArea' ? 'large' : overlay)

/** Who answers for a place in every net, or did at another time, nearest first; posts that nobody holds are said to be empty. */
export function PlaceDutyList({ query, nearest }: { query: string; nearest?: number }) {
  const t = useText()
  const duty = useRead<PlaceDuty>(`/grid/duty?${query}`)
  const past = query.includes('&at=')
  return (
    <Shown of={duty} waiting={<Skeleton lines={4} />}>
      {({ items, place }) => {
        const manned = items.filter(({ posts }) => posts.length > 0).toReversed()
        if (manned.length === 0) return <p className="soft">{t('areas.noPosts')}</p>
        const shown = manned.slice(0, nearest ?? manned.length)
        return (
          <div className="stack">
            {past && <p className="soft">{t('nets.placeThen', { place })}</p>}
            {nets.map((net) => {
              const own = shown.filter((area) => netOf(area) === net)
              return own.length === 0 ? null : (
                <section key={net} className="stack-s" aria-label={t(netNames[net])}>
                  <h3 className="net-title">
                    <span className={`net-mark net-${net}`} aria-hidden="true" /> {t(netNames[net])}
                  </h3>
                  <NetAreas areas={own.filter((area) => !isFarAbove(area))} past={past} />
                  {own.some(isFarAbove) && (
                    <details open={own.every(isFarAbove)}>
                      <summary>{t('nets.above')}</summary>
                      <NetAreas areas={own.filter(isFarAbove)} past={past} />
                    </details>
                  )}
                </section>
              )
            })}
          </div>
        )
      }}
    </Shown>
  )
}

/** Town and county have many desks: they are folded under whoever is near. */
const isFarAbove = ({ overlay, kind }: PlaceDuty['items'][number]): boolean =>
  overlay === 'base' && (kind === 'town' || kind === 'county')

function NetAreas({ areas, past }: { areas: PlaceDuty['items']; past: boolean }) {
  return (
    <ul className="stack">
      {areas.map((area) => (
        <li key={area.path} className="duty-area">
          <h4 className="faint small">{area.name}</h4>
          {area.posts.map((post) => (
            <DutyPost key={post.id} post={post} past={past} />
          ))}
        </li>
      ))}
    </ul>
  )
}

/** One post with A and B, since when, and whether they are there. */
export function DutyPost({ post, past = false }: { post: Post; past?: boolean }) {
  const t = useText()
  return (
    <div className="duty-post">
      <p className="strong">{post.name}</p>
      {post.duties.length > 0 && <p className="soft small">{post.duties.join('；')}</p>}
      {post.holders.length === 0 && <p className="tag tag-dueSoon">{t('areas.vacant')}</p>}
      {post.holders.map((holder) => (
        <DutyHolder key={`${holder.accountId}${holder.slot}`} post={post} holder={holder} past={past} />
      ))}
    </div>
  )
}

function DutyHolder({ post, holder, past }: { post: Post; holder: Holder; past: boolean }) {
  const t = useText()
  const [phone, setPhone] = useState<string | null>(null)
  return (
    <div className="spread duty-holder">
      <span>
        {holder.name}{' '}
        <span className="faint small">
          {t(holder.slot === 'A' ? 'areas.slotA' : 'areas.slotB')} · {t('duty.since', { day: saidDay(holder.since) })}
        </span>
        <br />
        {phone ? <a href={`tel:${phone}`}>{phone}</a> : <span className="soft">{holder.phone}</span>}{' '}
        {holder.phone && !phone && !past && <PhoneOf post={post} holder={holder} show={setPhone} />}
      </span>
      {holder.onDuty ? (
        <span className="tag tag-verified">{t(past ? 'nets.acted' : 'areas.onDuty')}</span>
      ) : (
        holder.away && <span className="tag tag-parked">{t('areas.away')}</span>
      )}
    </div>
  )
}

/** The number in full, for a reason that stays in the ledger. */
function PhoneOf({ post, holder, show }: { post: Post; holder: Holder; show: (phone: string) => void }) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const act = useAct((body: { accountId: string; reason: string }, key: string) =>
    send<Unmasked>(`/grid/posts/${post.id}/unmask`, { body, key }),
  )
  const ask = async () => {
    const found = await act.run({ accountId: holder.accountId, reason })
    if (!found) return
    setOpen(false)
    show(found.phone ?? '')
  }
  return (
    <>
      <Button kind="plain" small onClick={() => setOpen(true)}>
        {t('matter.showPhone')}
      </Button>
      <Sheet title={t('matter.showPhone')} open={open} close={() => setOpen(false)}>
        {wantsSecondFactor(act.error) ? (
          <StepUp given={() => void ask()} />
        ) : (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault()
              void ask()
            }}
          >
            <p className="soft">{t('matter.showPhoneWhy')}</p>
            <TextField
              label={t('matter.reason')}
              value={reason}
              onChange={setReason}
              required
              minLength={4}
              maxLength={200}
            />
            <Refused error={act.error} />
            <Button type="submit" kind="primary" busy={act.busy} wide>
              {t('matter.showPhoneDo')}
            </Button>
          </form>
        )}
      </Sheet>
    </>
  )
}
