import { useNavigate, useSearch } from '@tanstack/react-router'
import { Table } from 'antd'
import { useState } from 'react'
import type { LedgerEntry, Proof, SignedHead } from '../../../src/ledger/contract.ts'
import type { Verdict } from '../../../src/ledger/verify-proof.ts'
import { read } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import type { PagedList } from '../../shared/loading.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { checkProof } from '../../shared/proof/proofs.ts'
import { publishedKeys } from '../../shared/proof/published-keys.ts'
import { Verdicts } from '../../shared/proof/verdict.tsx'
import { saveFile } from '../../shared/save-file.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { ConsolePage } from '../page.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { SheetTable } from '../sheet-table.tsx'
import { eventNames } from './event-names.ts'
import { entriesPath, type LedgerSearch } from './search.ts'

/** The ledger: its signed head, its entries, and the proof of each, shown and checked here. */
export function LedgerPage() {
  const t = useText()
  const search = useSearch({ from: '/ledger' })
  const navigate = useNavigate()
  const show = (next: LedgerSearch) => void navigate({ to: '/ledger', search: next })
  const list = usePagedQuery<LedgerEntry>(entriesPath(search))
  const [shown, setShown] = useState<LedgerEntry | null>(null)
  return (
    <ConsolePage title={t('nav.ledger')}>
      <Head />
      {list.error?.status === 403 && (
        <p className="banner">
          {list.error.code === 'kernel.wrong_purpose' ? t('trouble.purposeNext') : t('ledger.countyOnly')}
        </p>
      )}
      {list.error?.status !== 403 && (
        <>
          <Narrowed search={search} items={list.data ?? []} show={show} />
          <Entries list={list} check={setShown} search={search} show={show} />
        </>
      )}
      <More more={list.more} busy={list.busy} />
      <Sheet title={t('ledger.check')} open={shown !== null} close={() => setShown(null)}>
        {shown && <EntryProof entry={shown} key={shown.id} />}
      </Sheet>
    </ConsolePage>
  )
}

interface Narrowing {
  search: LedgerSearch
  show: (next: LedgerSearch) => void
}

/** By which day, person or thing the list is narrowed, and the way back to all. */
function Narrowed({ search, items, show }: Narrowing & { items: readonly LedgerEntry[] }) {
  const t = useText()
  const who = items.find(({ actor }) => actor.id === search.actor)?.actor.label
  const narrowed = search.subject !== undefined || search.actor !== undefined || search.day !== undefined
  return (
    <section className="row" aria-label={t('ledger.narrow')}>
      <TextField
        label={t('ledger.day')}
        type="date"
        value={search.day ?? ''}
        onChange={(day) => {
          const { day: _day, subject: _subject, ...rest } = search
          show({ ...rest, ...(day && { day }) })
        }}
      />
      {search.subject && <span className="tag">{t('ledger.ofThing')}</span>}
      {search.actor && !search.subject && (
        <span className="tag">{who ? t('ledger.ofPerson', { who }) : t('ledger.ofOne')}</span>
      )}
      {narrowed && (
        <Button kind="plain" small onClick={() => show({})}>
          {t('ledger.all')}
        </Button>
      )}
    </section>
  )
}

function Entries({
  list,
  check,
  search,
  show,
}: Narrowing & { list: PagedList<LedgerEntry>; check: (entry: LedgerEntry) => void }) {
  const t = useText()
  return (
    <Shown of={list} waiting={<Skeleton lines={8} />}>
      {(items) =>
        items.length === 0 ? (
          <Empty title={t('ledger.none')}>{t(list.more ? 'ledger.noneYet' : 'ledger.noneNext')}</Empty>
        ) : (
          <SheetTable>
            <Table<LedgerEntry>
              rowKey="id"
              dataSource={items}
              pagination={false}
              size="middle"
              scroll={{ x: 760 }}
              columns={[
                {
                  title: t('ledger.index'),
                  width: 90,
                  render: (_, entry) =>
                    (entry.leafIndex === null ? undefined : entry.leafIndex + 1) ?? (
                      <span className="faint">{t('ledger.waiting')}</span>
                    ),
                },
                { title: t('ledger.event'), render: (_, entry) => nameOf(entry.event, t) },
                {
                  title: t('ledger.by'),
                  render: (_, entry) => <By entry={entry} search={search} show={show} />,
                },
                { title: t('ledger.at'), width: 140, render: (_, entry) => <Time at={entry.at} /> },
                {
                  title: t('proof.title'),
                  width: 220,
                  render: (_, entry) => (
                    <span className="row">
                      <Button kind="plain" small onClick={() => check(entry)}>
                        {t('ledger.check')}
                      </Button>
                      {search.subject === undefined && (
                        <Button kind="plain" small onClick={() => show({ subject: entry.subjectId })}>
                          {t('ledger.history')}
                        </Button>
                      )}
                    </span>
                  ),
                },
              ]}
            />
          </SheetTable>
        )
      }
    </Shown>
  )
}

/** Whose act it was; a tap shows what else the same account did. */
function By({ entry: { actor }, search, show }: Narrowing & { entry: LedgerEntry }) {
  const t = useText()
  const { id } = actor
  if (actor.kind === 'system') return t('ledger.system')
  if (id === null || search.actor === id) return actor.label
  const { subject: _subject, ...rest } = search
  return (
    <Button
      kind="plain"
      small
      title={t('ledger.onlyBy', { who: actor.label })}
      onClick={() => show({ ...rest, actor: id })}
    >
      {actor.label}
    </Button>
  )
}

const nameOf = (event: string, t: ReturnType<typeof useText>) => {
  const key = eventNames.get(event)
  return key ? t(key) : t('ledger.otherEvent')
}

function Head() {
  const t = useText()
  const head = useRead<SignedHead>('/ledger/head')
  return (
    <Shown of={head} waiting={<Skeleton lines={2} />}>
      {(signed) => (
        <section className="card">
          <h2>{t('ledger.head')}</h2>
          <dl className="facts">
            <dt>{t('ledger.size')}</dt>
            <dd className="strong">{signed.tree_size}</dd>
            <dt>{t('ledger.signedAt')}</dt>
            <dd>
              <Time at={signed.at} />
            </dd>
            <dt>{t('ledger.root')}</dt>
            <dd className="mono">{signed.root_hash}</dd>
            <dt>{t('ledger.key')}</dt>
            <dd className="mono">{signed.key_id}</dd>
          </dl>
        </section>
      )}
    </Shown>
  )
}

function EntryProof({ entry }: { entry: LedgerEntry }) {
  const t = useText()
  const [found, setFound] = useState<{ proof: Proof; verdict: Verdict } | null>(null)
  const act = useAct((id: string) => read<Proof>(`/ledger/entries/${id}/proof`))
  const check = async () => {
    const proof = await act.run(entry.id)
    if (proof) setFound({ proof, verdict: await checkProof(proof, await publishedKeys()) })
  }
  return (
    <>
      <p className="soft">{t('verify.lead')}</p>
      <Refused error={act.error} />
      {found ? (
        <>
          <Verdicts verdicts={[found.verdict]} />
          <Button
            icon="download"
            onClick={() => saveFile(`${entry.id}-proof.json`, JSON.stringify(found.proof, null, 2), 'application/json')}
          >
            {t('proof.download')}
          </Button>
        </>
      ) : (
        <Button kind="primary" icon="shield" busy={act.busy} onClick={() => void check()}>
          {t('verify.check')}
        </Button>
      )}
    </>
  )
}
