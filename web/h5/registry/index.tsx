import type { RegistryTerms } from '../../../src/registry/terms/contract.ts'
import { BuildingDoorsPage } from './building.tsx'
import { BuildingsPage } from './buildings.tsx'
import { DoorPage } from './door.tsx'
import { DoorPersonPage } from './person.tsx'

/** The pages under /h5/doors: building, floor, door, person. */
export function DoorsSection({ pathname, terms }: { pathname: string; terms: RegistryTerms }) {
  const [, kind, id] = /^\/h5\/doors\/(buildings|people|at)\/([0-9a-f-]{36})$/.exec(pathname) ?? []
  if (id && kind === 'buildings') return <BuildingDoorsPage id={id} key={id} />
  if (id && kind === 'people') return <DoorPersonPage id={id} key={id} />
  if (id && kind === 'at') return <DoorPage id={id} key={id} />
  return <BuildingsPage terms={terms} />
}
