import { useState } from 'react'
import type { GiveConsent, Guardian, Signing } from '../../../src/signing/signer/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { SelectField, TextField } from '../../shared/ui/field.tsx'
import { Refused } from '../../shared/ui/states.tsx'
import { Aloud } from './aloud.tsx'

type Relation = Guardian['relation']

/** What electronic signing is, said before anything else; agreeing binds its very words. */
export function ConsentStep({ base, of, onDone }: { base: string; of: Signing; onDone: (next: Signing) => void }) {
  const t = useText()
  const [guardian, setGuardian] = useState<Guardian>({ name: '', citizenId: '', relation: 'parent' })
  const act = useAct((body: GiveConsent, key) => send<Signing>(`${base}/consent`, { body, key }))
  const relations: [Relation, string][] = [
    ['parent', t('sign.parent')],
    ['grandparent', t('sign.grandparent')],
    ['sibling', t('sign.sibling')],
    ['other', t('sign.otherRelation')],
  ]
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const next = await act.run({ hash: of.consent.hash, ...(of.minor ? { guardian } : {}) })
        if (next) onDone(next)
      }}
    >
      <div className="card stack-s" lang="zh-CN">
        {of.consent.text.map((line) => (
          <p key={line}>{line}</p>
        ))}
        <Aloud text={of.consent.text} />
      </div>
      {of.minor && (
        <fieldset className="card stack">
          <legend className="strong">{t('sign.guardianTitle')}</legend>
          <p className="soft">{t('sign.guardianLead')}</p>
          <TextField
            label={t('sign.guardianName')}
            value={guardian.name}
            onChange={(name) => setGuardian({ ...guardian, name })}
            autoComplete="name"
            maxLength={30}
            required
          />
          <TextField
            label={t('sign.guardianId')}
            value={guardian.citizenId}
            onChange={(citizenId) => setGuardian({ ...guardian, citizenId })}
            autoComplete="off"
            maxLength={20}
            required
          />
          <SelectField
            label={t('sign.relation')}
            value={guardian.relation}
            onChange={(relation) => setGuardian({ ...guardian, relation: relation as Relation })}
            choices={relations.map(([value, label]) => ({ value, label }))}
          />
        </fieldset>
      )}
      <p className="soft">{t('sign.family')}</p>
      <Refused error={act.error} />
      <Button type="submit" kind="primary" wide busy={act.busy}>
        {t('sign.agree')}
      </Button>
    </form>
  )
}
