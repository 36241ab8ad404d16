import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { EnvelopeView } from '../../../src/signing/campaigns/contract.ts'
import { fileFrom, send } from '../../shared/api.ts'
import { exactTime, saidDay } from '../../shared/dates.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead, type Loaded } from '../../shared/loading.ts'
import { saveFile } from '../../shared/save-file.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { EnvelopeTag } from './parts.tsx'
import './signing.css'

/** One letter for one recipient, and everything that can be proven of it. */
export function EnvelopePage() {
  const { id } = useParams({ from: '/signing/envelopes/$id' })
  const t = useText()
  const loaded = useRead<EnvelopeView>(`/signing/envelopes/${id}`)
  return (
    <ConsolePage title={loaded.data?.letterName ?? t('signing.envelope')}>
      <Shown of={loaded} waiting={<Skeleton lines={5} cards={2} />}>
        {(envelope) => (
          <>
            <p className="row">
              <EnvelopeTag of={envelope} />
              <Link to="/signing/$id" params={{ id: envelope.campaignId }}>
                {envelope.campaignTitle}
              </Link>
              <span className="soft">
                {envelope.areaName} {envelope.address} · {t('signing.until', { day: saidDay(envelope.expiresAt) })}
              </span>
            </p>
            <Parties of={envelope} />
            <Acts of={envelope} loaded={loaded} />
            <Evidence of={envelope} />
          </>
        )}
      </Shown>
    </ConsolePage>
  )
}

const checks: Record<string, TextKey> = {
  phone: 'signing.levelPhone',
  registry: 'signing.levelRegistry',
  face: 'signing.levelFace',
  door: 'signing.byDoor',
}

function Parties({ of }: { of: EnvelopeView }) {
  const t = useText()
  return (
    <section className="card stack-s">
      <h2>{t('signing.parties')}</h2>
      <ul className="stack-s">
        {of.parties.map((party) => (
          <li key={party.position} className="spread">
            <span>
              <span className="soft">{party.role}</span> <span className="strong">{party.name}</span>
              {party.helper && <span className="soft small"> {t('signing.helpedBy', { by: party.helper })}</span>}
            </span>
            <span className="small">
              {party.signedAt
                ? `${exactTime(party.signedAt)} · ${t(checks[party.identifiedBy ?? ''] ?? 'signing.levelPhone')}`
                : t('signing.notYet')}
            </span>
          </li>
        ))}
      </ul>
      <p className="soft small">
        {t('signing.code')} {of.verifyCode}
      </p>
      {of.documentSha256 && <p className="soft small signing-hash">SHA-256 {of.documentSha256}</p>}
    </section>
  )
}

const ending = new Set(['declined', 'expired', 'revoked', 'superseded'])
const open = new Set(['sent', 'opened', 'consented', 'identified', 'signed', 'sealing'])

function Acts({ of, loaded }: { of: EnvelopeView; loaded: Loaded<EnvelopeView> }) {
  const t = useText()
  const [reason, setReason] = useState('')
  const file = useAct(() => fileFrom(`/signing/envelopes/${of.id}/document`))
  const act = useAct(({ path, body }: { path: string; body: object }, key) =>
    send<EnvelopeView>(`/signing/envelopes/${of.id}/${path}`, { body, key }),
  )
  const run = async (path: string, more: object = {}) => {
    const next = await act.run({ path, body: { version: of.version, ...more } })
    if (next) loaded.replace(next)
  }
  const save = async () => {
    const blob = await file.run(undefined)
    if (blob) saveFile(`${of.verifyCode}.pdf`, blob, 'application/pdf')
  }
  return (
    <section className="card stack">
      <div className="row">
        {of.fileId && (
          <Button icon="download" kind="primary" busy={file.busy} onClick={() => void save()}>
            {t('signing.download')}
          </Button>
        )}
        {of.mayManage && open.has(of.state) && (
          <Button busy={act.busy} onClick={() => void run('reminder')}>
            {t(of.state === 'sealing' ? 'signing.sealNow' : 'signing.remindNow')}
          </Button>
        )}
      </div>
      {of.mayManage && !ending.has(of.state) && (
        <div className="row">
          <TextField label={t('signing.reason')} value={reason} onChange={setReason} maxLength={200} />
          <Button
            kind="danger"
            busy={act.busy}
            disabled={reason.trim().length < 2}
            onClick={() => void run('revocation', { reason })}
          >
            {t('signing.revoke')}
          </Button>
        </div>
      )}
      <Refused error={act.error ?? file.error} />
    </section>
  )
}

const kinds: Record<string, TextKey> = {
  sent: 'signing.eventSent',
  opened: 'signing.eventOpened',
  consented: 'signing.eventConsented',
  identified: 'signing.eventIdentified',
  drafted: 'signing.eventDrafted',
  signed: 'signing.eventSigned',
  sealed: 'signing.eventSealed',
  reminded: 'signing.eventReminded',
  called: 'signing.eventCalled',
  declined: 'signing.envelopeDeclined',
  expired: 'signing.envelopeExpired',
  revoked: 'signing.envelopeRevoked',
  superseded: 'signing.envelopeSuperseded',
}

function Evidence({ of }: { of: EnvelopeView }) {
  const t = useText()
  return (
    <section className="card stack">
      <h2>{t('signing.evidence')}</h2>
      <p className={`banner ${of.chainHolds ? 'banner-good' : 'banner-wrong'}`} role="status">
        <Icon name={of.chainHolds ? 'shield' : 'warning'} />
        <span>{t(of.chainHolds ? 'signing.chainHolds' : 'signing.chainBroken')}</span>
      </p>
      <ol className="stack-s">
        {of.evidence.map((event) => {
          const name = kinds[event.kind]
          return (
            <li key={event.seq}>
              <span className="strong">{name ? t(name) : event.kind}</span>{' '}
              <span className="soft small">{exactTime(event.at)}</span>
              <details>
                <summary className="small">{t('signing.more')}</summary>
                <p className="small signing-hash">
                  {event.detail} · {event.hash}
                </p>
              </details>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
