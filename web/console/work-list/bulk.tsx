import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { CommonMoves } from '../../../src/loop/desk/contract.ts'
import { randomKey, send } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { language, useText } from '../../shared/i18n/text.ts'
import { asRefusal } from '../../shared/loading.ts'
import { moveBody, MoveFields, useMoveInput } from '../../shared/matter/move-fields.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Skeleton, Trouble } from '../../shared/ui/states.tsx'
import { anew, bulkRow, runBulk, type BulkRow, type Fate } from './bulk-run.ts'
import { BULK_MAX } from './limits.ts'

type Offer = CommonMoves['offers'][number]
const common = (ids: readonly string[]) =>
  send<CommonMoves>('/matters/common-moves', { body: { ids }, key: randomKey() })

/** What may be done with all that is chosen: one form, and each matter moved by its own command. */
export function Bulk({
  ids,
  all,
  choose,
}: {
  ids: readonly string[]
  all: readonly string[]
  choose: (ids: readonly string[]) => void
}) {
  const t = useText()
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const clear = () => choose([])
  if (ids.length === 0) return null
  const close = () => {
    setOpen(false)
    void queries.invalidateQueries()
  }
  return (
    <div className="bulk" role="region" aria-label={t('bulk.title')}>
      <span className="strong" role="status">
        {t('bulk.chosen', { count: ids.length })}
      </span>
      {ids.length >= BULK_MAX && <span className="soft small">{t('bulk.most', { most: BULK_MAX })}</span>}
      <span className="grow" />
      <Button kind="primary" small onClick={() => setOpen(true)}>
        {t('bulk.do')}
      </Button>
      {all.some((id) => !ids.includes(id)) && (
        <Button small onClick={() => choose(all)}>
          {t('bulk.all', { count: all.length })}
        </Button>
      )}
      <Button small kind="plain" onClick={clear}>
        {t('bulk.clear')}
      </Button>
      <Sheet title={t('bulk.title')} open={open} close={close}>
        {open && (
          <ChooseMove
            ids={ids}
            finish={() => {
              close()
              clear()
            }}
          />
        )}
      </Sheet>
    </div>
  )
}

function ChooseMove({ ids, finish }: { ids: readonly string[]; finish: () => void }) {
  const t = useText()
  const found = useQuery({ queryKey: ['common', language(), ids], queryFn: () => common(ids), staleTime: 0, gcTime: 0 })
  const [offer, setOffer] = useState<Offer | null>(null)
  if (found.isError) return <Trouble error={asRefusal(found.error)} retry={() => void found.refetch()} />
  if (!found.data) return <Skeleton lines={4} />
  if (offer) return <MoveAll offer={offer} items={found.data.items} back={() => setOffer(null)} finish={finish} />
  const offers = found.data.offers.filter(({ photoNeeded, opensAt }) => !photoNeeded && opensAt === null)
  return (
    <div className="stack">
      <p className="soft">{t('bulk.lead')}</p>
      {offers.length === 0 && <p className="banner banner-warn">{t('bulk.noMove')}</p>}
      <div className="moves">
        {offers.map((one) => (
          <Button
            key={`${one.move}${one.ids[0]}`}
            kind={one.emphasis === 'danger' ? 'danger' : 'quiet'}
            wide
            onClick={() => setOffer(one)}
          >
            {one.name}{' '}
            <span className="faint small">{t('bulk.ofAll', { count: one.ids.length, all: ids.length })}</span>
          </Button>
        ))}
      </div>
      {offers.length < found.data.offers.length && <p className="soft small">{t('bulk.photos')}</p>}
    </div>
  )
}

const fateNames: Record<Fate, TextKey> = {
  waiting: 'bulk.waiting',
  running: 'bulk.running',
  done: 'bulk.done',
  refused: 'bulk.refused',
  stale: 'bulk.stale',
  unanswered: 'bulk.unanswered',
}
const fateLooks: Record<Fate, string> = {
  waiting: 'parked',
  running: 'running',
  done: 'verified',
  refused: 'overdue',
  stale: 'dueSoon',
  unanswered: 'dueSoon',
}

interface Moving {
  offer: Offer
  items: CommonMoves['items']
  back: () => void
  finish: () => void
}

function MoveAll({ offer, items, back, finish }: Moving) {
  const t = useText()
  const input = useMoveInput(offer)
  const legal = new Set(offer.ids)
  const left = items.filter(({ id }) => !legal.has(id))
  const [rows, setRows] = useState<readonly BulkRow[]>(() => items.filter(({ id }) => legal.has(id)).map(bulkRow))
  const [state, setState] = useState<'filling' | 'running' | 'over'>('filling')
  const run = async (over: readonly BulkRow[]) => {
    setState('running')
    const body = moveBody(offer, input, [])
    await runBulk(
      over,
      ({ id, key, version }) => send(`/matters/${id}/moves`, { key, body: { ...body, version } }),
      setRows,
    )
    setState('over')
  }
  const again = async () => {
    const stale = rows.filter(({ fate }) => fate === 'stale').map(({ id }) => id)
    const now = stale.length > 0 ? await common(stale).catch(() => null) : null
    const still = now?.offers.find(({ move }) => move === offer.move)?.ids ?? []
    const versions = new Map(now?.items.filter(({ id }) => still.includes(id)).map(({ id, version }) => [id, version]))
    await run(anew(rows, versions))
  }
  const done = rows.filter(({ fate }) => fate === 'done').length
  const retriable = rows.some(({ fate }) => fate === 'stale' || fate === 'unanswered' || fate === 'waiting')
  return (
    <form
      className="stack"
      noValidate
      id={input.id}
      onSubmit={(event) => {
        event.preventDefault()
        if (input.ready()) void run(rows)
      }}
    >
      <h3>{t('bulk.moveOf', { move: offer.name, count: rows.length })}</h3>
      {left.length > 0 && <p className="banner">{t('bulk.leftOut', { count: left.length })}</p>}
      {state === 'filling' && <MoveFields offer={offer} input={input} takesPhotos={false} />}
      {state !== 'filling' && (
        <p role="status" className="strong">
          {t('bulk.result', { done, count: rows.length })}
        </p>
      )}
      <ul className="bulk-rows">
        {rows.map((row) => (
          <li key={row.id}>
            <span className="spread">
              <a href={`/console/matters/${row.id}`} target="_blank" rel="noreferrer">
                {row.summary}
              </a>
              <span className={`tag tag-${fateLooks[row.fate]}`}>{t(fateNames[row.fate])}</span>
            </span>
            <span className="faint small">
              {row.number}
              {row.refusal && row.fate !== 'done' && ` · ${row.refusal.message}`}
            </span>
          </li>
        ))}
      </ul>
      <div className="row">
        {state === 'filling' && (
          <>
            <Button type="submit" kind={offer.emphasis === 'danger' ? 'danger' : 'primary'}>
              {t('bulk.confirm', { move: offer.name, count: rows.length })}
            </Button>
            <Button onClick={back}>{t('act.back')}</Button>
          </>
        )}
        {state === 'over' && retriable && (
          <Button kind="primary" onClick={() => void again()}>
            {t('bulk.again')}
          </Button>
        )}
        {state === 'over' && <Button onClick={finish}>{t('bulk.finish')}</Button>}
      </div>
    </form>
  )
}
