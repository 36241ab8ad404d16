import type { ComponentType } from 'react'
import { useState } from 'react'
import type { Contact, Matter } from '../../../src/loop/contract.ts'
import { send } from '../api.ts'
import { pictureOf } from '../files.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { StepUp, wantsSecondFactor } from '../sign-in/step-up.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { PhotoGrid } from '../ui/photo-grid.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Refused } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { AreaLine } from './area-line.tsx'
import { Moves } from './moves.tsx'
import type { Happening } from './timeline.tsx'
import { Timeline } from './timeline.tsx'

/** What may be done with the matter now, or in whose hands it is when it is not in mine. */
export function MatterMoves({ matter, reload }: { matter: Matter; reload: () => void }) {
  const t = useText()
  if (matter.moves.length > 0) {
    return (
      <Moves
        path={`/matters/${matter.id}`}
        version={matter.version}
        offers={matter.moves}
        takesPhotos
        about={matter.summary}
        moved={reload}
      />
    )
  }
  return (
    <p className="soft">
      {matter.closedAt ? t('matter.noMovesClosed') : t('matter.noMoves', { holder: matter.holder })}
    </p>
  )
}

/** What was said and seen: text, then photos before and after in their own rows. */
export function MatterStory({ matter, about }: { matter: Matter; about?: ComponentType<{ id: string }> }) {
  const t = useText()
  const pictures = matter.files.filter((file) => file.mediaType.startsWith('image/') && file.state === 'ready')
  const after = pictures.filter((file) => file.role === 'after')
  const before = pictures.filter((file) => file.role !== 'after')
  return (
    <div className="stack">
      <p style={{ whiteSpace: 'pre-line' }}>{matter.text}</p>
      {before.length > 0 && (
        <div className="stack-s">
          {after.length > 0 && <p className="soft small">{t('photo.before')}</p>}
          <PhotoGrid photos={before.map((file) => pictureOf(file.id))} about={about} />
        </div>
      )}
      {after.length > 0 && (
        <div className="stack-s">
          <p className="soft small">{t('photo.after')}</p>
          <PhotoGrid photos={after.map((file) => pictureOf(file.id))} about={about} />
        </div>
      )}
    </div>
  )
}

export function MatterFacts({ matter }: { matter: Matter }) {
  const t = useText()
  const position = matter.position
  return (
    <dl className="facts">
      <dt>{t('matter.where')}</dt>
      <dd>
        <AreaLine names={matter.areaNames} />
        {matter.address && <div>{matter.address}</div>}
        {position?.accuracyMetres != null && (
          <div className="faint small">{t('place.accuracy', { metres: Math.round(position.accuracyMetres) })}</div>
        )}
      </dd>
      <dt>{t('matter.category')}</dt>
      <dd>{matter.categoryName}</dd>
      {matter.holder && (
        <>
          <dt>{t('matter.holder')}</dt>
          <dd>{matter.holder}</dd>
        </>
      )}
      <dt>{t('matter.reporter')}</dt>
      <dd>
        <Reporter matter={matter} />
      </dd>
      <dt>{t('matter.reportedAt')}</dt>
      <dd>
        <Time at={matter.reportedAt} />
      </dd>
      <dt>{t('matter.number')}</dt>
      <dd>{matter.number}</dd>
      {matter.linked.length > 0 && (
        <>
          <dt>{t('matter.linked')}</dt>
          <dd>
            <Linked matter={matter} />
          </dd>
        </>
      )}
      {matter.dutyBasis && (
        <>
          <dt>{t('matter.duty')}</dt>
          <dd>{matter.dutyBasis}</dd>
        </>
      )}
    </dl>
  )
}

/** Matters tied to this one, each a link within the face that is open. */
function Linked({ matter }: { matter: Matter }) {
  const home = location.pathname.startsWith('/h5') ? '/h5/tasks' : '/console/matters'
  return matter.linked.map(({ id, number, categoryName, stateName }) => (
    <div key={id}>
      <a href={`${home}/${id}`}>{categoryName}</a>{' '}
      <span className="faint small">
        {number} · {stateName}
      </span>
    </div>
  ))
}

/** The reporter, masked; looking behind the mask asks why and leaves an entry. */
function Reporter({ matter }: { matter: Matter }) {
  const t = useText()
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const [contact, setContact] = useState<Contact | null>(null)
  const act = useAct((body: { reason: string }, key) => send<Contact>(`/matters/${matter.id}/unmask`, { body, key }))
  const { label, name, phone, mayUnmask } = matter.reporter
  const shown = contact ?? { name, phone }
  const show = async () => {
    const answer = await act.run({ reason })
    if (!answer) return
    setContact(answer)
    setAsking(false)
  }
  return (
    <>
      <span>{[label, shown.name].filter(Boolean).join(' · ')}</span>{' '}
      {shown.phone && (contact ? <a href={`tel:${shown.phone}`}>{shown.phone}</a> : <span>{shown.phone}</span>)}
      {mayUnmask && !contact && (
        <Button kind="plain" small onClick={() => setAsking(true)}>
          {t('matter.showPhone')}
        </Button>
      )}
      <Sheet title={t('matter.showPhone')} open={asking} close={() => setAsking(false)}>
        {wantsSecondFactor(act.error) && <StepUp given={() => void show()} />}
        <form
          className="stack"
          hidden={wantsSecondFactor(act.error)}
          onSubmit={(event) => {
            event.preventDefault()
            void show()
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
      </Sheet>
    </>
  )
}

/** The matter's happenings for people inside: who, post, what was written, photos, and the proof of each. */
export function MatterTimeline({ matter, proofHref }: { matter: Matter; proofHref: (entryId: string) => string }) {
  const t = useText()
  const pictures = new Set(matter.files.filter((file) => file.mediaType.startsWith('image/')).map((file) => file.id))
  const items = matter.timeline
    .map((item): Happening => ({
      id: item.entryId,
      at: item.at,
      title: item.title,
      by: [item.by, item.byName].filter(Boolean).join(' · '),
      said: item.details.length > 0 && (
        <dl className="facts small">
          {item.details.map((detail) => (
            <Detail key={detail.label} label={detail.label} value={detail.value} />
          ))}
        </dl>
      ),
      photos: item.fileIds.filter((id) => pictures.has(id)).map((id) => pictureOf(id)),
      side: (
        <a
          className="step-proof"
          href={proofHref(item.entryId)}
          aria-label={t('proof.ofStep')}
          title={t('proof.ofStep')}
        >
          <Icon name="shield" />
        </a>
      ),
    }))
    .sort((a, b) => (a.at < b.at ? 1 : -1))
  return <Timeline items={items} label={t('matter.timeline')} />
}

function Detail({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  )
}
