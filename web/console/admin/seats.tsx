import { useState } from 'react'
import type { Account } from '../../../src/identity/accounts/contract.ts'
import type { Administrator } from '../../../src/identity/administrators/contract.ts'
import type { Seat } from '../../../src/identity/contract.ts'
import type { SeatChange, SeatChangeMove } from '../../../src/identity/seat-changes/contract.ts'
import { send } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { seatNames } from '../../shared/sign-in/seats.ts'
import { Button } from '../../shared/ui/button.tsx'
import { SelectField, TextField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { useMe } from '../me-context.ts'
import { usePagedQuery } from '../paged-query.ts'
import { Row, Rows, Tag } from './rows.tsx'

const stateNames: Record<SeatChange['state'], { name: TextKey; look: string }> = {
  pending: { name: 'change.pending', look: 'dueSoon' },
  confirmed: { name: 'change.confirmed', look: 'verified' },
  refused: { name: 'change.refused', look: 'parked' },
  withdrawn: { name: 'change.withdrawn', look: 'parked' },
  expired: { name: 'change.expired', look: 'parked' },
}
const moveNames: Record<SeatChangeMove, TextKey> = {
  confirm: 'change.confirm',
  refuse: 'change.refuse',
  withdraw: 'change.withdraw',
}
const seatsProposedBy: Record<Seat, readonly Seat[]> = {
  system: ['security', 'audit'],
  security: ['system'],
  audit: [],
}

/** Who holds the three seats, and what is proposed to change: always two of the three. */
export function Seats() {
  const t = useText()
  const mine = seatsProposedBy[useMe().seats[0] ?? 'audit']
  const holders = usePagedQuery<Administrator>('/identity/administrators?limit=50')
  const changes = usePagedQuery<SeatChange>('/identity/seat-changes?limit=20')
  const [proposing, setProposing] = useState(false)
  const dismiss = useAct((id: string, key) => send(`/identity/administrators/${id}/dismiss`, { body: {}, key }))
  const changed = () => {
    setProposing(false)
    holders.reload()
    changes.reload()
  }
  return (
    <div className="stack">
      <p className="soft">{t('seats.lead')}</p>
      {mine.length > 0 && (
        <div>
          <Button kind="primary" icon="plus" onClick={() => setProposing(true)}>
            {t('seats.propose')}
          </Button>
        </div>
      )}
      <Changes changes={changes} changed={changed} />
      <h2>{t('seats.holders')}</h2>
      <Refused error={dismiss.error} />
      <Shown of={holders} waiting={<Skeleton lines={4} />}>
        {(items) => (
          <Rows label={t('seats.holders')}>
            {items.map((seat) => (
              <Row
                key={seat.id}
                title={seat.name}
                tag={<Tag look={seat.heldUntil ? 'parked' : 'verified'}>{t(seatNames[seat.seat])}</Tag>}
                facts={[
                  <>
                    {t('seats.since')} <Time at={seat.heldFrom} />
                  </>,
                  seat.heldUntil && (
                    <>
                      {t('seats.until')} <Time at={seat.heldUntil} />
                    </>
                  ),
                ]}
              >
                {!seat.heldUntil && mine.includes(seat.seat) && (
                  <Button
                    small
                    kind="danger"
                    busy={dismiss.busy}
                    aria-label={`${t('seats.dismiss')} ${seat.name}`}
                    onClick={async () => (await dismiss.run(seat.id)) && changed()}
                  >
                    {t('seats.dismiss')}
                  </Button>
                )}
              </Row>
            ))}
          </Rows>
        )}
      </Shown>
      <More more={holders.more} busy={holders.busy} />
      <Sheet title={t('seats.propose')} open={proposing} close={() => setProposing(false)}>
        <ProposeForm seats={mine} done={changed} />
      </Sheet>
    </div>
  )
}

function Changes({ changes, changed }: { changes: ReturnType<typeof usePagedQuery<SeatChange>>; changed: () => void }) {
  const t = useText()
  const act = useAct(({ id, move }: { id: string; move: SeatChangeMove }, key) =>
    send<SeatChange>(`/identity/seat-changes/${id}/${move}`, { body: {}, key }),
  )
  return (
    <>
      <h2>{t('seats.changes')}</h2>
      <Refused error={act.error} />
      <Shown of={changes} waiting={<Skeleton lines={3} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('seats.noChange')}>{t('seats.noChangeNext')}</Empty>
          ) : (
            <Rows label={t('seats.changes')}>
              {items.map((change) => (
                <Row
                  key={change.id}
                  title={t(change.kind === 'appoint' ? 'seats.appoints' : 'seats.dismisses', {
                    name: change.name,
                    seat: t(seatNames[change.seat]),
                  })}
                  tag={<Tag look={stateNames[change.state].look}>{t(stateNames[change.state].name)}</Tag>}
                  facts={factsOf(change, t)}
                >
                  {change.moves.map((move) => (
                    <Button
                      key={move}
                      small
                      kind={move === 'confirm' ? 'primary' : 'quiet'}
                      busy={act.busy}
                      onClick={async () => {
                        if (!(await act.run({ id: change.id, move }))) return
                        say(t('change.done'))
                        changed()
                      }}
                    >
                      {t(moveNames[move])}
                    </Button>
                  ))}
                </Row>
              ))}
            </Rows>
          )
        }
      </Shown>
    </>
  )
}

function factsOf(change: SeatChange, t: ReturnType<typeof useText>) {
  const waits = change.state === 'pending'
  return [
    <>
      {t('change.by', { name: change.proposedByName })} <Time at={change.proposedAt} />
    </>,
    waits && t('change.waitsFor', { seat: t(seatNames[change.confirms]) }),
    waits && (
      <>
        {t('change.voidAt')} <Time at={change.expiresAt} />
      </>
    ),
    change.decidedAt && (
      <>
        {change.decidedByName} <Time at={change.decidedAt} />
      </>
    ),
    waits && change.account.invitedByProposer && <strong key="own">{t('seats.ownInvitation')}</strong>,
    waits && !change.account.lastSignedInAt && t('account.neverSeen'),
  ]
}

/** Finds the person by login name or phone, and names the seat. */
function ProposeForm({ seats, done }: { seats: readonly Seat[]; done: () => void }) {
  const t = useText()
  const [typed, setTyped] = useState('')
  const [q, setQ] = useState('')
  const [accountId, setAccountId] = useState('')
  const [seat, setSeat] = useState<string>(seats[0] ?? '')
  const found = usePagedQuery<Account>(
    `/identity/accounts?limit=20&status=active${q ? `&q=${encodeURIComponent(q)}` : ''}`,
  )
  const act = useAct((body: { accountId: string; seat: string }, key) =>
    send<SeatChange>('/identity/administrators', { body, key }),
  )
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        if (!(await act.run({ accountId, seat }))) return
        say(t('seats.proposed'))
        done()
      }}
    >
      <div className="row">
        <TextField
          label={t('account.search')}
          value={typed}
          onChange={setTyped}
          maxLength={40}
          type="search"
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            // The form is about the seat; here Enter looks for somebody.
            event.preventDefault()
            setQ(typed.trim())
          }}
        />
        <Button icon="search" onClick={() => setQ(typed.trim())}>
          {t('account.find')}
        </Button>
      </div>
      <SelectField
        label={t('seats.person')}
        value={accountId}
        onChange={setAccountId}
        empty={t('seats.choose')}
        choices={(found.data ?? [])
          .filter((account) => account.seats.length === 0)
          .map((account) => ({
            value: account.id,
            label: [account.name, account.loginName, ...account.posts].join(' · '),
          }))}
      />
      <SelectField
        label={t('seats.seat')}
        value={seat}
        onChange={setSeat}
        choices={seats.map((value) => ({ value, label: t(seatNames[value]) }))}
      />
      <Refused error={act.error} />
      <Button type="submit" kind="primary" busy={act.busy} disabled={!accountId} wide>
        {t('seats.propose')}
      </Button>
    </form>
  )
}
