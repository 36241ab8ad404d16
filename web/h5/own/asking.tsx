import { useState } from 'react'
import type { OwnRequest } from '../../../src/registry/own/contract.ts'
import { send } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { SelectField, TextArea, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Refused } from '../../shared/ui/states.tsx'

export interface Asking {
  kind: 'correct' | 'object'
  field: string
  name: string
  now: string
}

const choices: Readonly<Record<string, readonly [string, TextKey][]>> = {
  sex: [
    ['male', 'ownRecord.male'],
    ['female', 'ownRecord.female'],
  ],
  registration: [
    ['registered', 'ownRecord.registered'],
    ['elsewhere', 'ownRecord.elsewhere'],
    ['floating', 'ownRecord.floating'],
    ['foreign', 'ownRecord.foreign'],
  ],
}

/** Says what is wrong and what it should be. */
export function AskSheet({ of, close, done }: { of: Asking | null; close: () => void; done: () => void }) {
  const t = useText()
  return (
    <Sheet
      title={of ? t(of.kind === 'correct' ? 'ownRecord.correctOf' : 'ownRecord.objectTo', { name: of.name }) : ''}
      open={of !== null}
      close={close}
    >
      {of && <AskForm key={`${of.kind}${of.field}`} of={of} close={close} done={done} />}
    </Sheet>
  )
}

function AskForm({ of, close, done }: { of: Asking; close: () => void; done: () => void }) {
  const t = useText()
  const [wish, setWish] = useState('')
  const [words, setWords] = useState('')
  const act = useAct((body: object, key) => send<OwnRequest>('/registry/own/requests', { body, key }))
  const inWords = of.kind === 'object' || of.field === 'other' || of.field === 'home'
  const listed = choices[of.field]
  const ask = async () => {
    const body = { kind: of.kind, field: of.field, ...(wish ? { wish } : {}), ...(words ? { words } : {}) }
    if (!(await act.run(body))) return
    say(t('ownRecord.asked'))
    done()
    close()
  }
  return (
    <>
      {of.now && <p className="soft">{t('ownRecord.now', { value: of.now })}</p>}
      {!inWords && listed && (
        <SelectField
          label={t('ownRecord.wish')}
          value={wish}
          onChange={setWish}
          empty={t('ownRecord.choose')}
          choices={listed.map(([value, label]) => ({ value, label: t(label) }))}
        />
      )}
      {!inWords && !listed && (
        <TextField
          label={t('ownRecord.wish')}
          value={wish}
          onChange={setWish}
          maxLength={200}
          type={of.field === 'bornOn' ? 'date' : 'text'}
        />
      )}
      <TextArea
        label={inWords ? t('ownRecord.words') : t('ownRecord.reason')}
        optional={!inWords}
        value={words}
        onChange={setWords}
        maxLength={500}
        rows={3}
      />
      <p className="soft small">{t('ownRecord.term')}</p>
      <Refused error={act.error} />
      <Button kind="primary" wide busy={act.busy} onClick={() => void ask()}>
        {t('ownRecord.send')}
      </Button>
    </>
  )
}

const states: Readonly<Record<OwnRequest['state'], TextKey>> = {
  open: 'ownRecord.stateOpen',
  accepted: 'ownRecord.stateAccepted',
  refused: 'ownRecord.stateRefused',
  withdrawn: 'ownRecord.stateWithdrawn',
}
const kinds: Readonly<Record<OwnRequest['kind'], TextKey>> = {
  claim: 'ownRecord.kindClaim',
  correct: 'ownRecord.kindCorrect',
  object: 'ownRecord.kindObject',
  erase: 'ownRecord.kindErase',
}

/** What one has asked, and what came of it. */
export function Requests({ of, changed }: { of: readonly OwnRequest[]; changed: () => void }) {
  const t = useText()
  const act = useAct(({ id, version }: { id: string; version: number }, key) =>
    send(`/registry/own/requests/${id}/withdraw`, { body: { version }, key }),
  )
  if (of.length === 0) return null
  return (
    <section className="card stack-s">
      <h2>{t('ownRecord.requests')}</h2>
      <ul className="stack-s">
        {of.map((one) => (
          <li key={one.id} className="stack-s">
            <span>
              <span className="strong">
                {t(kinds[one.kind])} {one.fieldName}
              </span>{' '}
              {t(states[one.state])}
            </span>
            {one.wish && <span className="soft">{t('ownRecord.asWished', { value: one.wish })}</span>}
            {one.words && <span className="soft">{one.words}</span>}
            {one.answer && <span>{t('ownRecord.answer', { words: one.answer })}</span>}
            {one.state === 'open' && (
              <span className="row">
                <span className="soft small grow">
                  {t('ownRecord.due', { day: saidDay(one.dueAt), term: one.dueSaid })}
                </span>
                <Button
                  small
                  busy={act.busy}
                  onClick={() => void act.run(one).then((done) => done !== undefined && changed())}
                >
                  {t('ownRecord.withdraw')}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      <Refused error={act.error} />
    </section>
  )
}
