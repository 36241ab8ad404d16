import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Area, AreaBrief } from '../../../src/grid/areas/contract.ts'
import type { AreasChanged, ChangePreview } from '../../../src/grid/changes/contract.ts'
import { read, send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { asRefusal, useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { CheckField, TextField } from '../../shared/ui/field.tsx'
import { Empty, Refused, Skeleton } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import { ChangeDone, ChangeShown } from './change-shown.tsx'
import './areas.css'

/** Takes neighbours into an area: chosen, looked at, then done. */
export function MergePage() {
  const t = useText()
  const { area: path = '' } = useSearch({ from: '/areas/merge' })
  const area = useQuery({
    queryKey: ['area', path],
    queryFn: () => read<Area>(`/grid/area?path=${encodeURIComponent(path)}`),
  })
  const parent = area.data?.parentPath ?? ''
  const beside = useQuery({
    queryKey: ['areas', parent, 'codes'],
    enabled: area.isSuccess,
    queryFn: () => read<{ items: AreaBrief[] }>(`/grid/areas?limit=100&under=${encodeURIComponent(parent)}`),
  })
  const error = area.error ?? beside.error
  return (
    <ConsolePage
      title={t('merge.title', { name: area.data?.name ?? '' })}
      side={
        <Link to="/areas" search={{ area: path }} className="button button-quiet button-small">
          {t('boundary.back')}
        </Link>
      }
    >
      {error ? (
        <Refused error={asRefusal(error)} />
      ) : area.data && beside.data ? (
        <Choosing
          area={area.data}
          others={beside.data.items.filter(({ kind, id }) => kind === area.data.kind && id !== area.data.id)}
        />
      ) : (
        <Skeleton lines={8} />
      )}
    </ConsolePage>
  )
}

function Choosing({ area, others }: { area: Area; others: readonly AreaBrief[] }) {
  const t = useText()
  const [chosen, setChosen] = useState<readonly AreaBrief[]>([])
  const [name, setName] = useState(area.name)
  const [preview, setPreview] = useState<ChangePreview | null>(null)
  const [done, setDone] = useState<AreasChanged | null>(null)
  const look = useAct((body: object, key: string) =>
    send<ChangePreview>(`/grid/areas/${area.id}/merge/preview`, { body, key }),
  )
  const act = useAct((body: object, key: string) => send<AreasChanged>(`/grid/areas/${area.id}/merge`, { body, key }))
  const body = { version: area.version, name, others: chosen.map(({ id, version }) => ({ id, version })) }
  if (done) return <ChangeDone done={done} />
  if (others.length === 0) return <Empty title={t('merge.nobody')}>{t('merge.nobodyNext')}</Empty>
  return (
    <div className="stack">
      <section className="card stack">
        <p className="soft">{t('merge.hint', { name: area.name })}</p>
        <div className="merge-list">
          {others.map((one) => (
            <CheckField
              key={one.id}
              label={`${one.name} (${one.code})`}
              checked={chosen.includes(one)}
              onChange={(on) => {
                setChosen(on ? [...chosen, one] : chosen.filter((other) => other !== one))
                setPreview(null)
              }}
            />
          ))}
        </div>
        <TextField label={t('merge.name')} value={name} onChange={setName} maxLength={60} required />
        <Refused error={look.error} />
        <Button
          kind={preview ? 'quiet' : 'primary'}
          busy={look.busy}
          disabled={chosen.length === 0 || name.trim() === ''}
          onClick={async () => setPreview((await look.run(body)) ?? null)}
        >
          {t('split.preview')}
        </Button>
      </section>
      {preview && (
        <ChangeShown preview={preview} names={[name]} chosen={{}} choose={() => undefined}>
          <Refused error={act.error} />
          <Button kind="primary" busy={act.busy} onClick={async () => setDone((await act.run(body)) ?? null)}>
            {t('merge.do')}
          </Button>
        </ChangeShown>
      )}
    </div>
  )
}
