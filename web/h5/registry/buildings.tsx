import type { Building } from '../../../src/registry/addresses/contract.ts'
import type { RegistryTerms } from '../../../src/registry/terms/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { usePages } from '../../shared/loading.ts'
import { SearchBox, type SearchWays } from '../../shared/registry/search-box.tsx'
import { go, useAddress } from '../../shared/router.ts'
import { Icon } from '../../shared/ui/icon.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Page } from '../shell.tsx'
import './doors.css'

const ways: SearchWays = {
  person: (id) => `/h5/doors/people/${id}`,
  building: (id) => `/h5/doors/buildings/${id}`,
  premises: (id) => `/h5/doors/at/${id}`,
}

/** The buildings that one looks after, in the order in which one walks them. */
export function BuildingsPage({ terms }: { terms: RegistryTerms }) {
  const t = useText()
  const area = useAddress().searchParams.get('area') ?? ''
  const list = usePages<Building>(`/registry/buildings?limit=50${area ? `&area=${encodeURIComponent(area)}` : ''}`)
  return (
    <Page title={t('doors.title')}>
      <SearchBox ways={ways} />
      {terms.places.length > 1 && (
        <select
          className="input"
          aria-label={t('registry.where')}
          value={area}
          onChange={(event) =>
            go(`/h5/doors${event.target.value ? `?area=${encodeURIComponent(event.target.value)}` : ''}`)
          }
        >
          <option value="">{t('registry.allPlaces')}</option>
          {terms.places.map(({ areaPath, areaName }) => (
            <option key={areaPath} value={areaPath}>
              {areaName}
            </option>
          ))}
        </select>
      )}
      <Shown of={list} waiting={<Skeleton lines={2} cards={5} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('registry.noBuilding')}>{t('registry.emptyNext')}</Empty>
          ) : (
            [...Map.groupBy(items, ({ estate, street }) => estate || street)].map(([name, buildings]) => (
              <section key={name} className="stack-s">
                <h2>{name}</h2>
                <ul className="door-list">
                  {buildings.map((building) => (
                    <li key={building.id}>
                      <a className="door-row" href={`/h5/doors/buildings/${building.id}`}>
                        <Icon name="home" />
                        <span className="grow">
                          <span className="strong">{shortName(building)}</span>
                          <br />
                          <span className="faint small">{building.areaName}</span>
                        </span>
                        <Icon name="forward" />
                      </a>
                    </li>
                  ))}
                </ul>
              </section>
            ))
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </Page>
  )
}

/** Under the estate's or street's own heading the rest of the address is enough. */
const shortName = ({ estate, street, address }: Building): string => {
  const rest = address.replace(street, '').replace(estate, '')
  return rest === '' ? address : rest
}
