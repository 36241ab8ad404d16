import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { CampaignView, Checked, EnvelopeBrief, Rates } from '../../../src/signing/campaigns/contract.ts'
import type { Segment } from '../../../src/registry/segments/contract.ts'
import { fileFrom, send, sendFile } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, usePages, useRead, type Loaded } from '../../shared/loading.ts'
import { saveFile } from '../../shared/save-file.ts'
import { Button } from '../../shared/ui/button.tsx'
import { SelectField } from '../../shared/ui/field.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { More } from '../../shared/ui/more.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { ConsolePage } from '../page.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { ChooseFile } from '../setup/choose-file.tsx'
import { CampaignState, Curve, EnvelopeTag, Rate } from './parts.tsx'
import { askedOf, envelopeStates, levelNames } from './words.ts'
import './signing.css'

/** One signing from its list to the last letter. */
export function CampaignPage() {
  const { id } = useParams({ from: '/signing/$id' })
  const t = useText()
  const loaded = useRead<CampaignView>(`/signing/campaigns/${id}`)
  return (
    <ConsolePage
      title={loaded.data?.title ?? t('signing.campaign')}
      side={loaded.data?.mayManage && <Moves of={loaded.data} loaded={loaded} />}
    >
      <Shown of={loaded} waiting={<Skeleton lines={4} />}>
        {(campaign) => (
          <>
            <p className="row">
              <CampaignState of={campaign} />
              <span className="soft">
                {campaign.letterName} · {campaign.areaName} · {t(levelNames[campaign.identityLevel])} ·{' '}
                {t('signing.until', { day: saidDay(campaign.deadline) })} · {campaign.byLabel}
              </span>
            </p>
            <SealUse of={campaign} loaded={loaded} />
            {campaign.mayManage && (campaign.state === 'draft' || campaign.state === 'checked') && (
              <TakeList of={campaign} loaded={loaded} />
            )}
            {campaign.state !== 'draft' && <Progress of={campaign} />}
            {campaign.state !== 'draft' && <Envelopes of={campaign} />}
          </>
        )}
      </Shown>
    </ConsolePage>
  )
}

const moves: Record<string, { to: string; label: TextKey; kind?: 'primary' | 'danger' }[]> = {
  checked: [{ to: 'start', label: 'signing.start', kind: 'primary' }],
  running: [
    { to: 'pause', label: 'signing.pause' },
    { to: 'closing', label: 'signing.close', kind: 'danger' },
  ],
  paused: [
    { to: 'resume', label: 'signing.resume', kind: 'primary' },
    { to: 'closing', label: 'signing.close', kind: 'danger' },
  ],
}

function Moves({ of, loaded }: { of: CampaignView; loaded: Loaded<CampaignView> }) {
  const act = useAct(({ to }: { to: string }, key) =>
    send<CampaignView>(`/signing/campaigns/${of.id}/${to}`, { body: { version: of.version }, key }),
  )
  const t = useText()
  const run = async (to: string) => {
    const next = await act.run({ to })
    if (next) loaded.replace(next)
  }
  const waits = of.state === 'checked' && of.sealState !== 'none' && of.sealState !== 'approved'
  return (
    <>
      <Refused error={act.error} />
      {(moves[of.state] ?? []).map(({ to, label, kind }) => (
        <Button
          key={to}
          small
          kind={kind ?? 'quiet'}
          busy={act.busy}
          disabled={waits || (to === 'start' && of.figures.waiting === 0)}
          onClick={() => void run(to)}
        >
          {t(label, { count: of.figures.waiting })}
        </Button>
      ))}
    </>
  )
}

const sealWords: Record<CampaignView['sealState'], TextKey> = {
  none: 'signing.sealNone',
  asked: 'signing.sealAsked',
  approved: 'signing.sealAgreed',
  refused: 'signing.sealRefused',
}

function SealUse({ of, loaded }: { of: CampaignView; loaded: Loaded<CampaignView> }) {
  const t = useText()
  const act = useAct(({ approve }: { approve: boolean }, key) =>
    send<CampaignView>(`/signing/campaigns/${of.id}/seal`, { body: { version: of.version, approve }, key }),
  )
  if (of.sealState === 'none') return null
  const decide = async (approve: boolean) => {
    const next = await act.run({ approve })
    if (next) loaded.replace(next)
  }
  return (
    <section className={`banner ${of.sealState === 'approved' ? 'banner-good' : 'banner-warn'}`} role="status">
      <Icon name={of.sealState === 'approved' ? 'shield' : 'clock'} />
      <span className="grow">
        {t(sealWords[of.sealState], { name: of.sealName ?? '', by: of.sealLabel ?? '' })}
        <Refused error={act.error} />
      </span>
      {of.mayDecideSeal && (
        <span className="row">
          <Button small kind="primary" busy={act.busy} onClick={() => void decide(true)}>
            {t('signing.agree')}
          </Button>
          <Button small kind="danger" busy={act.busy} onClick={() => void decide(false)}>
            {t('signing.refuse')}
          </Button>
        </span>
      )}
    </section>
  )
}

function TakeList({ of, loaded }: { of: CampaignView; loaded: Loaded<CampaignView> }) {
  const t = useText()
  const [checked, setChecked] = useState<Checked>()
  const [segmentId, setSegment] = useState('')
  const segments = usePages<Segment>('/registry/segments?limit=50&subject=person')
  const sheet = useAct((file: File) => sendFile<Checked>(`/signing/campaigns/${of.id}/sheet`, file))
  const segment = useAct((body: object, key) => send<Checked>(`/signing/campaigns/${of.id}/segment`, { body, key }))
  const template = useAct(() => fileFrom(`/signing/campaigns/${of.id}/template`))
  const taken = (answer: Checked | undefined) => {
    if (!answer) return
    setChecked(answer)
    loaded.reload()
  }
  const save = async () => {
    const blob = await template.run(undefined)
    if (blob) saveFile(`${t('signing.listTemplate')}.xlsx`, blob, blob.type)
  }
  return (
    <section className="card stack">
      <h2>{t('signing.whom')}</h2>
      <p className="soft">{t('signing.whomLead')}</p>
      <div className="row">
        <ChooseFile
          label={t('signing.chooseSheet')}
          accept=".xlsx,.csv,.txt"
          busy={sheet.busy}
          chosen={(file) => void sheet.run(file).then(taken)}
        />
        <Button kind="plain" icon="download" busy={template.busy} onClick={() => void save()}>
          {t('signing.listTemplate')}
        </Button>
      </div>
      {(segments.data?.length ?? 0) > 0 && (
        <div className="row">
          <SelectField
            label={t('signing.fromSegment')}
            value={segmentId}
            onChange={setSegment}
            empty={t('signing.chooseSegment')}
            choices={(segments.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Button busy={segment.busy} disabled={!segmentId} onClick={() => void segment.run({ segmentId }).then(taken)}>
            {t('signing.takeSegment')}
          </Button>
        </div>
      )}
      <Refused error={sheet.error ?? segment.error ?? template.error} />
      {checked && <Found of={checked} />}
    </section>
  )
}

function Found({ of }: { of: Checked }) {
  const t = useText()
  return (
    <div role="status" className="stack-s">
      <p className="strong">{t('signing.checked', { rows: of.rows, good: of.good, faulty: of.faulty })}</p>
      {of.problems.length > 0 && (
        <ul className="stack-s">
          {of.problems.map(({ row, name, problem }) => (
            <li key={`${row}${problem}`}>
              {t('signing.row', { row })} {name} <span className="soft">{problem}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Progress({ of }: { of: CampaignView }) {
  const t = useText()
  const { area } = useSearch({ from: '/signing/$id' })
  const rates = useRead<Rates>(`/signing/campaigns/${of.id}/rates${area ? `?area=${encodeURIComponent(area)}` : ''}`)
  return (
    <Shown of={rates} waiting={<Skeleton lines={4} />}>
      {(known) => (
        <section className="card stack">
          <div className="spread">
            <h2>{known.areaName}</h2>
            {area && (
              <Link to="/signing/$id" params={{ id: of.id }} search={{}}>
                {t('signing.whole')}
              </Link>
            )}
          </div>
          <Rate of={known.total} />
          <Curve points={known.curve} asked={askedOf(known.total)} />
          {known.parts.length > 1 && (
            <ul className="stack-s">
              {known.parts.map((part) => (
                <li key={part.areaPath}>
                  <Link
                    className="signing-card"
                    to="/signing/$id"
                    params={{ id: of.id }}
                    search={{ area: part.areaPath }}
                  >
                    <span className="strong">{part.areaName}</span>
                    <Rate of={part.figures} />
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
    </Shown>
  )
}

const offered = ['sent', 'opened', 'identified', 'sealing', 'sealed', 'declined', 'expired', 'revoked'] as const

function Envelopes({ of }: { of: CampaignView }) {
  const t = useText()
  const navigate = useNavigate()
  const { area, state } = useSearch({ from: '/signing/$id' })
  const asked = new URLSearchParams({ limit: '50', ...(area ? { area } : {}) })
  if (state === 'faulty') asked.set('faulty', 'true')
  else if (state) asked.set('state', state)
  const list = usePagedQuery<EnvelopeBrief>(`/signing/campaigns/${of.id}/envelopes?${asked}`)
  const retry = useAct((_: undefined, key) => send<{ retried: number }>(`/signing/campaigns/${of.id}/retry`, { key }))
  const again = async () => {
    const done = await retry.run(undefined)
    if (done) say(t('signing.retried', { count: done.retried }))
  }
  return (
    <section className="card stack">
      <div className="spread">
        <h2>{t('signing.people')}</h2>
        {of.mayManage && (
          <Button small busy={retry.busy} onClick={() => void again()}>
            {t('signing.retry')}
          </Button>
        )}
      </div>
      <SelectField
        label={t('signing.stateFilter')}
        value={state ?? ''}
        onChange={(next) =>
          void navigate({
            to: '/signing/$id',
            params: { id: of.id },
            search: { ...(area ? { area } : {}), ...(next ? { state: next } : {}) },
          })
        }
        empty={t('signing.allStates')}
        choices={[
          { value: 'faulty', label: t('signing.withProblems') },
          ...offered.map((one) => ({ value: one, label: t(envelopeStates[one].label) })),
        ]}
      />
      <Refused error={retry.error} />
      <Shown of={list} waiting={<Skeleton lines={3} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('signing.nobody')}>{t('signing.nobodyNext')}</Empty>
          ) : (
            <ul className="stack-s">
              {items.map((item) => (
                <li key={item.id}>
                  <Link className="signing-card" to="/signing/envelopes/$id" params={{ id: item.id }}>
                    <span className="spread">
                      <span>
                        <span className="strong">{item.name}</span> <span className="soft small">{item.phone}</span>
                      </span>
                      <EnvelopeTag of={item} />
                    </span>
                    <span className="soft small">
                      {t('signing.row', { row: item.row })} {item.areaName} {item.address}
                      {item.problems.length > 0 && ` · ${item.problems.join(' ')}`}
                      {item.signedAt && (
                        <>
                          {' '}
                          · <Time at={item.signedAt} />
                        </>
                      )}
                      {item.reminded > 0 && ` · ${t('signing.reminded', { count: item.reminded })}`}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </section>
  )
}
