import { useState } from 'react'
import type { ExportRoster } from '../../../src/registry/sheets/contract.ts'
import { fileOf } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { saveFile } from '../../shared/save-file.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Refused } from '../../shared/ui/states.tsx'

type Wanted = Omit<ExportRoster, 'reason'>

/** A list of the registry as a sheet, every row of the filter: asks what for, and the ledger knows. */
export function ExportRosterButton({ wanted, title }: { wanted: Wanted; title: string }) {
  const t = useText()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button small icon="download" onClick={() => setOpen(true)}>
        {t('sheets.export')}
      </Button>
      <Sheet title={t('sheets.export')} open={open} close={() => setOpen(false)}>
        <ExportForm wanted={wanted} title={title} close={() => setOpen(false)} />
      </Sheet>
    </>
  )
}

function ExportForm({ wanted, title, close }: { wanted: Wanted; title: string; close: () => void }) {
  const t = useText()
  const [reason, setReason] = useState('')
  const act = useAct((body: ExportRoster) => fileOf('/registry/exports', body))
  const submit = async () => {
    const file = await act.run({ ...wanted, reason })
    if (!file) return
    saveFile(`${title}-${new Date().toISOString().slice(0, 10)}.xlsx`, file, file.type)
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
      <p>{t('sheets.exportWhat', { filter: wanted.said ?? title })}</p>
      <p className="soft small">{t('sheets.exportLead')}</p>
      <TextField
        label={t('sheets.exportReason')}
        hint={t('sheets.exportReasonHint')}
        required
        minLength={4}
        maxLength={200}
        value={reason}
        onChange={setReason}
      />
      <Refused error={act.error} />
      <Button type="submit" kind="primary" icon="download" busy={act.busy}>
        {t('sheets.export')}
      </Button>
    </form>
  )
}
