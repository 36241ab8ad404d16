import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { DutySettings, SetDiaryKinds, SetDutyPhones } from '../../../src/duty/settings/contract.ts'
import { send } from '../../shared/api.ts'
import { countyName, currentCounty } from '../../shared/county.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { placesUnder } from '../../shared/report/places.ts'
import { Button } from '../../shared/ui/button.tsx'
import { SelectField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import './duty-settings.css'

const KINDS_MAX = 20
const YEAR = 365

/** What the county sets for its people on duty: the kinds of diary entries, how long words are kept, and who answers the phone. */
export function DutySettingsPage() {
  const t = useText()
  const loaded = useRead<DutySettings>('/duty/settings')
  return (
    <div className="stack">
      <p className="soft">{t('dutySet.lead')}</p>
      <Shown of={loaded} waiting={<Skeleton lines={6} cards={2} />}>
        {(now) => (
          <>
            <Kinds key={`d${now.diary.version}`} now={now} saved={loaded.replace} />
            <Phones key={`p${now.phones.version}`} now={now} saved={loaded.replace} />
          </>
        )}
      </Shown>
    </div>
  )
}

interface Setting {
  now: DutySettings
  saved: (next: DutySettings) => void
}
type Kind = SetDiaryKinds['kinds'][number]

function Kinds({ now, saved }: Setting) {
  const t = useText()
  const [kinds, setKinds] = useState<readonly Kind[]>(now.diary.kinds)
  const [days, setDays] = useState(String(now.diary.keepDays))
  const act = useAct((body: SetDiaryKinds, key) =>
    send<DutySettings>('/duty/settings/diary', { method: 'PUT', body, key }),
  )
  const change = (at: number, part: Partial<Kind>) =>
    setKinds(kinds.map((kind, place) => (place === at ? { ...kind, ...part } : kind)))
  const add = () => setKinds([...kinds, { code: null, zh: '', en: '', category: now.categories[0]?.code ?? '' }])
  const isShorter = Number(days) < now.diary.keepDays
  return (
    <form
      className="card stack"
      aria-label={t('dutySet.kinds')}
      onSubmit={async (event) => {
        event.preventDefault()
        const next = await act.run({ kinds: [...kinds], keepDays: Number(days), version: now.diary.version })
        if (!next) return
        say(t('setup.saved'))
        saved(next)
      }}
    >
      <h2>{t('dutySet.kinds')}</h2>
      <p className="soft small">{t('dutySet.kindsLead')}</p>
      {kinds.map((kind, at) => (
        <div className="duty-set-line" key={`${kind.code ?? 'new'}${at}`}>
          <TextField
            label={t('dutySet.zh')}
            value={kind.zh}
            onChange={(zh) => change(at, { zh })}
            required
            maxLength={12}
          />
          <TextField
            label={t('dutySet.en')}
            value={kind.en}
            onChange={(en) => change(at, { en })}
            required
            maxLength={40}
          />
          <SelectField
            label={t('dutySet.category')}
            value={kind.category}
            onChange={(category) => change(at, { category })}
            choices={now.categories.map(({ code, name }) => ({ value: code, label: name }))}
          />
          <Button
            kind="plain"
            disabled={kinds.length === 1}
            onClick={() => setKinds(kinds.filter((_, place) => place !== at))}
          >
            {t('dutySet.takeOut')}
            <span className="only-read-aloud"> {kind.zh}</span>
          </Button>
        </div>
      ))}
      <div>
        <Button kind="quiet" icon="plus" disabled={kinds.length >= KINDS_MAX} onClick={add}>
          {t('dutySet.addKind')}
        </Button>
      </div>
      <TextField
        label={t('dutySet.keepDays')}
        hint={t('dutySet.keepHint', { years: (Number(days) / YEAR || 0).toFixed(1) })}
        type="number"
        min={180}
        max={3650}
        required
        value={days}
        onChange={setDays}
      />
      {isShorter && <p className="banner banner-warn">{t('dutySet.shorter')}</p>}
      <Refused error={act.error} />
      <div>
        <Button type="submit" kind="primary" busy={act.busy}>
          {t('act.save')}
        </Button>
      </div>
    </form>
  )
}

function Phones({ now, saved }: Setting) {
  const t = useText()
  const [phone, setPhone] = useState('')
  const [place, setPlace] = useState<string | null>(null)
  const act = useAct((body: SetDutyPhones, key) =>
    send<DutySettings>('/duty/settings/phones', { method: 'PUT', body, key }),
  )
  const { items, version } = now.phones
  const put = async (next: SetDutyPhones['phones']) => {
    const answer = await act.run({ phones: next, version })
    if (!answer) return
    say(t('setup.saved'))
    saved(answer)
  }
  const plain = items.map(({ areaPath, phone: number }) => ({ areaPath, phone: number }))
  return (
    <form
      className="card stack"
      aria-label={t('dutySet.phones')}
      onSubmit={async (event) => {
        event.preventDefault()
        if (place) await put([...plain.filter(({ areaPath }) => areaPath !== place), { areaPath: place, phone }])
      }}
    >
      <h2>{t('dutySet.phones')}</h2>
      <p className="soft small">{t('dutySet.phonesLead')}</p>
      {items.length === 0 && <p className="soft">{t('dutySet.noPhones')}</p>}
      <ul className="stack-s">
        {items.map(({ areaPath, areaName, phone: number }) => (
          <li className="spread" key={areaPath}>
            <span>
              {areaName} <span className="mono strong">{number}</span>
            </span>
            <Button
              kind="plain"
              busy={act.busy}
              onClick={() => void put(plain.filter((one) => one.areaPath !== areaPath))}
            >
              {t('dutySet.removePhone')}
              <span className="only-read-aloud"> {areaName}</span>
            </Button>
          </li>
        ))}
      </ul>
      <div className="duty-set-line">
        <PlaceChoice chosen={setPlace} />
        <TextField
          label={t('dutySet.phone')}
          type="tel"
          value={phone}
          onChange={setPhone}
          pattern="[0-9+\(\) \-]{3,24}"
          maxLength={24}
        />
        <Button type="submit" kind="primary" busy={act.busy} disabled={!place || phone.trim() === ''}>
          {t('dutySet.setPhone')}
        </Button>
      </div>
      <Refused error={act.error} />
    </form>
  )
}

/** What lies right below a place; the county's towns for null, nothing for undefined. */
const usePlaces = (parent: string | null | undefined) =>
  useQuery({
    queryKey: ['places', parent],
    enabled: parent !== undefined,
    queryFn: () => placesUnder(parent ?? null),
  }).data?.items ?? []

/** The county, one of its towns, or a village of the town. */
function PlaceChoice({ chosen }: { chosen: (path: string | null) => void }) {
  const t = useText()
  const [town, setTown] = useState('')
  const [village, setVillage] = useState('')
  const towns = usePlaces(null)
  const county = currentCounty() ?? ''
  const villages = usePlaces(town === '' || town === county ? undefined : town)
  const options = (places: ReturnType<typeof usePlaces>) =>
    places.map(({ path, name }) => ({ value: path, label: name }))
  return (
    <>
      <SelectField
        label={t('dutySet.town')}
        value={town}
        empty={t('form.choose')}
        choices={[{ value: county, label: countyName() }, ...options(towns)]}
        onChange={(path) => {
          setTown(path)
          setVillage('')
          chosen(path || null)
        }}
      />
      <SelectField
        label={t('dutySet.village')}
        value={village}
        empty={t('dutySet.wholeTown')}
        choices={options(villages)}
        onChange={(path) => {
          setVillage(path)
          chosen(path || town || null)
        }}
      />
    </>
  )
}
