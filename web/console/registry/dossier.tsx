import { useState } from 'react'
import type { Dossier, Household } from '../../../src/registry/households/contract.ts'
import { isStale, send } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextArea } from '../../shared/ui/field.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Refused } from '../../shared/ui/states.tsx'

const parts: readonly [part: keyof Dossier, name: TextKey, max: number][] = [
  ['situation', 'registry.dossier.situation', 1000],
  ['hardship', 'registry.dossier.hardship', 500],
  ['needs', 'registry.dossier.needs', 500],
  ['risks', 'registry.dossier.risks', 500],
]
const empty: Dossier = { situation: '', hardship: '', needs: '', risks: '' }

interface Acting {
  of: Household
  saved: (next: Household) => void
}

/** The situation file of 一户两档: how they live, what is hard, what they need. */
export function DossierCard({ of, saved }: Acting) {
  const t = useText()
  const [open, setOpen] = useState(false)
  return (
    <section className="card stack">
      <div className="spread">
        <h2>{t('registry.situationFile')}</h2>
        {of.mayWrite && (
          <Button small onClick={() => setOpen(true)}>
            {t(of.hasDossier ? 'registry.change' : 'registry.fillIn')}
          </Button>
        )}
      </div>
      {of.dossier === null ? (
        <p className="soft">{t(of.hasDossier ? 'registry.dossierHidden' : 'registry.noDossier')}</p>
      ) : (
        <dl className="facts">
          {parts.map(([part, name]) =>
            of.dossier?.[part] ? (
              <div key={part} className="field-line">
                <dt>{t(name)}</dt>
                <dd>{of.dossier[part]}</dd>
              </div>
            ) : null,
          )}
        </dl>
      )}
      <Sheet title={t('registry.situationFile')} open={open} close={() => setOpen(false)}>
        <Writing
          of={of}
          saved={(next) => {
            setOpen(false)
            saved(next)
          }}
        />
      </Sheet>
    </section>
  )
}

function Writing({ of, saved }: Acting) {
  const t = useText()
  const [draft, setDraft] = useState(of.dossier ?? empty)
  const act = useAct((body: object, key) => send<Household>(`/registry/households/${of.id}/dossier`, { body, key }))
  const save = async () => {
    const next = await act.run({ ...draft, version: of.version })
    if (next) saved(next)
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      {parts.map(([part, name, max]) => (
        <TextArea
          key={part}
          label={t(name)}
          optional
          value={draft[part]}
          onChange={(text) => setDraft((now) => ({ ...now, [part]: text }))}
          maxLength={max}
          rows={3}
        />
      ))}
      <Refused error={act.error} />
      {isStale(act.error) && <p className="soft">{t('registry.reload')}</p>}
      <Button type="submit" kind="primary" busy={act.busy} wide>
        {t('act.save')}
      </Button>
    </form>
  )
}
