import { useState } from 'react'
import type { OwnRequest } from '../../../src/registry/own/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { NamesPicker } from '../../shared/report/names-picker.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { TextArea, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Sheet } from '../../shared/ui/sheet.tsx'
import { Refused } from '../../shared/ui/states.tsx'

/** Asks the village to open one's record: where it does not know this number. */
export function ClaimSheet({ open, close, done }: { open: boolean; close: () => void; done: () => void }) {
  const t = useText()
  const [name, setName] = useState('')
  const [words, setWords] = useState('')
  const [place, setPlace] = useState<{ path: string; name: string }>()
  const act = useAct((body: object, key) => send<OwnRequest>('/registry/own/claims', { body, key }))
  const claim = async () => {
    if (!place || name.trim() === '') return
    const answer = await act.run({ name, areaPath: place.path, ...(words ? { words } : {}) })
    if (!answer) return
    say(t('ownRecord.asked'))
    done()
    close()
  }
  return (
    <Sheet title={t('ownRecord.claim')} open={open} close={close}>
      <p>{t('ownRecord.claimWhy')}</p>
      <TextField label={t('ownRecord.name')} value={name} onChange={setName} maxLength={60} autoComplete="name" />
      {place ? (
        <p className="strong">{place.name}</p>
      ) : (
        <NamesPicker onChosen={(path, names) => setPlace({ path, name: names.join(' ') })} />
      )}
      <TextArea label={t('ownRecord.claimWords')} optional value={words} onChange={setWords} maxLength={500} rows={3} />
      <Refused error={act.error} />
      <Button kind="primary" wide busy={act.busy} disabled={!place || name.trim() === ''} onClick={() => void claim()}>
        {t('ownRecord.send')}
      </Button>
    </Sheet>
  )
}
