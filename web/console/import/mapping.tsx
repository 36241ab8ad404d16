import { useState } from 'react'
import type { AreaBrief } from '../../../src/grid/areas/contract.ts'
import type { ImportView, LookedSheet, MapSheet } from '../../../src/registry/sheets/contract.ts'
import { send } from '../../shared/api.ts'
import { today } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { SelectField, TextField } from '../../shared/ui/field.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Refused } from '../../shared/ui/states.tsx'
import '../setup/setup.css'

const letters = (column: number): string =>
  (column >= 26 ? letters(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26))

/** Which sheet is meant, what each of its columns holds, and what rows inherit that say nothing themselves. */
export function Mapping({ of: view, changed }: { of: ImportView; changed: () => void }) {
  const t = useText()
  const first =
    view.sheets.find(({ name }) => name === view.settings?.sheet) ??
    view.sheets.find(({ recognised }) => recognised) ??
    view.sheets[0]
  const [name, setName] = useState(first?.name ?? '')
  const sheet = view.sheets.find((one) => one.name === name) ?? first
  if (!sheet) return null
  return (
    <section className="card stack">
      {view.sheets.length > 1 && (
        <SelectField
          label={t('sheets.sheet')}
          value={sheet.name}
          onChange={setName}
          choices={view.sheets.map((one) => ({ value: one.name, label: one.name || t('sheets.unnamed') }))}
        />
      )}
      <Columns key={sheet.name} view={view} sheet={sheet} changed={changed} />
    </section>
  )
}

function Columns({ view, sheet, changed }: { view: ImportView; sheet: LookedSheet; changed: () => void }) {
  const t = useText()
  const known = view.settings?.sheet === sheet.name ? view.settings : undefined
  const [columns, setColumns] = useState<Record<string, number>>(known?.columns ?? sheet.columns)
  const [estate, setEstate] = useState(known?.estate ?? '')
  const [asOf, setAsOf] = useState(known?.asOf ?? today())
  const [area, setArea] = useState(known?.area ?? '')
  const areas = useRead<{ items: AreaBrief[] }>(`/grid/areas?limit=100&under=${encodeURIComponent(view.areaPath)}`)
  const check = useAct((body: MapSheet, key) =>
    send<ImportView>(`/registry/imports/${view.id}/mapping`, { method: 'PUT', body, key }),
  )
  const choose = (column: number, field: string) => {
    const rest = Object.fromEntries(Object.entries(columns).filter(([code, at]) => at !== column && code !== field))
    setColumns(field === '' ? rest : { ...rest, [field]: column })
  }
  const submit = async () => {
    const { name, headingRow, headingRows } = sheet
    const body: MapSheet = { sheet: name, headingRow, headingRows, columns, estate, asOf, ...(area ? { area } : {}) }
    if (await check.run(body)) changed()
  }
  const fieldAt = (column: number): string => Object.entries(columns).find(([, at]) => at === column)?.[0] ?? ''
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <div className={`banner ${sheet.recognised || sheet.remembered ? '' : 'banner-warn'}`} role="status">
        <Icon name="info" />
        <div>
          {t(sheet.remembered ? 'sheets.remembered' : sheet.recognised ? 'sheets.recognised' : 'sheets.unrecognised', {
            row: sheet.headingRow,
            count: Object.keys(columns).length,
          })}
        </div>
      </div>
      <div className="setup-scroll">
        <table className="setup-table import-columns">
          <thead>
            <tr>
              <th scope="col">{t('sheets.column')}</th>
              <th scope="col">{t('sheets.sample')}</th>
              <th scope="col">{t('sheets.field')}</th>
            </tr>
          </thead>
          <tbody>
            {sheet.headings.map((heading, column) => (
              <tr key={column}>
                <td>
                  <span className="mono soft">{letters(column)}</span> {heading || t('sheets.noHeading')}
                </td>
                <td className="soft small">
                  {sheet.samples
                    .map((row) => row[column])
                    .filter(Boolean)
                    .slice(0, 3)
                    .join('、')}
                </td>
                <td>
                  <FieldChoice
                    fields={view.fields}
                    label={t('sheets.fieldOf', { column: heading || letters(column) })}
                    value={fieldAt(column)}
                    choose={(field) => choose(column, field)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="import-terms">
        <TextField
          label={t('sheets.estate')}
          hint={t('sheets.estateHint')}
          optional
          value={estate}
          onChange={setEstate}
          maxLength={60}
        />
        <TextField
          label={t('sheets.asOf')}
          hint={t('sheets.asOfHint')}
          type="date"
          max={today()}
          value={asOf}
          onChange={setAsOf}
        />
        {(areas.data?.items.length ?? 0) > 0 && (
          <SelectField
            label={t('sheets.area')}
            hint={t('sheets.areaHint')}
            value={area}
            onChange={setArea}
            empty={view.areaName}
            choices={areas.data!.items.map(({ path, name }) => ({ value: path, label: name }))}
          />
        )}
      </div>
      <Refused error={check.error} />
      <div>
        <Button type="submit" kind="primary" busy={check.busy}>
          {t('sheets.check')}
        </Button>
      </div>
    </form>
  )
}

function FieldChoice({
  fields,
  label,
  value,
  choose,
}: {
  fields: ImportView['fields']
  label: string
  value: string
  choose: (field: string) => void
}) {
  const t = useText()
  const groups = [
    { name: t('sheets.group.record'), of: fields.filter(({ group }) => group === 'record') },
    { name: t('sheets.group.address'), of: fields.filter(({ group }) => group === 'address') },
  ]
  return (
    <select className="input" aria-label={label} value={value} onChange={(event) => choose(event.target.value)}>
      <option value="">{t('sheets.skip')}</option>
      {groups.map(({ name, of }) => (
        <optgroup key={name} label={name}>
          {of.map((field) => (
            <option key={field.code} value={field.code}>
              {field.name}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  )
}
