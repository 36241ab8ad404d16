import { useState } from 'react'
import type { Opening } from '../../../src/files/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { usePurpose } from '../../shared/purpose.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { Refused } from '../../shared/ui/states.tsx'

/** What the camera wrote into the original: for who supervises, for a reason, and noted in the ledger. */
export function PhotoFacts({ id }: { id: string }) {
  const t = useText()
  const supervising = usePurpose() === 'supervision'
  const [reason, setReason] = useState('')
  const [opening, setOpening] = useState<Opening>()
  const act = useAct((body: { reason: string }, key: string) => send<Opening>(`/files/${id}/openings`, { body, key }))
  if (!supervising) return null
  if (opening) return <Facts of={opening} />
  return (
    <form
      className="stack-s"
      onSubmit={async (event) => {
        event.preventDefault()
        setOpening(await act.run({ reason }))
      }}
    >
      <TextField
        label={t('photo.factsWhy')}
        hint={t('photo.factsNote')}
        value={reason}
        onChange={setReason}
        required
        minLength={2}
        maxLength={200}
        side={
          <Button type="submit" busy={act.busy}>
            {t('photo.facts')}
          </Button>
        }
      />
      <Refused error={act.error} />
    </form>
  )
}

function Facts({ of }: { of: Opening }) {
  const t = useText()
  const found = of.metadata
  if (!found) return <p className="soft">{t('photo.noFacts')}</p>
  const place = found.longitude !== null && found.latitude !== null ? `${found.longitude}, ${found.latitude}` : null
  const rows = [
    [t('photo.takenAt'), found.takenAt],
    [t('photo.takenWhere'), place],
    [t('photo.camera'), found.camera],
    [t('photo.software'), found.software],
  ] as const
  return (
    <>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value ?? '—'}</dd>
          </div>
        ))}
      </dl>
      <p className="faint small">{t('photo.factsForged')}</p>
    </>
  )
}
