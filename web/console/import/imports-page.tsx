import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Import, ImportView } from '../../../src/registry/sheets/contract.ts'
import { fileFrom, sendFile } from '../../shared/api.ts'
import { saidTime } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { saveFile } from '../../shared/save-file.ts'
import { Button } from '../../shared/ui/button.tsx'
import { ChoiceField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { ChooseFile } from '../setup/choose-file.tsx'
import './import.css'
import { stateNames, stateLooks } from './words.ts'

/** Rosters on their way into the registry: hand one in, and see what became of those before. */
export function ImportsPage() {
  const t = useText()
  return (
    <ConsolePage title={t('sheets.title')}>
      <HandIn />
      <Past />
    </ConsolePage>
  )
}

function HandIn() {
  const t = useText()
  const navigate = useNavigate()
  const [kind, setKind] = useState<Import['kind']>('people')
  const hand = useAct((file: File) =>
    sendFile<ImportView>(`/registry/imports?${new URLSearchParams({ kind, name: file.name })}`, file),
  )
  const template = useAct(() => fileFrom(`/registry/imports/template?kind=${kind}`))
  const chosen = async (file: File) => {
    const begun = await hand.run(file)
    if (begun) void navigate({ to: '/import/$id', params: { id: begun.id } })
  }
  const save = async () => {
    const blob = await template.run(undefined)
    if (blob)
      saveFile(`${t(kind === 'people' ? 'sheets.peopleTemplate' : 'sheets.unitTemplate')}.xlsx`, blob, blob.type)
  }
  return (
    <section className="card stack">
      <p>{t('sheets.lead')}</p>
      <ul className="import-rules soft small">
        <li>{t('sheets.rule.columns')}</li>
        <li>{t('sheets.rule.dry')}</li>
        <li>{t('sheets.rule.once')}</li>
        <li>{t('sheets.rule.ids')}</li>
      </ul>
      <ChoiceField
        label={t('sheets.kind')}
        value={kind}
        onChange={(next) => setKind(next === 'organisations' ? 'organisations' : 'people')}
        choices={[
          { value: 'people', label: t('sheets.people') },
          { value: 'organisations', label: t('sheets.organisations') },
        ]}
      />
      <div className="row">
        <ChooseFile
          label={t('setup.choose')}
          accept=".xlsx,.csv,.txt"
          busy={hand.busy}
          chosen={(one) => void chosen(one)}
        />
        <Button kind="plain" icon="download" busy={template.busy} onClick={() => void save()}>
          {t('sheets.template')}
        </Button>
      </div>
      {hand.busy && <p role="status">{t('sheets.uploading')}</p>}
      <Refused error={hand.error ?? template.error} />
    </section>
  )
}

function Past() {
  const t = useText()
  const past = usePagedQuery<Import>('/registry/imports?limit=20')
  return (
    <section className="card stack">
      <h2>{t('sheets.past')}</h2>
      <Shown of={past} waiting={<Skeleton lines={3} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('sheets.none')}>{t('sheets.noneNext')}</Empty>
          ) : (
            <>
              <ul className="import-list">
                {items.map((one) => (
                  <li key={one.id}>
                    <Link to="/import/$id" params={{ id: one.id }} className="strong">
                      {one.fileName}
                    </Link>{' '}
                    <span className={`tag tag-${stateLooks[one.state]}`}>{t(stateNames[one.state])}</span>
                    <div className="soft small">
                      {t('sheets.by', { place: one.areaName, who: one.byName, when: saidTime(one.createdAt) })}
                      {one.taken &&
                        ` · ${t('sheets.takenShort', { fresh: one.taken.fresh, changed: one.taken.changed })}`}
                    </div>
                  </li>
                ))}
              </ul>
              <More more={past.more} busy={past.busy} />
            </>
          )
        }
      </Shown>
    </section>
  )
}
