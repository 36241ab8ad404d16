import type { SearchWays } from '../../shared/registry/search-box.tsx'

/** What is found, at the desk's own pages. */
export const deskWays: SearchWays = {
  person: (id) => `/console/registry/people/${id}`,
  building: (id) => `/console/registry/buildings/${id}`,
  premises: (id) => `/console/registry/premises/${id}`,
  organisation: (id) => `/console/registry/organisations/${id}`,
}
