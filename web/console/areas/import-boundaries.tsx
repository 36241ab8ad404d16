import { useRef, useState } from 'react'
import type { ImportedBoundaries } from '../../../src/grid/shapes/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused } from '../../shared/ui/states.tsx'

/** Boundaries from a GeoJSON file, for this area and those below: looked through first, then taken whole or not at all. */
export function ImportBoundaries({ under, done }: { under: string; done: () => void }) {
  const t = useText()
  const [file, setFile] = useState<{ name: string; collection: object } | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const [broken, setBroken] = useState(false)
  const [found, setFound] = useState<ImportedBoundaries | null>(null)
  const act = useAct((body: object, key: string) => send<ImportedBoundaries>('/grid/boundaries/import', { body, key }))
  const look = async (chosen: File | undefined) => {
    setFound(null)
    setFile(null)
    setBroken(false)
    if (!chosen) return
    try {
      const parsed = JSON.parse(await chosen.text()) as { features?: { properties?: object; geometry?: object }[] }
      const features = (parsed.features ?? []).map(({ properties, geometry }) => ({
        type: 'Feature',
        properties: properties ?? null,
        geometry,
      }))
      const collection = { type: 'FeatureCollection', features }
      setFile({ name: chosen.name, collection })
      setFound((await act.run({ under, collection, dryRun: true })) ?? null)
    } catch {
      setBroken(true)
    }
  }
  const take = async () => {
    if (!file) return
    const answer = await act.run({ under, collection: file.collection, source: file.name.slice(0, 200) })
    if (!answer) return
    say(t('boundaryFile.done', { drawn: answer.drawn }))
    setFile(null)
    setFound(null)
    done()
  }
  return (
    <section className="card stack">
      <h2>{t('boundaryFile.title')}</h2>
      <p className="soft small">{t('boundaryFile.hint')}</p>
      <input
        ref={input}
        hidden
        type="file"
        accept=".geojson,.json,application/geo+json"
        onChange={(event) => {
          void look(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      <Button small onClick={() => input.current?.click()}>
        {t('boundaryFile.choose')}
      </Button>
      {file && <p className="soft small">{file.name}</p>}
      {broken && <p className="tag tag-overdue">{t('boundaryFile.broken')}</p>}
      <Refused error={act.error} />
      {found && found.problems.length > 0 && (
        <ul className="stack-s" aria-label={t('boundaryFile.problems')}>
          {found.problems.slice(0, 20).map((problem) => (
            <li key={problem.feature}>
              {t('boundaryFile.problem', { feature: problem.feature, name: problem.name, reason: problem.reason })}
            </li>
          ))}
        </ul>
      )}
      {found && found.problems.length === 0 && (
        <>
          <p>{t('boundaryFile.found', { drawn: found.drawn, unchanged: found.unchanged })}</p>
          <Button kind="primary" busy={act.busy} disabled={found.drawn === 0} onClick={() => void take()}>
            {t('boundaryFile.take')}
          </Button>
        </>
      )}
    </section>
  )
}
