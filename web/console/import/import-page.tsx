import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { Counts, ImportView } from '../../../src/registry/sheets/contract.ts'
import { fileFrom, read, send } from '../../shared/api.ts'
import { language, useText } from '../../shared/i18n/text.ts'
import { asRefusal, useAct } from '../../shared/loading.ts'
import { saveFile } from '../../shared/save-file.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Refused, Skeleton, Trouble } from '../../shared/ui/states.tsx'
import { ConsolePage } from '../page.tsx'
import './import.css'
import { Mapping } from './mapping.tsx'
import { Problems } from './problems.tsx'
import { figures, stateLooks, stateNames } from './words.ts'

const MOVING_MS = 1_000
const moving = new Set<ImportView['state']>(['reading', 'checking', 'running'])

/** One roster on its way: its columns, what the dry run found, the run, and what came of it. */
export function ImportPage() {
  const t = useText()
  const { id } = useParams({ from: '/import/$id' })
  const found = useQuery({
    queryKey: ['import', id, language()],
    queryFn: () => read<ImportView>(`/registry/imports/${id}`),
    refetchInterval: (query) => (query.state.data && moving.has(query.state.data.state) ? MOVING_MS : false),
  })
  if (!found.data)
    return (
      <ConsolePage title={t('sheets.title')}>
        {found.error ? (
          <Trouble error={asRefusal(found.error)} retry={() => void found.refetch()} />
        ) : (
          <Skeleton lines={6} />
        )}
      </ConsolePage>
    )
  const view = found.data
  return (
    <ConsolePage
      title={view.fileName}
      side={<span className={`tag tag-${stateLooks[view.state]}`}>{t(stateNames[view.state])}</span>}
    >
      <p className="soft">
        <Link to="/import">{t('sheets.title')}</Link> · {view.areaName} · {view.byName}
      </p>
      <Stage of={view} changed={() => void found.refetch()} />
    </ConsolePage>
  )
}

interface StageProps {
  of: ImportView
  changed: () => void
}

function Stage({ of: view, changed }: StageProps) {
  const t = useText()
  switch (view.state) {
    case 'reading':
      return (
        <section className="card stack" aria-busy="true">
          <p role="status">{t('sheets.reading')}</p>
          <Skeleton lines={4} />
        </section>
      )
    case 'mapping':
      return <Mapping of={view} changed={changed} />
    case 'checking':
    case 'running':
    case 'paused':
      return <Under of={view} changed={changed} />
    case 'checked':
      return <Checked of={view} changed={changed} />
    case 'done':
      return <Done of={view} />
    case 'failed':
      return <Failed of={view} changed={changed} />
    default:
      return (
        <section className="card stack">
          <p>{t(view.taken ? 'sheets.cancelledPartly' : 'sheets.cancelled')}</p>
          {view.taken && <Figures of={view.taken} />}
          <Back />
        </section>
      )
  }
}

const Back = () => {
  const t = useText()
  return (
    <div>
      <Link className="button button-quiet" to="/import">
        {t('sheets.another')}
      </Link>
    </div>
  )
}

function Figures({ of }: { of: Counts }) {
  const t = useText()
  const shown = figures.filter(({ code, always }) => always || of[code] > 0)
  return (
    <dl className="import-figures">
      {shown.map(({ code, name }) => (
        <div key={code} className={`import-figure-${code}`}>
          <dt>{t(name)}</dt>
          <dd>{of[code].toLocaleString()}</dd>
        </div>
      ))}
    </dl>
  )
}

type ActName = 'run' | 'pause' | 'resume' | 'cancel' | 'remap'
function useTurn({ of: view, changed }: StageProps) {
  const act = useAct((name: ActName, key) =>
    send<ImportView>(`/registry/imports/${view.id}/acts`, { body: { act: name }, key }),
  )
  const turn = async (name: ActName) => {
    await act.run(name)
    changed()
  }
  return { act, turn }
}

/** While it works, and while it rests. */
function Under({ of: view, changed }: StageProps) {
  const t = useText()
  const { act, turn } = useTurn({ of: view, changed })
  const isRun = view.state !== 'checking'
  const total = isRun ? view.rowsTotal : null
  const counts = isRun ? view.taken : view.checked
  return (
    <section className="card stack" aria-live="polite">
      <p role="status">
        {t(
          view.state === 'checking' ? 'sheets.checking' : view.state === 'paused' ? 'sheets.paused' : 'sheets.running',
          {
            done: view.rowsDone.toLocaleString(),
            total: total === null ? '…' : total.toLocaleString(),
          },
        )}
      </p>
      <progress
        className="import-progress"
        aria-label={t('sheets.progress')}
        {...(total === null ? {} : { max: total, value: view.rowsDone })}
      />
      {counts && counts.rows > 0 && <Figures of={counts} />}
      <p className="soft small">{t('sheets.mayLeave')}</p>
      <Refused error={act.error} />
      <div className="row">
        {view.state === 'running' && (
          <Button busy={act.busy} onClick={() => void turn('pause')}>
            {t('sheets.pause')}
          </Button>
        )}
        {view.state === 'paused' && (
          <Button kind="primary" busy={act.busy} onClick={() => void turn('resume')}>
            {t('sheets.resume')}
          </Button>
        )}
        <Button kind="plain" busy={act.busy} onClick={() => void turn('cancel')}>
          {t('sheets.cancel')}
        </Button>
      </div>
    </section>
  )
}

function useMarked(view: ImportView) {
  const t = useText()
  const mark = useAct(() => fileFrom(`/registry/imports/${view.id}/marked`))
  const download = async () => {
    const blob = await mark.run(undefined)
    const name = view.fileName.replace(/\.\w+$/, '')
    if (blob) saveFile(`${name}-${t('sheets.markedName')}.xlsx`, blob, blob.type)
  }
  return { mark, download }
}

/** What the dry run found: nothing is written yet. */
function Checked({ of: view, changed }: StageProps) {
  const t = useText()
  const { act, turn } = useTurn({ of: view, changed })
  const { mark, download } = useMarked(view)
  const counts = view.checked!
  const wrong = counts.refused + counts.conflict
  const good = counts.rows - wrong - counts.repeated
  return (
    <>
      <section className="card stack">
        <p className="strong">{t('sheets.checked')}</p>
        <Figures of={counts} />
        {counts.coarse > 0 && (
          <p className="soft small">{t('sheets.coarse', { count: counts.coarse, place: view.areaName })}</p>
        )}
        <Refused error={act.error ?? mark.error} />
        <div className="row">
          {good > 0 && (
            <Button kind="primary" busy={act.busy} onClick={() => void turn('run')}>
              {t(wrong > 0 ? 'sheets.runGood' : 'sheets.run', { count: good.toLocaleString() })}
            </Button>
          )}
          {wrong > 0 && (
            <Button icon="download" busy={mark.busy} onClick={() => void download()}>
              {t('sheets.marked', { count: wrong.toLocaleString() })}
            </Button>
          )}
          <Button kind="plain" busy={act.busy} onClick={() => void turn('remap')}>
            {t('sheets.remap')}
          </Button>
          <Button kind="plain" busy={act.busy} onClick={() => void turn('cancel')}>
            {t('sheets.cancel')}
          </Button>
        </div>
        {wrong > 0 && <p className="soft small">{t('sheets.mendLater')}</p>}
      </section>
      {wrong > 0 && <Problems id={view.id} count={wrong} />}
    </>
  )
}

function Done({ of: view }: { of: ImportView }) {
  const t = useText()
  const { mark, download } = useMarked(view)
  const counts = view.taken!
  const wrong = counts.refused + counts.conflict
  return (
    <>
      <section className="card stack">
        <div className="banner banner-good" role="status">
          <Icon name="check" />
          <div>
            {t('sheets.done', { fresh: counts.fresh.toLocaleString(), changed: counts.changed, known: counts.known })}
          </div>
        </div>
        <Figures of={counts} />
        <p className="small mono import-hash">{t('setup.hash', { sha256: view.sha256 })}</p>
        <Refused error={mark.error} />
        <div className="row">
          {wrong > 0 && view.fileKept && (
            <Button kind="primary" icon="download" busy={mark.busy} onClick={() => void download()}>
              {t('sheets.marked', { count: wrong.toLocaleString() })}
            </Button>
          )}
          <Link className="button button-quiet" to="/import">
            {t('sheets.another')}
          </Link>
        </div>
        {wrong > 0 && <p>{t(view.fileKept ? 'sheets.doneMend' : 'sheets.gone')}</p>}
      </section>
      {wrong > 0 && view.fileKept && <Problems id={view.id} count={wrong} />}
    </>
  )
}

function Failed({ of: view, changed }: StageProps) {
  const t = useText()
  const { act, turn } = useTurn({ of: view, changed })
  const begun = view.taken !== null
  return (
    <section className="card stack">
      <div className="banner banner-wrong" role="alert">
        <Icon name="warning" />
        <div>{view.trouble}</div>
      </div>
      {begun && <p>{t('sheets.failedPartly', { done: view.rowsDone.toLocaleString() })}</p>}
      <Refused error={act.error} />
      <div className="row">
        {view.fileKept && begun && (
          <Button kind="primary" busy={act.busy} onClick={() => void turn('resume')}>
            {t('sheets.resume')}
          </Button>
        )}
        {view.fileKept && !begun && view.sheets.length > 0 && (
          <Button kind="primary" busy={act.busy} onClick={() => void turn('remap')}>
            {t('sheets.remap')}
          </Button>
        )}
        <Link className="button button-quiet" to="/import">
          {t('sheets.another')}
        </Link>
      </div>
    </section>
  )
}
