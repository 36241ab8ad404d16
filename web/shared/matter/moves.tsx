import { useState } from 'react'
import type { Matter, MoveOffer } from '../../../src/loop/contract.ts'
import { isStale, read } from '../api.ts'
import { saidTime } from '../dates.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { say } from '../ui/notice.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Refused } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { moveBody, MoveFields, useMoveInput } from './move-fields.tsx'
import { useMove } from './use-move.ts'

const kinds = { primary: 'primary', normal: 'quiet', danger: 'danger' } as const
const orders = { primary: 0, normal: 1, danger: 2 } as const

/** Some steps are possible only from a planned time on; until then they are said, not offered. */
const isOpen = (offer: MoveOffer) => offer.opensAt === null || new Date(offer.opensAt) <= new Date()

/** What a page has of the thing that is moved. */
type Present = Pick<Matter, 'version' | 'moves' | 'stateName'> & { timeline?: Matter['timeline'] }

interface Moving {
  /** Where a move is sent: the matter's own address, or the reporter's by code. */
  path: string
  version: number
  offers: readonly MoveOffer[]
  /** A reporter without an account has no session in which a photo could be kept. */
  takesPhotos: boolean
  /** What the matter is about, for the outbox. */
  about?: string
  moved: () => void
}

/** One button for each legal move; the server says which there are, the page never guesses. */
export function Moves({ offers, ...moving }: Moving) {
  const t = useText()
  const [chosen, setChosen] = useState<MoveOffer | null>(null)
  const sorted = [...offers].sort((a, b) => orders[a.emphasis] - orders[b.emphasis])
  const close = () => setChosen(null)
  return (
    <div className="moves">
      {sorted.filter(isOpen).map((one) => (
        <Button key={one.move} kind={kinds[one.emphasis]} wide onClick={() => setChosen(one)}>
          {one.name}
        </Button>
      ))}
      {sorted
        .filter((one) => !isOpen(one))
        .map((one) => (
          <p className="soft small" key={one.move}>
            {t('matter.opensAt', { move: one.name, at: saidTime(one.opensAt ?? '') })}
          </p>
        ))}
      <Sheet title={chosen?.name ?? ''} open={chosen !== null} close={close}>
        {chosen && (
          <MoveForm
            key={chosen.move}
            {...moving}
            offer={chosen}
            done={(queued) => {
              close()
              if (!queued) moving.moved()
              say(t(queued ? 'matter.queued' : 'matter.moved', { move: chosen.name }))
            }}
            leave={() => {
              close()
              moving.moved()
            }}
          />
        )}
      </Sheet>
    </div>
  )
}

function MoveForm({
  offer,
  path,
  version,
  takesPhotos,
  about,
  done,
  leave,
}: Omit<Moving, 'offers' | 'moved'> & { offer: MoveOffer; done: (queued: boolean) => void; leave: () => void }) {
  const t = useText()
  // Somebody else may be quicker: then this is made on what they left behind.
  const [onto, setOnto] = useState(version)
  const act = useMove(offer, { path, about })
  const input = useMoveInput(offer, act.error)
  const submit = async () => {
    if (!input.ready()) return
    const body = {
      ...moveBody(
        offer,
        input,
        input.photos.list.map(({ id }) => id),
      ),
      version: onto,
    }
    const targetLabel = input.target === '' ? undefined : offer.targets[Number(input.target)]?.label
    const fate = await act.run(input.photos, { body, values: input.values, targetLabel })
    if (fate) done(fate === 'queued')
  }
  const stale = isStale(act.error)
  return (
    <form
      className="stack"
      noValidate
      id={input.id}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <MoveFields offer={offer} input={input} takesPhotos={takesPhotos} />
      {!stale && <Refused error={act.error} />}
      {stale ? (
        <Stale
          path={path}
          since={onto}
          offer={offer}
          leave={leave}
          goOn={(next) => {
            act.forget()
            setOnto(next)
          }}
        />
      ) : (
        <Button type="submit" kind={offer.emphasis === 'danger' ? 'danger' : 'primary'} wide busy={act.busy}>
          {t('matter.confirm')}
        </Button>
      )}
    </form>
  )
}

/**
 * Somebody else was quicker: what they did and who they are, read anew. What was filled in stays; where the same move is
 * still possible it can be made on the new state, else one looks at that first.
 */
function Stale({
  path,
  since,
  offer,
  goOn,
  leave,
}: {
  path: string
  since: number
  offer: MoveOffer
  goOn: (version: number) => void
  leave: () => void
}) {
  const t = useText()
  const [now, setNow] = useState<Present>()
  const look = useAct(() => read<Present>(path))
  const seen = async () => {
    const found = await look.run(undefined)
    if (found) setNow(found)
  }
  const still = now?.moves.some(({ move }) => move === offer.move)
  return (
    <div className="stack" role="alert">
      <p className="banner banner-warn">{t('matter.stale')}</p>
      <Refused error={look.error} />
      {!now && (
        <Button kind="primary" wide busy={look.busy} onClick={() => void seen()}>
          {t('matter.staleWho')}
        </Button>
      )}
      {now && (
        <>
          <Happened items={now.timeline ?? []} since={since} />
          <p>{t(still ? 'matter.staleStill' : 'matter.staleGone', { state: now.stateName, move: offer.name })}</p>
          {still && (
            <Button kind="primary" wide onClick={() => goOn(now.version)}>
              {t('matter.staleGoOn')}
            </Button>
          )}
          <Button wide onClick={leave}>
            {t('matter.seeNew')}
          </Button>
        </>
      )}
    </div>
  )
}

function Happened({ items, since }: { items: Matter['timeline']; since: number }) {
  return (
    <ul className="stack-s">
      {items
        .filter(({ version }) => version > since)
        .map((item) => (
          <li key={item.entryId} className="says">
            <span className="strong">{item.title}</span> · {[item.by, item.byName].filter(Boolean).join(' ')} ·{' '}
            <Time at={item.at} />
            {item.details.map((detail) => (
              <div className="small soft" key={detail.label}>
                {detail.label}: {detail.value}
              </div>
            ))}
          </li>
        ))}
    </ul>
  )
}
