import { useState } from 'react'
import type { Question, Segment, SegmentTerms } from '../../../src/registry/segments/contract.ts'
import { send } from '../../shared/api.ts'
import { saidDay } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, usePages, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, SelectField, TextField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { Answer } from './answer.tsx'
import { Group } from './group.tsx'

const base = '/registry/segments'
const subjects = {
  person: 'segment.people',
  household: 'segment.households',
  premises: 'segment.premises',
  organisation: 'segment.organisations',
} as const
type Edited = Pick<Segment, 'name' | 'question' | 'shared'> & { id: string | null; version: number }
const fresh: Edited = { id: null, version: 0, name: '', shared: false, question: { subject: 'person', all: [] } }

/** Saved questions over the registry, and a form that makes one; the answer is counted while one asks. */
export function SegmentsPage() {
  const t = useText()
  const terms = useRead<SegmentTerms>(`${base}/terms`)
  const [edited, setEdited] = useState<Edited | null>(null)
  return (
    <ConsolePage
      title={t('segment.title')}
      side={
        !edited && (
          <Button small kind="primary" onClick={() => setEdited(fresh)}>
            {t('segment.new')}
          </Button>
        )
      }
    >
      <p className="soft">{t('segment.lead')}</p>
      <Shown of={terms} waiting={<Skeleton lines={4} />}>
        {(known) =>
          edited ? (
            <Editor key={edited.id ?? 'new'} of={edited} terms={known} close={() => setEdited(null)} />
          ) : (
            <List edit={(one) => setEdited(one)} />
          )
        }
      </Shown>
    </ConsolePage>
  )
}

function List({ edit }: { edit: (one: Edited) => void }) {
  const t = useText()
  const list = usePages<Segment>(`${base}?limit=20`)
  return (
    <>
      <Shown of={list} waiting={<Skeleton lines={2} cards={3} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('segment.none')}>{t('segment.noneNext')}</Empty>
          ) : (
            <ul className="stack">
              {items.map((one) => (
                <li key={one.id} className="card row">
                  <span className="grow">
                    <span className="strong">{one.name}</span>
                    <br />
                    <span className="soft small">
                      {t(subjects[one.question.subject])} · {one.mine ? t('segment.mine') : one.byLabel} ·{' '}
                      {saidDay(one.updatedAt)}
                    </span>
                  </span>
                  <Button small onClick={() => edit({ ...one, id: one.mine ? one.id : null })}>
                    {t('segment.use')}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </>
  )
}

function Editor({ of, terms, close }: { of: Edited; terms: SegmentTerms; close: () => void }) {
  const t = useText()
  const [name, setName] = useState(of.name)
  const [shared, setShared] = useState(of.shared)
  const [question, setQuestion] = useState<Question>(of.question)
  const act = useAct(({ path, body }: { path: string; body: object }, key) => send(path, { body, key }))
  const fields = terms.fields.filter((field) => field.subjects.includes(question.subject))
  const run = async (path: string, body: object) => {
    if ((await act.run({ path, body })) === undefined) return
    say(t('segment.saved'))
    close()
  }
  const save = () =>
    of.id
      ? run(`${base}/${of.id}`, { name, shared, question, version: of.version })
      : run(base, { name, shared, question })
  const put = (at: number, group: Question['all'][number] | null) =>
    setQuestion((before) => ({
      ...before,
      all: group
        ? before.all.map((one, index) => (index === at ? group : one))
        : before.all.filter((_, index) => index !== at),
    }))
  const add = () => {
    const [first] = fields
    if (first)
      setQuestion((before) => ({ ...before, all: [...before.all, { any: [{ field: 'notCheckedForDays', from: 0 }] }] }))
  }
  return (
    <div className="stack">
      <section className="card stack">
        <SelectField
          label={t('segment.subject')}
          value={question.subject}
          onChange={(subject) => setQuestion({ subject: subject as Question['subject'], all: [] })}
          choices={Object.entries(subjects).map(([value, label]) => ({ value, label: t(label) }))}
        />
        {question.all.map((group, at) => (
          <Group
            key={at}
            of={group}
            fields={fields}
            campaigns={terms.campaigns}
            change={(next) => put(at, next)}
            first={at === 0}
          />
        ))}
        <div>
          <Button small onClick={add} disabled={question.all.length >= 10}>
            {t('segment.add')}
          </Button>
        </div>
      </section>
      <Answer question={question} maySample={terms.maySample} />
      <section className="card stack">
        <TextField label={t('segment.name')} value={name} onChange={setName} maxLength={60} />
        <CheckField label={t('segment.share')} checked={shared} onChange={setShared} />
        <Refused error={act.error} />
        <div className="row">
          <Button kind="primary" busy={act.busy} disabled={name.trim() === ''} onClick={() => void save()}>
            {t('segment.save')}
          </Button>
          {of.id && (
            <Button
              kind="danger"
              busy={act.busy}
              onClick={() => void run(`${base}/${of.id}/close`, { version: of.version })}
            >
              {t('segment.close')}
            </Button>
          )}
          <Button onClick={close}>{t('segment.back')}</Button>
        </div>
      </section>
    </div>
  )
}
