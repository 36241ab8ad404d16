import { useState } from 'react'
import type { Candidates, FollowUpTerms } from '../../../src/registry/follow-up/contract.ts'
import { send } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct, useRead } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { CheckField, PhoneField, SelectField, TextArea, TextField } from '../ui/field.tsx'
import { say } from '../ui/notice.tsx'
import { Refused } from '../ui/states.tsx'

const empty = { name: '', citizenId: '', phone: '', address: '', background: '' }

/** A legal basis, an end, a person, and who may see it. */
export function OpenForm({ terms, done }: { terms: FollowUpTerms; done: () => void }) {
  const t = useText()
  const [areaPath, setAreaPath] = useState(terms.places[0]?.path ?? '')
  const [basis, setBasis] = useState(terms.bases[0]?.code ?? '')
  const [basisWords, setBasisWords] = useState('')
  const [endsOn, setEndsOn] = useState('')
  const [nextOn, setNextOn] = useState('')
  const [person, setPerson] = useState(empty)
  const [staff, setStaff] = useState<readonly string[]>([])
  const known = useRead<Candidates>(
    areaPath ? `/registry/follow-ups/candidates?area=${encodeURIComponent(areaPath)}` : null,
  )
  const act = useAct((body: object, key) => send('/registry/follow-ups', { body, key }))
  const chosen = terms.bases.find(({ code }) => code === basis)
  const part = (field: keyof typeof empty) => ({
    value: person[field],
    onChange: (value: string) => setPerson((before) => ({ ...before, [field]: value })),
  })
  const open = async () => {
    const told = Object.fromEntries(Object.entries(person).filter(([, value]) => value.trim() !== ''))
    const named = (known.data?.items ?? []).filter((one) => staff.includes(`${one.accountId}${one.postId}`))
    const body = {
      areaPath,
      basis,
      basisWords,
      endsOn,
      ...(nextOn ? { nextOn } : {}),
      person: { name: '', ...told },
      staff: named.map(({ accountId, postId }) => ({ accountId, postId })),
    }
    if ((await act.run(body)) === undefined) return
    say(t('followUp.opened'))
    done()
  }
  return (
    <>
      <SelectField
        label={t('followUp.place')}
        value={areaPath}
        onChange={setAreaPath}
        choices={terms.places.map(({ path, name }) => ({ value: path, label: name }))}
      />
      <SelectField
        label={t('followUp.basis')}
        hint={chosen && t('followUp.law', { law: chosen.law, days: chosen.daysMax })}
        value={basis}
        onChange={setBasis}
        choices={terms.bases.map(({ code, name }) => ({ value: code, label: name }))}
      />
      <TextField label={t('followUp.document')} value={basisWords} onChange={setBasisWords} maxLength={500} />
      <TextField label={t('followUp.endsOn')} type="date" value={endsOn} onChange={setEndsOn} />
      <TextField label={t('followUp.nextOn')} type="date" optional value={nextOn} onChange={setNextOn} />
      <TextField label={t('ownRecord.name')} {...part('name')} maxLength={60} autoComplete="off" />
      <TextField label={t('followUp.citizenId')} optional {...part('citizenId')} maxLength={24} autoComplete="off" />
      <PhoneField label={t('followUp.phone')} optional {...part('phone')} />
      <TextField label={t('followUp.address')} optional {...part('address')} maxLength={200} autoComplete="off" />
      <TextArea label={t('followUp.background')} optional {...part('background')} maxLength={2000} rows={3} />
      <fieldset className="field">
        <legend>{t('followUp.staff')}</legend>
        <p className="hint">{t('followUp.staffHint')}</p>
        {(known.data?.items ?? []).map((one) => {
          const key = `${one.accountId}${one.postId}`
          return (
            <CheckField
              key={key}
              label={`${one.name} · ${one.post}`}
              checked={staff.includes(key)}
              onChange={(on) => setStaff((before) => (on ? [...before, key] : before.filter((held) => held !== key)))}
            />
          )
        })}
      </fieldset>
      <Refused error={act.error ?? known.error} />
      <Button kind="primary" wide busy={act.busy} onClick={() => void open()}>
        {t('followUp.open')}
      </Button>
    </>
  )
}
