import { useState } from 'react'
import type { Candidates, FollowUpTerms, FollowUpView } from '../../../src/registry/follow-up/contract.ts'
import { send } from '../api.ts'
import { saidDay, today } from '../dates.ts'
import { useText } from '../i18n/text.ts'
import { useAct, useRead } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { SelectField, TextArea, TextField } from '../ui/field.tsx'
import { say } from '../ui/notice.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Refused } from '../ui/states.tsx'

const base = '/registry/follow-ups'
type Doing = 'contact' | 'extend' | 'end'

/** What one look shows; it is gone when one leaves the page. */
export function Whole({ of, terms, close }: { of: FollowUpView; terms: FollowUpTerms; close: () => void }) {
  const t = useText()
  const [doing, setDoing] = useState<Doing | null>(null)
  const { person } = of
  const facts = [
    [t('followUp.citizenId'), person.citizenId],
    [t('followUp.phone'), person.phone],
    [t('followUp.address'), person.address],
    [t('followUp.background'), person.background],
    [t('followUp.document'), `${of.basisName}（${of.law}）${of.basisWords}`],
    [t('followUp.staff'), of.staff.map(({ name, post }) => `${name}（${post}）`).join('、')],
  ].filter(([, value]) => value !== '')
  return (
    <section className="card stack">
      <div className="row">
        <h2 className="grow">{person.name}</h2>
        <Button small onClick={close}>
          {t('act.close')}
        </Button>
      </div>
      <p className="soft">{t('followUp.until', { day: of.endsOn })}</p>
      <dl className="stack-s">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt className="soft small">{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="row">
        <Button kind="primary" onClick={() => setDoing('contact')}>
          {t('followUp.contact')}
        </Button>
        {of.mayManage && <Button onClick={() => setDoing('extend')}>{t('followUp.extend')}</Button>}
        {of.mayManage && (
          <Button kind="danger" onClick={() => setDoing('end')}>
            {t('followUp.end')}
          </Button>
        )}
      </div>
      <h3>{t('followUp.notes')}</h3>
      <ul className="stack-s">
        {of.notes.map((note) => (
          <li key={note.id}>
            <span className="soft small">
              {saidDay(note.at)} · {note.byName} ·{' '}
              {note.kind === 'look' ? t('followUp.looked') : t('followUp.contacted')}
            </span>
            <br />
            {note.words}
          </li>
        ))}
      </ul>
      <Sheet title={doing ? t(titles[doing]) : ''} open={doing !== null} close={() => setDoing(null)}>
        {doing === 'contact' && <ContactForm of={of} done={close} />}
        {doing === 'extend' && <ExtendForm of={of} terms={terms} done={close} />}
        {doing === 'end' && <EndForm of={of} done={close} />}
      </Sheet>
    </section>
  )
}

const titles = { contact: 'followUp.contact', extend: 'followUp.extend', end: 'followUp.end' } as const

interface Form {
  of: FollowUpView
  done: () => void
}

function useSending(of: FollowUpView, path: string, done: () => void) {
  const t = useText()
  const act = useAct((body: object, key) => send(`${base}/${of.id}/${path}`, { body, key }))
  const run = async (body: object) => {
    if ((await act.run(body)) === undefined) return
    say(t('followUp.done'))
    done()
  }
  return { act, run }
}

function ContactForm({ of, done }: Form) {
  const t = useText()
  const [metOn, setMetOn] = useState(today())
  const [way, setWay] = useState('door')
  const [text, setText] = useState('')
  const [nextOn, setNextOn] = useState('')
  const { act, run } = useSending(of, 'contacts', done)
  return (
    <>
      <TextField label={t('followUp.metOn')} type="date" value={metOn} onChange={setMetOn} />
      <SelectField
        label={t('followUp.way')}
        value={way}
        onChange={setWay}
        choices={[
          { value: 'door', label: t('followUp.atDoor') },
          { value: 'phone', label: t('followUp.byPhone') },
          { value: 'office', label: t('followUp.atOffice') },
          { value: 'online', label: t('followUp.online') },
        ]}
      />
      <TextArea label={t('followUp.text')} value={text} onChange={setText} maxLength={2000} rows={4} />
      <TextField label={t('followUp.nextOn')} type="date" optional value={nextOn} onChange={setNextOn} />
      <Refused error={act.error} />
      <Button
        kind="primary"
        wide
        busy={act.busy}
        onClick={() => void run({ metOn, way, text, nextOn: nextOn || null })}
      >
        {t('followUp.save')}
      </Button>
    </>
  )
}

function ExtendForm({ of, terms, done }: Form & { terms: FollowUpTerms }) {
  const t = useText()
  const [basis, setBasis] = useState(terms.bases[0]?.code ?? '')
  const [basisWords, setBasisWords] = useState('')
  const [endsOn, setEndsOn] = useState('')
  const [approver, setApprover] = useState('')
  const place = terms.places[0]?.path
  const known = useRead<Candidates>(place ? `${base}/candidates?area=${encodeURIComponent(place)}` : null)
  const { act, run } = useSending(of, 'extensions', done)
  const others = (known.data?.items ?? []).filter(({ mayApprove }) => mayApprove)
  return (
    <>
      <p>{t('followUp.extendWhy')}</p>
      <SelectField
        label={t('followUp.basis')}
        value={basis}
        onChange={setBasis}
        choices={terms.bases.map(({ code, name }) => ({ value: code, label: name }))}
      />
      <TextField label={t('followUp.document')} value={basisWords} onChange={setBasisWords} maxLength={500} />
      <TextField label={t('followUp.endsOn')} type="date" value={endsOn} onChange={setEndsOn} />
      <SelectField
        label={t('followUp.approver')}
        value={approver}
        onChange={setApprover}
        empty={t('ownRecord.choose')}
        choices={others.map(({ accountId, name, post }) => ({ value: accountId, label: `${name} · ${post}` }))}
      />
      <Refused error={act.error} />
      <Button
        kind="primary"
        wide
        busy={act.busy}
        disabled={approver === ''}
        onClick={() => void run({ version: of.version, basis, basisWords, endsOn, approver })}
      >
        {t('ownRecord.send')}
      </Button>
    </>
  )
}

function EndForm({ of, done }: Form) {
  const t = useText()
  const [reason, setReason] = useState('')
  const { act, run } = useSending(of, 'end', done)
  return (
    <>
      <p>{t('followUp.endWhy')}</p>
      <TextField label={t('followUp.reason')} value={reason} onChange={setReason} maxLength={200} />
      <Refused error={act.error} />
      <Button kind="danger" wide busy={act.busy} onClick={() => void run({ version: of.version, reason })}>
        {t('followUp.end')}
      </Button>
    </>
  )
}
