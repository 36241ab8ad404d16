import { useState } from 'react'
import type { Static } from 'typebox'
import type { BaseMap, ChooseBaseMap, MapFiles } from '../../../src/grid/setup/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { SelectField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'

/** What lies under the county's maps. */
export function MapStep({ saved }: { saved: () => void }) {
  const t = useText()
  const map = useRead<BaseMap>('/settings/base-map')
  const files = useRead<Static<typeof MapFiles>>('/grid/setup/maps')
  return (
    <>
      <p className="soft">{t('setup.mapLead')}</p>
      <Shown of={map} waiting={<Skeleton lines={3} />}>
        {(now) => (
          <MapForm
            now={now}
            files={files.data?.items.map(({ file }) => file) ?? []}
            key={now.version}
            saved={(next) => {
              map.replace(next)
              saved()
            }}
          />
        )}
      </Shown>
    </>
  )
}

function MapForm({ now, files, saved }: { now: BaseMap; files: readonly string[]; saved: (next: BaseMap) => void }) {
  const t = useText()
  const [kind, setKind] = useState<string>(now.kind)
  const [tiandituKey, setKey] = useState(now.tiandituKey ?? '')
  const [file, setFile] = useState(files[0] ?? '')
  const chosenFile = file || (files[0] ?? '')
  const act = useAct((body: ChooseBaseMap, key) => send<BaseMap>('/grid/setup/base-map', { method: 'PUT', body, key }))
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        const answer = await act.run({
          kind: kind as BaseMap['kind'],
          version: now.version,
          ...(kind === 'tianditu' ? { tiandituKey: tiandituKey.trim() } : {}),
          ...(kind === 'pmtiles' ? { file: chosenFile } : {}),
        })
        if (!answer) return
        say(t('setup.saved'))
        saved(answer)
      }}
    >
      <SelectField
        label={t('setup.mapKind')}
        value={kind}
        onChange={setKind}
        choices={[
          { value: 'schematic', label: t('setup.mapSchematic') },
          { value: 'tianditu', label: t('setup.mapTianditu') },
          { value: 'pmtiles', label: t('setup.mapFile') },
        ]}
      />
      {kind === 'tianditu' && (
        <TextField
          label={t('setup.mapKey')}
          hint={t('setup.mapKeyHint')}
          value={tiandituKey}
          onChange={setKey}
          required
          pattern="[0-9a-fA-F]{32}"
          autoComplete="off"
        />
      )}
      {kind === 'pmtiles' &&
        (files.length > 0 ? (
          <SelectField
            label={t('setup.mapWhich')}
            value={chosenFile}
            onChange={setFile}
            choices={files.map((name) => ({ value: name, label: name }))}
          />
        ) : (
          <p className="banner banner-warn">{t('setup.mapNoFile', { folder: 'maps' })}</p>
        ))}
      <Refused error={act.error} />
      <div>
        <Button type="submit" kind="primary" busy={act.busy} disabled={kind === 'pmtiles' && files.length === 0}>
          {t('act.save')}
        </Button>
      </div>
    </form>
  )
}
