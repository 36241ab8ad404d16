import { useState } from 'react'
import type { ExportMatters } from '../../../src/loop/desk/contract.ts'
import { fileOf } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { saveFile } from '../../shared/save-file.ts'
import { Button } from '../../shared/ui/button.tsx'
import { ChoiceField } from '../../shared/ui/field.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Refused } from '../../shared/ui/states.tsx'
import { useLook } from './desk-query.ts'
import { sayFilter, useFilterWords } from './filters.tsx'
import { filterOf, type WorkSearch } from './search.ts'
import { scopeNames } from './scope-tabs.tsx'

/** Every row of the filter as a sheet, not only those on the screen; the house writes it and the ledger knows. */
export function Export({ search }: { search: WorkSearch }) {
  const t = useText()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button small icon="download" onClick={() => setOpen(true)}>
        {t('work.export')}
      </Button>
      <Sheet title={t('work.export')} open={open} close={() => setOpen(false)}>
        <ExportForm search={search} close={() => setOpen(false)} />
      </Sheet>
    </>
  )
}

const sheetName = (title: string, format: string): string =>
  `${title}-${new Date().toISOString().slice(0, 10)}.${format}`

function ExportForm({ search, close }: { search: WorkSearch; close: () => void }) {
  const t = useText()
  const names = useFilterWords()
  const { look } = useLook()
  const [format, setFormat] = useState<ExportMatters['format']>('xlsx')
  const said = [t(scopeNames[search.scope]), sayFilter(search, names, t)].filter(Boolean).join(' · ').slice(0, 300)
  const act = useAct((body: ExportMatters) => fileOf('/matters/exports', body))
  const submit = async () => {
    const columns = look.columns.includes('number') ? look.columns : [...look.columns, 'number' as const]
    const file = await act.run({ format, filter: filterOf(search), columns, said })
    if (!file) return
    saveFile(sheetName(t('nav.work'), format), file, file.type)
    close()
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <p>{t('export.what', { filter: said })}</p>
      <p className="soft small">{t('export.lead')}</p>
      <ChoiceField
        label={t('export.format')}
        value={format}
        onChange={(next) => setFormat(next === 'csv' ? 'csv' : 'xlsx')}
        choices={[
          { value: 'xlsx', label: t('export.xlsx') },
          { value: 'csv', label: t('export.csv') },
        ]}
      />
      <Refused error={act.error} />
      <Button type="submit" kind="primary" icon="download" busy={act.busy}>
        {t('export.do')}
      </Button>
    </form>
  )
}
