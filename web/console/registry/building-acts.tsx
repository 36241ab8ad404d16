import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { BuildingView, PremisesView } from '../../../src/registry/addresses/contract.ts'
import type { Boundaries } from '../../../src/grid/areas/contract.ts'
import type { RegistryTerms } from '../../../src/registry/terms/contract.ts'
import { read, send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { choicesOf } from '../../shared/registry/words.ts'
import { CheckField, SelectField, TextField } from '../../shared/ui/field.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { SchematicMap } from '../places/schematic-map.tsx'
import { ActForm, ActSheet, ReasonField, useDraft } from './act-sheet.tsx'
import { PlacePicker, useIsLeaf } from './place-picker.tsx'
import { useRegistryTerms } from './use-terms.ts'

interface BuildingDraft {
  kind: string
  estate: string
  street: string
  houseNumber: string
  name: string
  floors: string
  longitude: string
  latitude: string
}
const noBuilding: BuildingDraft = {
  kind: 'villageHouse',
  estate: '',
  street: '',
  houseNumber: '',
  name: '',
  floors: '',
  longitude: '',
  latitude: '',
}

const draftOf = ({ kind, estate, street, houseNumber, name, floors, position }: BuildingView): BuildingDraft => ({
  kind,
  estate,
  street,
  houseNumber,
  name,
  floors: floors === null ? '' : String(floors),
  longitude: position === null ? '' : String(position.longitude),
  latitude: position === null ? '' : String(position.latitude),
})

/** What the form says, as it is sent: an empty number is none. */
const sentOf = ({ floors, longitude, latitude, ...words }: BuildingDraft) => ({
  ...words,
  floors: floors === '' ? null : Number(floors),
  position: longitude === '' || latitude === '' ? null : { longitude: Number(longitude), latitude: Number(latitude) },
})

interface Editing {
  draft: BuildingDraft
  change: (part: Partial<BuildingDraft>) => void
}

function BuildingFields({ draft, change, areaPath }: Editing & { areaPath: string | undefined }) {
  const t = useText()
  return (
    <>
      <SelectField
        label={t('registry.kind')}
        value={draft.kind}
        onChange={(kind) => change({ kind })}
        choices={choicesOf(t, 'building')}
      />
      <p className="soft small">{t('homes.addressHint')}</p>
      <div className="field-pair">
        <TextField
          label={t('homes.estate')}
          optional
          value={draft.estate}
          onChange={(estate) => change({ estate })}
          maxLength={60}
        />
        <TextField
          label={t('homes.street')}
          optional
          value={draft.street}
          onChange={(street) => change({ street })}
          maxLength={60}
        />
        <TextField
          label={t('homes.houseNumber')}
          optional
          value={draft.houseNumber}
          onChange={(houseNumber) => change({ houseNumber })}
          maxLength={60}
        />
        <TextField
          label={t('homes.block')}
          optional
          value={draft.name}
          onChange={(name) => change({ name })}
          maxLength={60}
        />
        <TextField
          label={t('registry.floors')}
          optional
          type="number"
          inputMode="numeric"
          min={1}
          max={200}
          value={draft.floors}
          onChange={(floors) => change({ floors })}
        />
      </div>
      <PositionFields draft={draft} change={change} areaPath={areaPath} />
    </>
  )
}

/** Where it stands: pointed at on the outline of its place, or typed. */
function PositionFields({ draft, change, areaPath }: Editing & { areaPath: string | undefined }) {
  const t = useText()
  const ground = useQuery({
    queryKey: ['outline', areaPath],
    enabled: areaPath !== undefined,
    queryFn: () => read<Boundaries>(`/grid/outline?path=${encodeURIComponent(areaPath ?? '')}`),
  }).data
  const [lng, lat] = [Number(draft.longitude), Number(draft.latitude)]
  const point = draft.longitude !== '' && draft.latitude !== '' ? { lng, lat } : null
  return (
    <details className="stack-s">
      <summary>{t('homes.position')}</summary>
      {ground && ground.features.length > 0 && (
        <>
          <p className="soft small">{t('homes.positionHint')}</p>
          <SchematicMap
            features={ground.features}
            here={areaPath}
            label={t('homes.position')}
            point={point}
            ask={(at) => change({ longitude: at.lng.toFixed(6), latitude: at.lat.toFixed(6) })}
          />
        </>
      )}
      <div className="field-pair">
        {(['longitude', 'latitude'] as const).map((name) => (
          <TextField
            key={name}
            label={t(name === 'longitude' ? 'homes.longitude' : 'homes.latitude')}
            optional
            type="number"
            step="0.000001"
            inputMode="decimal"
            value={draft[name]}
            onChange={(value) => change({ [name]: value })}
          />
        ))}
      </div>
    </details>
  )
}

/** A new building; a house of one family is its own one home, so both are written down at once. */
export function RegisterBuilding({ terms, area }: { terms: RegistryTerms; area: string | undefined }) {
  const t = useText()
  return (
    <ActSheet label={t('homes.registerBuilding')} icon="plus">
      {() => <Registering terms={terms} begin={area} />}
    </ActSheet>
  )
}

function Registering({ terms, begin }: { terms: RegistryTerms; begin: string | undefined }) {
  const t = useText()
  const navigate = useNavigate()
  const [draft, change] = useDraft({
    ...noBuilding,
    area: begin ?? (terms.places.length === 1 ? terms.places[0]?.areaPath : undefined),
    oneHome: true,
  })
  const isLeaf = useIsLeaf(draft.area)
  const one = draft.oneHome && draft.kind !== 'estateBlock'
  const act = useAct(async ({ home, ...body }: Record<string, unknown> & { home: boolean }, key: string) => {
    const building = await send<BuildingView>('/registry/buildings', { body, key })
    if (!home) return { building: building.id, premises: undefined }
    const inside = { buildingId: building.id, use: 'ownerOccupied', source: 'counter' }
    const premises = await send<PremisesView>('/registry/premises', { body: inside, key: `${key}-home` })
    return { building: building.id, premises: premises.id }
  })
  const save = async () => {
    const { area, oneHome: _oneHome, ...fields } = draft
    const made = await act.run({ home: one, ...sentOf(fields), areaPath: area, source: 'counter' })
    if (!made) return
    say(t('homes.buildingMade'))
    if (made.premises) void navigate({ to: '/registry/premises/$id', params: { id: made.premises } })
    else void navigate({ to: '/registry/buildings/$id', params: { id: made.building } })
  }
  return (
    <ActForm act={act} submit={t('registry.register')} run={save} ready={isLeaf === true}>
      <p className="soft small">{t('homes.whichPlace')}</p>
      <PlacePicker terms={terms} area={draft.area} choose={(area) => change({ area })} />
      {isLeaf === false && <p className="banner banner-warn">{t('homes.chooseLeaf')}</p>}
      <BuildingFields draft={draft} change={change} areaPath={draft.area} />
      {draft.kind !== 'estateBlock' && (
        <CheckField label={t('homes.oneHome')} checked={draft.oneHome} onChange={(oneHome) => change({ oneHome })} />
      )}
    </ActForm>
  )
}

interface Acting {
  of: BuildingView
  saved: (next: BuildingView) => void
}

/** What may be done with a building: a home more, what is wrong put right, another place, and its end. */
export function BuildingActs({ of, saved }: Acting) {
  const t = useText()
  const then = (close: () => void) => (next: BuildingView) => {
    close()
    saved(next)
  }
  return (
    <>
      <ActSheet label={t('homes.addPremises')} icon="plus">
        {(close) => <AddPremises of={of} done={() => then(close)(of)} />}
      </ActSheet>
      <ActSheet label={t('registry.correct')} title={t('homes.correctBuilding')}>
        {(close) => <Correcting of={of} saved={then(close)} />}
      </ActSheet>
      <ActSheet label={t('homes.moveBuilding')}>{(close) => <Moving of={of} saved={then(close)} />}</ActSheet>
      <ActSheet label={t('homes.close')} title={t('homes.closeBuilding')} kind="plain">
        {(close) => <Closing of={of} saved={then(close)} />}
      </ActSheet>
    </>
  )
}

function Correcting({ of, saved }: Acting) {
  const t = useText()
  const [draft, change] = useDraft({ ...draftOf(of), reason: '' })
  const act = useAct((body: object, key) =>
    send<BuildingView>(`/registry/buildings/${of.id}/corrections`, { body, key }),
  )
  const save = async () => {
    const { reason, ...fields } = draft
    const next = await act.run({ ...sentOf(fields), version: of.version, reason })
    if (!next) return
    say(t('registry.corrected'))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('act.save')} run={save}>
      <BuildingFields draft={draft} change={change} areaPath={of.areaPath} />
      {of.premises > 0 && <p className="soft small">{t('homes.flatsFollow', { count: of.premises })}</p>}
      <ReasonField value={draft.reason} onChange={(reason) => change({ reason })} />
    </ActForm>
  )
}

/** Into another micro-grid, with everybody in it: the line between two was drawn elsewhere than the house stands. */
function Moving({ of, saved }: Acting) {
  const t = useText()
  const terms = useRegistryTerms().data
  const [draft, change] = useDraft<{ area: string | undefined; reason: string }>({ area: undefined, reason: '' })
  const act = useAct((body: object, key) => send<BuildingView>(`/registry/buildings/${of.id}/move`, { body, key }))
  const save = async () => {
    const next = await act.run({ areaPath: draft.area, version: of.version, reason: draft.reason })
    if (!next) return
    say(t('homes.moved', { name: next.areaName }))
    saved(next)
  }
  const isLeaf = useIsLeaf(draft.area)
  const ready = isLeaf === true && draft.area !== of.areaPath
  return (
    <ActForm act={act} submit={t('homes.moveBuilding')} run={save} ready={ready}>
      <p className="soft">{t('homes.moveNote', { name: of.areaName })}</p>
      {terms && (
        <PlacePicker
          terms={terms}
          area={draft.area ?? of.areaPath.split('/').slice(0, -1).join('/')}
          choose={(area) => change({ area })}
        />
      )}
      {isLeaf === false && <p className="banner banner-warn">{t('homes.chooseLeaf')}</p>}
      <ReasonField value={draft.reason} onChange={(reason) => change({ reason })} hint={t('homes.moveReason')} />
    </ActForm>
  )
}

function Closing({ of, saved }: Acting) {
  const t = useText()
  const [draft, change] = useDraft({ reason: '' })
  const act = useAct((body: object, key) => send<BuildingView>(`/registry/buildings/${of.id}/close`, { body, key }))
  const save = async () => {
    const next = await act.run({ version: of.version, reason: draft.reason })
    if (!next) return
    say(t('homes.closed'))
    saved(next)
  }
  return (
    <ActForm act={act} submit={t('homes.close')} run={save} ready={of.premises === 0}>
      <p className="soft">{t(of.premises === 0 ? 'homes.closeNote' : 'homes.closeFull', { count: of.premises })}</p>
      <ReasonField value={draft.reason} onChange={(reason) => change({ reason })} hint={t('homes.closeReason')} />
    </ActForm>
  )
}

/** One home more in the building. */
function AddPremises({ of, done }: { of: BuildingView; done: () => void }) {
  const t = useText()
  const [draft, change] = useDraft({ unit: '', room: '', use: 'ownerOccupied' })
  const act = useAct((body: object, key) => send<PremisesView>('/registry/premises', { body, key }))
  const save = async () => {
    const made = await act.run({ buildingId: of.id, ...draft, source: 'counter' })
    if (!made) return
    say(t('homes.premisesMade', { address: made.address }))
    done()
  }
  return (
    <ActForm act={act} submit={t('registry.register')} run={save}>
      <p className="soft small">{t('homes.premisesHint')}</p>
      <div className="field-pair">
        <TextField
          label={t('homes.unit')}
          optional
          value={draft.unit}
          onChange={(unit) => change({ unit })}
          maxLength={20}
        />
        <TextField
          label={t('homes.room')}
          optional
          value={draft.room}
          onChange={(room) => change({ room })}
          maxLength={20}
        />
      </div>
      <SelectField
        label={t('registry.use')}
        value={draft.use}
        onChange={(use) => change({ use })}
        choices={choicesOf(t, 'use')}
      />
    </ActForm>
  )
}
