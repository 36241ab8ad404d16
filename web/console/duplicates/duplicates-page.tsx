import { useState } from 'react'
import type { Duplicate, DuplicateSide, Merge, Undone } from '../../../src/registry/duplicates/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { ConsolePage } from '../page.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { gradeNames, reasonNames } from './names.ts'
import { Compare } from './compare.tsx'
import './duplicates.css'

/** Records that may be one person, the surest first, and merges that can be taken back. */
export function DuplicatesPage() {
  const t = useText()
  const pairs = usePagedQuery<Duplicate>('/registry/duplicates')
  const merges = usePagedQuery<Merge>('/registry/merges')
  const [open, setOpen] = useState<Duplicate>()
  const decided = (): void => {
    setOpen(undefined)
    pairs.reload()
    merges.reload()
  }
  return (
    <ConsolePage title={t('twice.title')}>
      <p className="faint">{t('twice.hint')}</p>
      <Shown of={pairs} waiting={<Skeleton lines={6} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('twice.none')}>{t('twice.noneNext')}</Empty>
          ) : (
            <ul className="twice-list">
              {items.map((pair) => (
                <Pair key={`${pair.one.id}${pair.other.id}`} pair={pair} open={() => setOpen(pair)} />
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={pairs.more} busy={pairs.busy} />
      <h2>{t('twice.merged')}</h2>
      <Shown of={merges} waiting={<Skeleton lines={3} />}>
        {(items) =>
          items.length === 0 ? (
            <p className="faint">{t('twice.mergedNone')}</p>
          ) : (
            <ul className="twice-list">
              {items.map((merge) => (
                <Merged key={merge.id} merge={merge} done={decided} />
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={merges.more} busy={merges.busy} />
      <Sheet title={t('twice.compare')} open={open !== undefined} close={() => setOpen(undefined)}>
        {open && <Compare pair={open} done={decided} />}
      </Sheet>
    </ConsolePage>
  )
}

const lineOf = ({ name, age, phone, citizenId }: DuplicateSide, years: (age: number) => string): string =>
  [name, age === null ? '' : years(age), phone ?? '', citizenId ?? ''].filter((part) => part !== '').join(' · ')

function Pair({ pair, open }: { pair: Duplicate; open: () => void }) {
  const t = useText()
  const years = (age: number): string => t('registry.years', { age })
  return (
    <li className="card twice-pair">
      <div className="grow">
        {[pair.one, pair.other].map((side) => (
          <p key={side.id}>
            <span className="strong">{lineOf(side, years)}</span>
            <br />
            <span className="faint small">
              {side.address ?? side.areaName} · {side.areaName}
            </span>
          </p>
        ))}
        <p className="row">
          <span className={pair.grade === 1 ? 'tag tag-overdue' : 'tag tag-dueSoon'}>
            {t(gradeNames[pair.grade] ?? 'twice.possible')}
          </span>
          {pair.reasons.map((reason) => (
            <span className="tag" key={reason}>
              {t(reasonNames[reason])}
            </span>
          ))}
        </p>
      </div>
      <Button small onClick={open}>
        {t('twice.compare')}
      </Button>
    </li>
  )
}

function Merged({ merge, done }: { merge: Merge; done: () => void }) {
  const t = useText()
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const undo = useAct((body: { reason: string }, key) =>
    send<Undone>(`/registry/merges/${merge.id}/undo`, { body, key }),
  )
  const take = async (): Promise<void> => {
    const undone = await undo.run({ reason })
    if (!undone) return
    say(t(undone.how === 'restored' ? 'twice.restored' : 'twice.splitAgain'))
    done()
  }
  return (
    <li className="card twice-pair">
      <div className="grow">
        <p>
          {t('twice.mergedLine', { dropped: merge.droppedName, kept: merge.keptName, place: merge.areaName })}
          <br />
          <span className="faint small">
            {merge.byLabel} · <Time at={merge.at} /> · {merge.reason}
          </span>
        </p>
        {asking && (
          <>
            <p className="small">{t(merge.exact ? 'twice.undoExact' : 'twice.undoLater')}</p>
            <TextField label={t('twice.reason')} value={reason} onChange={setReason} />
            <Refused error={undo.error} />
          </>
        )}
      </div>
      {merge.undoneAt !== null && <span className="tag">{t('twice.undone')}</span>}
      {merge.undoneAt === null && !asking && (
        <Button small onClick={() => setAsking(true)}>
          {t('twice.undo')}
        </Button>
      )}
      {asking && merge.undoneAt === null && (
        <Button small busy={undo.busy} disabled={reason.trim().length < 2} onClick={() => void take()}>
          {t('twice.undoNow')}
        </Button>
      )}
    </li>
  )
}
