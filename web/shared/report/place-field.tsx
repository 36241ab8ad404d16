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
import type { Located } from './places.ts'
import { certainMetres, locate, phonePosition } from './places.ts'
import { NamesPicker } from './names-picker.tsx'

interface Placing {
  place: Place | null
  onChange: (place: Place | null) => void
  address: string
  onAddress: (address: string) => void
  wrong: string | undefined
}

/** Where it is: by the phone's position, by the choice among what is near, or by names. No map is needed. */
export function PlaceField({ place, onChange, address, onAddress, wrong }: Placing) {
  const t = useText()
  const [mode, setMode] = useState<'start' | 'locating' | 'names'>('start')
  const [asked, setAsked] = useState<Exclude<Located, { kind: 'found' }> | null>(null)
  const [refused, setRefused] = useState(false)
  const [error, setError] = useState<Refusal>()
  const findMe = async () => {
    setMode('locating')
    setRefused(false)
    setError(undefined)
    try {
      const position = await phonePosition()
      if (!position) return setRefused(true)
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
        {accuracy !== undefined && !place.areaPath && (
          <div className="faint small">{t('place.accuracy', { metres: accuracy })}</div>
        )}
      </div>
      <Button kind="plain" small onClick={again}>
        {t('place.change')}
      </Button>
    </div>
  )
}
