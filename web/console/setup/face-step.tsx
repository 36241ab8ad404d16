import { useState } from 'react'
import type { Face } from '../../../src/grid/setup/contract.ts'
import { send, sendFile } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { ChooseFile } from './choose-file.tsx'

/** Whose platform it is: the name and logo on the sign-in page and at the top of the desk. */
export function FaceStep({ saved }: { saved: () => void }) {
  const t = useText()
  const face = useRead<Face>('/settings/face')
  return (
    <>
      <p className="soft">{t('setup.faceLead')}</p>
      <Shown of={face} waiting={<Skeleton lines={3} />}>
        {(now) => (
          <FaceForm
            now={now}
            key={now.version}
            saved={(next) => {
              face.replace(next)
              saved()
            }}
          />
        )}
      </Shown>
    </>
  )
}

function FaceForm({ now, saved }: { now: Face; saved: (next: Face) => void }) {
  const t = useText()
  const [name, setName] = useState(now.name)
  const act = useAct((body: { name: string; version: number }, key) =>
    send<Face>('/grid/setup/organisation', { method: 'PUT', body, key }),
  )
  const logo = useAct((file: File) => sendFile<Face>('/grid/setup/logo', file, 'PUT'))
  const keep = (answer: Face | undefined) => {
    if (!answer) return
    say(t('setup.saved'))
    saved(answer)
  }
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        keep(await act.run({ name: name.trim(), version: now.version }))
      }}
    >
      <TextField
        label={t('setup.faceName')}
        hint={t('setup.faceHint')}
        value={name}
        onChange={setName}
        required
        maxLength={40}
      />
      <Refused error={act.error} />
      <div>
        <Button type="submit" kind="primary" busy={act.busy}>
          {t('act.save')}
        </Button>
      </div>
      <div className="row">
        {now.logo && (
          <img src={now.logo} alt={t('setup.logo')} width="64" height="64" style={{ objectFit: 'contain' }} />
        )}
        <ChooseFile
          label={t(now.logo ? 'setup.logoOther' : 'setup.logoChoose')}
          accept="image/png,image/jpeg,image/webp"
          busy={logo.busy}
          chosen={async (file) => keep(await logo.run(file))}
        />
      </div>
      <Refused error={logo.error} />
    </form>
  )
}
