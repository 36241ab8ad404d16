import { useState } from 'react'
import { useText } from '../i18n/text.ts'
import { asRefusal } from '../loading.ts'
import type { Refusal } from '../api.ts'
import { AreaLine } from '../matter/area-line.tsx'
import { Button } from '../ui/button.tsx'
import { ChoiceField, TextField } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { Refused } from '../ui/states.tsx'
import type { Place } from './draft.ts'
import type { KnownPlace } from '../offline/take-along.ts'
import { knownPlaces, rememberPlaces } from '../offline/take-along.ts'
import { isReachable } from '../reach.ts'
import type { Located } from './places.ts'
import { phonePosition } from '../position/index.ts'
import { certainMetres, locate } from './places.ts'
import { NamesPicker } from './names-picker.tsx'

interface Placing {
  place: Place | null
  onChange: (place: Place | null) => void
  address: string
  onAddress: (address: string) => void
  wrong: string | undefined
}

/** Where it is: by the phone's position, by the choice among what is near, or by names. No map is needed. */
export function PlaceField({ place, onChange: tell, address, onAddress, wrong }: Placing) {
  const t = useText()
  const [mode, setMode] = useState<'start' | 'locating' | 'names'>('start')
  const [asked, setAsked] = useState<Exclude<Located, { kind: 'found' }> | null>(null)
  const [refused, setRefused] = useState(false)
  const [error, setError] = useState<Refusal>()
  const onChange = (next: Place | null) => {
    tell(next)
    const fullName = next?.names[0]
    if (next?.areaPath && fullName) void rememberPlaces([{ path: next.areaPath, fullName }], 'recent')
  }
  const findMe = async () => {
    setMode('locating')
    setRefused(false)
    setError(undefined)
    try {
      const position = await phonePosition()
      if (!position) {
        setRefused(true)
        if (!isReachable()) setAsked({ kind: 'offline', position: undefined, places: await knownPlaces() })
        return
      }
      const located = await locate(position)
      if (located.kind === 'found') return onChange(located.place)
      setAsked(located)
    } catch (caught) {
      setError(asRefusal(caught))
    } finally {
      setMode('start')
    }
  }
  const again = () => {
    onChange(null)
    setAsked(null)
  }
  const position = asked?.position
  return (
    <section className="stack" aria-label={t('place.title')}>
      <h2>{t('place.title')}</h2>
      {place ? (
        <ChosenPlace place={place} again={again} />
      ) : (
        <>
          <div className="row">
            <Button kind="quiet" icon="place" busy={mode === 'locating'} onClick={() => void findMe()}>
              {mode === 'locating' ? t('place.locating') : t('place.here')}
            </Button>
            <Button kind="plain" onClick={() => setMode('names')}>
              {t('place.byName')}
            </Button>
          </div>
          {refused && (
            <p className="banner banner-warn" role="alert">
              {t('place.noPosition')}
            </p>
          )}
          {asked?.kind === 'outside' && (
            <p className="banner banner-warn" role="alert">
              {t('place.outside')}
            </p>
          )}
          {asked?.kind === 'ask' && mode !== 'names' && (
            <ChoiceField
              label={t('place.which')}
              hint={t('place.whichHint', { metres: Math.round(asked.position.accuracyMetres ?? certainMetres) })}
              list
              value=""
              onChange={(path) => {
                const found = asked.candidates.find((candidate) => candidate.path === path)
                if (found) onChange({ position: asked.position, areaPath: path, names: [found.fullName] })
              }}
              choices={asked.candidates.map((one) => ({
                value: one.path,
                label: one.fullName,
                note: t('place.away', { metres: one.distanceMetres }),
              }))}
            />
          )}
          {asked?.kind === 'offline' && mode !== 'names' && (
            <OfflinePlaces position={asked.position} places={asked.places} onChange={onChange} />
          )}
          {mode === 'names' && (
            <NamesPicker
              onChosen={(areaPath, names) => onChange({ ...(position ? { position } : {}), areaPath, names })}
            />
          )}
          <Refused error={error} />
          {wrong && (
            <p className="banner banner-wrong" role="alert">
              <Icon name="warning" />
              {wrong}
            </p>
          )}
        </>
      )}
      <TextField
        label={t('place.address')}
        hint={t('place.addressHint')}
        optional
        value={address}
        onChange={onAddress}
        maxLength={200}
      />
    </section>
  )
}

/** No network: the places used lately and those that one answers for; the position goes along as it is. */
function OfflinePlaces({
  position,
  places,
  onChange,
}: {
  position: Place['position']
  places: readonly KnownPlace[]
  onChange: (place: Place) => void
}) {
  const t = useText()
  if (places.length === 0) return <p className="banner banner-warn">{t('place.offlineNone')}</p>
  const accuracy = position && t('place.accuracy', { metres: position.accuracyMetres ?? certainMetres })
  return (
    <ChoiceField
      label={t('place.offline')}
      hint={accuracy ? `${t('place.offlineHint')} · ${accuracy}` : undefined}
      list
      value=""
      onChange={(areaPath) => {
        const found = places.find(({ path }) => path === areaPath)
        if (found) onChange({ ...(position ? { position } : {}), areaPath, names: [found.fullName] })
      }}
      choices={places.map(({ path, fullName }) => ({ value: path, label: fullName }))}
    />
  )
}

function ChosenPlace({ place, again }: { place: Place; again: () => void }) {
  const t = useText()
  const accuracy = place.position?.accuracyMetres
  return (
    <div className="card place">
      <span className="pin">
        <Icon name="place" />
      </span>
      <div className="grow">
        <div className="strong">
          <AreaLine names={place.names} />
        </div>
        {accuracy !== undefined && <div className="faint small">{t('place.accuracy', { metres: accuracy })}</div>}
      </div>
      <Button kind="plain" small onClick={again}>
        {t('place.change')}
      </Button>
    </div>
  )
}
