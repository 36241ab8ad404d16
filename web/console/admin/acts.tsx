import { useState, type ReactNode } from 'react'
import type { Account } from '../../../src/identity/accounts/contract.ts'
import type { Act, ExportedActs } from '../../../src/identity/watch/contract.ts'
import { send } from '../../shared/api.ts'
import { exactTime } from '../../shared/dates.ts'
import type { TextKey, Translate } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { saveFile } from '../../shared/save-file.ts'
import { Button } from '../../shared/ui/button.tsx'
import { ChoiceField, SelectField, TextField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { eventNames } from '../ledger/event-names.ts'
import { usePagedQuery } from '../paged-query.ts'
import { purposeName, purposeNames } from './grant-words.ts'
import { Row, Rows } from './rows.tsx'

const kinds = {
  look: 'acts.look',
  export: 'acts.export',
  administration: 'acts.administration',
} as const satisfies Record<string, TextKey>
interface Wanted {
  kind: string
  label: string
  actorId: string
  purpose: string
  fromOn: string
  untilOn: string
}
const nothing: Wanted = { kind: 'look', label: '', actorId: '', purpose: '', fromOn: '', untilOn: '' }

const DAY_MS = 86_400_000
const dayStart = (on: string) => new Date(`${on}T00:00:00+08:00`)

function queryOf(wanted: Wanted): Record<string, string> {
  const all = {
    kind: wanted.kind,
    label: wanted.label.trim(),
    actorId: wanted.actorId,
    purpose: wanted.purpose,
    from: wanted.fromOn && dayStart(wanted.fromOn).toISOString(),
    until: wanted.untilOn && new Date(dayStart(wanted.untilOn).getTime() + DAY_MS).toISOString(),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
}

/** Who looked, exported, or acted as administrator: by person, post, purpose and day. */
export function Acts() {
  const t = useText()
  const [wanted, setWanted] = useState(nothing)
  const query = queryOf(wanted)
  const list = usePagedQuery<Act>(`/identity/acts?${new URLSearchParams({ limit: '50', ...query }).toString()}`)
  const taking = useAct((body: object, key) => send<ExportedActs>('/identity/acts/export', { body, key }))
  const take = async () => {
    const answer = await taking.run(query)
    if (!answer) return
    saveFile(`${t('admin.acts')}.csv`, sheetOf(answer.items, t), 'text/csv')
    say(t(answer.complete ? 'acts.exported' : 'acts.exportedPart', { count: answer.items.length }))
    list.reload()
  }
  return (
    <div className="stack">
      <ChoiceField
        label={t('acts.kind')}
        value={wanted.kind}
        onChange={(kind) => setWanted({ ...wanted, kind })}
        choices={Object.entries(kinds).map(([value, name]) => ({ value, label: t(name) }))}
      />
      <Filters wanted={wanted} set={(change) => setWanted({ ...wanted, ...change })}>
        <Button busy={taking.busy} onClick={() => void take()}>
          {t('acts.take')}
        </Button>
        <Button kind="plain" onClick={() => setWanted({ ...nothing, kind: wanted.kind })}>
          {t('acts.clear')}
        </Button>
      </Filters>
      <Refused error={taking.error} />
      <Shown of={list} waiting={<Skeleton lines={8} />}>
        {(items) =>
          items.length === 0 && !list.more ? (
            <Empty title={t('acts.none')}>{t('acts.noneNext')}</Empty>
          ) : (
            <Rows label={t('admin.acts')}>
              {items.map((act) => (
                <Row
                  key={act.id}
                  title={eventWord(act, t)}
                  facts={[
                    <Time key="at" at={act.at} />,
                    [act.label, act.byName].filter(Boolean).join(' '),
                    act.about && t('acts.about', { name: act.about }),
                    purposeWord(act, t),
                  ]}
                />
              ))}
            </Rows>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </div>
  )
}

function Filters({
  wanted,
  set,
  children,
}: {
  wanted: Wanted
  set: (change: Partial<Wanted>) => void
  /** What is done with what was found. */
  children: ReactNode
}) {
  const t = useText()
  const [typed, setTyped] = useState('')
  const people = usePagedQuery<Account>(
    `/identity/accounts?limit=20${typed.trim() ? `&q=${encodeURIComponent(typed.trim())}` : ''}`,
  )
  return (
    <div className="admin-filters admin-filters-two-rows">
      <TextField label={t('account.search')} value={typed} onChange={setTyped} maxLength={40} type="search" />
      <SelectField
        label={t('acts.person')}
        value={wanted.actorId}
        onChange={(actorId) => set({ actorId })}
        empty={t('scope.all')}
        choices={(people.data ?? []).map(({ id, name, loginName }) => ({
          value: id,
          label: [name, loginName].join(' · '),
        }))}
      />
      <TextField label={t('acts.post')} value={wanted.label} onChange={(label) => set({ label })} maxLength={60} />
      <SelectField
        label={t('purpose.label')}
        value={wanted.purpose}
        onChange={(purpose) => set({ purpose })}
        empty={t('scope.all')}
        choices={Object.entries(purposeNames).map(([value, name]) => ({ value, label: t(name) }))}
      />
      <div className="admin-filters-days">
        <TextField
          label={t('acts.from')}
          type="date"
          value={wanted.fromOn}
          onChange={(fromOn) => set({ fromOn })}
          max={wanted.untilOn || undefined}
        />
        <TextField
          label={t('acts.until')}
          type="date"
          value={wanted.untilOn}
          onChange={(untilOn) => set({ untilOn })}
          min={wanted.fromOn || undefined}
        />
        {children}
      </div>
    </div>
  )
}

function eventWord(act: Act, t: Translate): string {
  const key = eventNames.get(act.event)
  return key ? t(key) : t('event.other')
}

function purposeWord(act: Act, t: Translate): string {
  const key = purposeName(act.purpose)
  return key ? t(key) : ''
}

/** A cell that a spreadsheet would run as a formula is shown as the text it is. */
const cell = (value: string) => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`

function sheetOf(items: readonly Act[], t: Translate): string {
  const head = [t('sms.at'), t('acts.what'), t('acts.post'), t('acts.person'), t('acts.whom'), t('purpose.label')]
  const rows = items.map((act) => [
    exactTime(act.at),
    eventWord(act, t),
    act.label,
    act.byName,
    act.about,
    purposeWord(act, t),
  ])
  return `\uFEFF${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}`
}
