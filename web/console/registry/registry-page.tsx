import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ExportRoster } from '../../../src/registry/sheets/contract.ts'
import type { PlaceFigures, RegistryTerms } from '../../../src/registry/terms/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { SearchBox } from '../../shared/registry/search-box.tsx'
import { choicesOf } from '../../shared/registry/words.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { ExportRosterButton } from '../import/export-button.tsx'
import { ConsolePage } from '../page.tsx'
import { deskWays } from '../search/ways.ts'
import { RegisterBuilding } from './building-acts.tsx'
import { BuildingsList } from './buildings-list.tsx'
import { GroupsList } from './groups-list.tsx'
import { HouseholdsList } from './households-list.tsx'
import { MakeGroup } from './group-acts.tsx'
import { RegisterOrganisation } from './organisation-acts.tsx'
import { OrganisationsList } from './organisations-list.tsx'
import { PeopleList } from './people-list.tsx'
import { PlacePicker } from './place-picker.tsx'
import { registryTabs, type RegistrySearch, type RegistryTab } from './search.ts'
import { useRegistryTerms, useTagList } from './use-terms.ts'
import './registry.css'

const tabNames: Record<RegistryTab, TextKey> = {
  households: 'registry.households',
  people: 'registry.people',
  premises: 'registry.premises',
  organisations: 'registry.organisations',
  groups: 'groups.title',
}
const figureOf: Record<RegistryTab, (figures: PlaceFigures) => number> = {
  households: ({ households }) => households,
  people: ({ residents }) => residents,
  premises: ({ premises }) => premises,
  organisations: ({ organisations }) => organisations,
  groups: ({ chatGroups }) => chatGroups,
}

/** Who lives and works in a place: households, people, homes, organisations. The address says what is shown. */
export function RegistryPage() {
  const t = useText()
  const terms = useRegistryTerms()
  return (
    <Shown of={terms} waiting={<Skeleton lines={6} />}>
      {(known) =>
        known.mayRead ? (
          <Registry terms={known} />
        ) : (
          <ConsolePage title={t('registry.title')}>
            <Empty title={t('registry.notYours')}>{t('registry.notYoursNext')}</Empty>
          </ConsolePage>
        )
      }
    </Shown>
  )
}

function Registry({ terms }: { terms: RegistryTerms }) {
  const t = useText()
  const search = useSearch({ from: '/registry' })
  const navigate = useNavigate({ from: '/registry' })
  const change = (part: Partial<RegistrySearch>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true })
  const at = search.area === undefined ? '' : `?area=${encodeURIComponent(search.area)}`
  return (
    <ConsolePage
      title={t('registry.title')}
      side={
        <>
          {terms.mayImport && (
            <ButtonLink small icon="plus" href="/console/import">
              {t('sheets.title')}
            </ButtonLink>
          )}
          {terms.mayWrite && <New search={search} terms={terms} />}
          {terms.mayExport && search.tab !== 'groups' && <Take search={search} tab={search.tab} />}
          {terms.mayMerge && (
            <ButtonLink small icon="people" href="/console/registry/duplicates">
              {t('twice.title')}
            </ButtonLink>
          )}
          <ButtonLink small icon="list" href={`/console/registry/roster${at}`}>
            {t('registry.printRoster')}
          </ButtonLink>
        </>
      }
    >
      <SearchBox ways={deskWays} begin={search.q ?? ''} />
      <PlacePicker terms={terms} area={search.area} choose={(area) => change({ area })} />
      <Tabs search={search} at={at} change={change} />
      <Filters search={search} change={change} />
      <List search={search} mayWrite={terms.mayWrite} key={search.tab} />
    </ConsolePage>
  )
}

/** What of the list that is shown can be written down new; people and households begin at a door. */
function New({ search, terms }: { search: RegistrySearch; terms: RegistryTerms }) {
  const { tab, area } = search
  if (tab === 'premises') return <RegisterBuilding terms={terms} area={area} />
  if (tab === 'organisations') return <RegisterOrganisation terms={terms} area={area} />
  if (tab === 'groups') return <MakeGroup terms={terms} area={area} />
  return null
}

/** The list that is shown as a sheet, with what narrows it. */
function Take({ search, tab }: { search: RegistrySearch; tab: Exclude<RegistryTab, 'groups'> }) {
  const t = useText()
  const { area } = search
  const registration = choicesOf(t, 'registration').find(
    ({ value }) => tab === 'people' && value === search.registration,
  )
  const use = choicesOf(t, 'use').find(({ value }) => tab === 'premises' && value === search.use)
  const tag = useTagList().find(({ code }) => tab === 'people' && code === search.tag)
  const said = [t(tabNames[tab]), registration?.label, use?.label, tag?.name].filter(Boolean).join(' · ')
  const wanted = {
    list: tab,
    said,
    ...(area ? { area } : {}),
    ...(registration ? { registration: registration.value as NonNullable<ExportRoster['registration']> } : {}),
    ...(use ? { use: use.value as NonNullable<ExportRoster['use']> } : {}),
    ...(tag ? { tag: tag.code } : {}),
  }
  return <ExportRosterButton wanted={wanted} title={t(tabNames[tab])} />
}

function List({ search, mayWrite }: { search: RegistrySearch; mayWrite: boolean }) {
  if (search.tab === 'people') return <PeopleList search={search} />
  if (search.tab === 'households') return <HouseholdsList search={search} />
  if (search.tab === 'organisations') return <OrganisationsList search={search} />
  if (search.tab === 'groups') return <GroupsList search={search} mayWrite={mayWrite} />
  return <BuildingsList search={search} />
}

interface Changing {
  search: RegistrySearch
  change: (part: Partial<RegistrySearch>) => void
}

function Tabs({ search, at, change }: Changing & { at: string }) {
  const t = useText()
  const figures = useRead<PlaceFigures>(`/registry/figures${at}`).data
  const bare = { kind: undefined, use: undefined, registration: undefined, tag: undefined }
  return (
    <nav className="tabs-line" aria-label={t('registry.title')}>
      {registryTabs.map((tab) => (
        <a
          key={tab}
          href={`/console/registry?tab=${tab}${at.replace('?', '&')}`}
          aria-current={tab === search.tab ? 'page' : undefined}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey) return
            event.preventDefault()
            change({ tab, ...bare })
          }}
        >
          {t(tabNames[tab])}
          {figures && <span className="num">{figureOf[tab](figures)}</span>}
        </a>
      ))}
      {figures?.countedAt && (
        <span className="faint small">
          {t('registry.countedAt')} <Time at={figures.countedAt} />
        </span>
      )}
    </nav>
  )
}

/** What the list is narrowed by; each tab has its own. */
function Filters({ search, change }: Changing) {
  const t = useText()
  const tags = useTagList()
  const pick = (name: 'use' | 'registration' | 'kind', label: string, choices: { value: string; label: string }[]) => (
    <select
      className="input"
      aria-label={label}
      value={search[name] ?? ''}
      onChange={(event) => change({ [name]: event.target.value || undefined })}
    >
      <option value="">{label}</option>
      {choices.map(({ value, label: said }) => (
        <option key={value} value={value}>
          {said}
        </option>
      ))}
    </select>
  )
  return (
    <div className="filters registry-filters" role="search" aria-label={t('h5.scopes')}>
      {search.tab === 'premises' && pick('use', t('registry.use'), choicesOf(t, 'use'))}
      {search.tab === 'people' && pick('registration', t('registry.registrationName'), choicesOf(t, 'registration'))}
      {search.tab === 'people' && (
        <select
          className="input"
          aria-label={t('registry.tags')}
          value={search.tag ?? ''}
          onChange={(event) => change({ tag: event.target.value || undefined })}
        >
          <option value="">{t('registry.tags')}</option>
          {tags.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      )}
      {search.tab === 'organisations' && pick('kind', t('registry.kind'), choicesOf(t, 'organisation'))}
      {search.tab === 'groups' && pick('kind', t('registry.kind'), choicesOf(t, 'group'))}
      {search.tab === 'households' && pick('kind', t('registry.kind'), choicesOf(t, 'household'))}
    </div>
  )
}
