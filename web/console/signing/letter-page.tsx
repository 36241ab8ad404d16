import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { LetterView } from '../../../src/signing/letters/contract.ts'
import { fileOf, send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useAct, useRead, type Loaded } from '../../shared/loading.ts'
import { saveFile } from '../../shared/save-file.ts'
import { Button, RoundButton } from '../../shared/ui/button.tsx'
import { SelectField, TextArea, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { letterTags } from './letter-words.ts'
import './signing.css'

type Template = LetterView['template']
type Block = Template['blocks'][number]

/** A letter of the county: read, worded anew as a draft of one's own, looked at as it will be printed, approved. */
export function LetterPage() {
  const { id } = useParams({ from: '/signing/letters/$id' })
  const t = useText()
  const loaded = useRead<LetterView>(`/signing/letters/${id}`)
  return (
    <ConsolePage title={loaded.data?.name ?? t('signing.letter')}>
      <Shown of={loaded} waiting={<Skeleton lines={6} />}>
        {(letter) => <Editor key={`${letter.id}${letter.version}`} of={letter} loaded={loaded} />}
      </Shown>
    </ConsolePage>
  )
}

function Editor({ of, loaded }: { of: LetterView; loaded: Loaded<LetterView> }) {
  const t = useText()
  const navigate = useNavigate()
  const [template, setTemplate] = useState<Template>(of.template)
  const preview = useAct(() => fileOf('/signing/letters/preview', { template }))
  const act = useAct(({ path, method, body }: { path: string; method: 'POST' | 'PUT'; body: object }, key) =>
    send<LetterView>(path, { method, body, key }),
  )
  const path = `/signing/letters/${of.id}`
  const look = async () => {
    const blob = await preview.run(undefined)
    if (blob) saveFile(`${template.title}.pdf`, blob, 'application/pdf')
  }
  const save = async () => {
    const own = of.state === 'draft'
    const next = own
      ? await act.run({ path, method: 'PUT', body: { template, version: of.version } })
      : await act.run({ path: '/signing/letters', method: 'POST', body: { template, basedOn: of.id } })
    if (!next) return
    say(t('signing.letterSaved'))
    if (own) loaded.replace(next)
    else void navigate({ to: '/signing/letters/$id', params: { id: next.id } })
  }
  const decide = async (what: 'approval' | 'retirement') => {
    const next = await act.run({ path: `${path}/${what}`, method: 'POST', body: { version: of.version } })
    if (next) loaded.replace(next)
  }
  const put = (at: number, block: Block | null) =>
    setTemplate((before) => ({
      ...before,
      blocks: block
        ? before.blocks.map((one, index) => (index === at ? block : one))
        : before.blocks.filter((_, index) => index !== at),
    }))
  const { tone, label } = letterTags[of.state]
  return (
    <>
      <p className="row">
        <span className={`tag tag-${tone}`}>{t(label)}</span>
        <span className="soft">{of.shipped ? t('signing.shipped') : of.byLabel}</span>
        <span className="soft small signing-hash">{of.hash.slice(0, 16)}</span>
      </p>
      <section className="card stack">
        <TextField
          label={t('signing.letterTitle')}
          value={template.title}
          onChange={(title) => setTemplate((before) => ({ ...before, title }))}
          maxLength={60}
        />
        <p className="soft small">
          {t('signing.placesHint')}{' '}
          {template.variables.map(({ name, label: said }) => `{{${name}}} ${said}`).join('　')}
        </p>
        {template.blocks.map((block, at) => (
          <OneBlock key={at} of={block} put={(next) => put(at, next)} />
        ))}
        <div>
          <Button
            small
            icon="plus"
            onClick={() =>
              setTemplate((before) => ({ ...before, blocks: [...before.blocks, { kind: 'paragraph', text: '' }] }))
            }
          >
            {t('signing.addBlock')}
          </Button>
        </div>
      </section>
      <Refused error={act.error ?? preview.error} />
      <div className="row">
        <Button kind="primary" busy={act.busy} onClick={() => void save()}>
          {t(of.state === 'draft' ? 'signing.saveLetter' : 'signing.saveAsNew')}
        </Button>
        <Button icon="download" busy={preview.busy} onClick={() => void look()}>
          {t('signing.preview')}
        </Button>
        {of.mayApprove && (
          <Button busy={act.busy} onClick={() => void decide('approval')}>
            {t('signing.approve')}
          </Button>
        )}
      </div>
      {of.state === 'draft' && !of.mayApprove && <p className="soft small">{t('signing.approveElse')}</p>}
    </>
  )
}

const kinds: Record<Block['kind'], TextKey> = {
  heading: 'signing.blockHeading',
  paragraph: 'signing.blockParagraph',
  clauses: 'signing.blockClauses',
  table: 'signing.blockTable',
  space: 'signing.blockSpace',
}

/** One block: a table is read here, the rest is worded. */
function OneBlock({ of, put }: { of: Block; put: (next: Block | null) => void }) {
  const t = useText()
  const text =
    of.kind === 'clauses' ? of.items.join('\n') : of.kind === 'heading' || of.kind === 'paragraph' ? of.text : ''
  const change = (kind: string) => {
    const when = of.when ? { when: of.when } : {}
    if (kind === 'clauses') put({ kind, items: text.split('\n').filter(Boolean), sub: false, ...when })
    else if (kind === 'heading' || kind === 'paragraph') put({ kind, text, ...when })
    else if (kind === 'space') put({ kind, ...when })
  }
  return (
    <div className="stack-s">
      <div className="row">
        <span className="grow">
          <SelectField
            label={t('signing.block')}
            value={of.kind}
            onChange={change}
            choices={(Object.keys(kinds) as Block['kind'][])
              .filter((kind) => kind !== 'table' || of.kind === 'table')
              .map((kind) => ({ value: kind, label: t(kinds[kind]) }))}
          />
        </span>
        <RoundButton icon="close" label={t('signing.removeBlock')} onClick={() => put(null)} />
      </div>
      {of.kind === 'table' && <p className="soft">{of.columns.join(' | ')}</p>}
      {(of.kind === 'heading' || of.kind === 'paragraph') && (
        <TextArea
          label={t(kinds[of.kind])}
          value={of.text}
          onChange={(next) => put({ ...of, text: next })}
          maxLength={2000}
          rows={3}
        />
      )}
      {of.kind === 'clauses' && (
        <TextArea
          label={t('signing.clausesHint')}
          value={of.items.join('\n')}
          onChange={(next) => put({ ...of, items: next.split('\n') })}
          rows={6}
        />
      )}
      {of.kind !== 'space' && of.when && <p className="soft small">{t('signing.when', { when: of.when })}</p>}
    </div>
  )
}
