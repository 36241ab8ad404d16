import type { App, Room } from '../kernel/app.ts'
import { duplicateHandlers, duplicateRehome, duplicateSweeps } from './duplicates/index.ts'
import { followUpRehome, followUpSweeps } from './follow-up/index.ts'
import { historySweeps } from './history/jobs.ts'
import { registryRehome } from './rehoming/index.ts'
import { registryRoutes } from './routes.ts'
import { sheetSweeps, startImports } from './sheets/index.ts'
import { ownRehome, ownSweeps } from './own/index.ts'
import { segmentRehome } from './segments/index.ts'
import { figureSweeps } from './terms/index.ts'
import { tagSweeps } from './tags/jobs.ts'
import { visitFiles, visitRehome, visitSweeps } from './visits/index.ts'

export { mayAt, rangesOf, requireAt, requireHomeArea, scopeOf, type Ranges } from './access.ts'
export { addressKey, normaliseAddress, plainRoom, plainUnit, premisesSortKey, sortKey } from './addresses/rules.ts'
export {
  addressedBuilding,
  addressedPremises,
  confirmPremises,
  correctPremises,
  registerBuilding,
  registerPremises,
} from './addresses/service.ts'
export { saveBuildings, savePremises, type BuildingStep, type PremisesStep } from './addresses/saving.ts'
export { RecordChanged, RecordUnmasked, sources, type Source } from './contract.ts'
export { fieldGroups, freshMonths, listFieldGroups } from './field-groups.ts'
export { FollowUpDue, FollowUpExtensionAsked } from './follow-up/contract.ts'
export { RegistryForgotten } from './history/contract.ts'
export { saveHouseholds, type HouseholdStep } from './households/saving.ts'
export { addMembers, addToServiceFile, makeHousehold, type ServiceLine } from './households/service.ts'
export { saveOrganisations, type OrganisationStep } from './organisations/saving.ts'
export { registerOrganisation } from './organisations/service.ts'
export { OwnAnswered, OwnAsked, OwnDue } from './own/index.ts'
export { knownPeople, type KnownPerson } from './people/known.ts'
export { pathsOf } from './people/rules.ts'
export { loadPeople, openPerson, savePeople, type PersonState, type PersonStep } from './people/saving.ts'
export {
  addResidence,
  changeState,
  confirmPerson,
  correctPerson,
  endResidence,
  fixPhone,
  registerPerson,
  sealedCitizenId,
  sealedPhone,
  setTags,
} from './people/service.ts'
export { ageOn, dayOf, maskCitizenId, maskPhone, requireName, yearsBefore } from './rules.ts'
export { gaoqiaoFamilies, honglianFamilies } from './seed-estates.ts'
export type { HomePlan } from './seed-families.ts'
export { honglianOrganisations } from './seed-organisations.ts'
export { segmentIds } from './segments/index.ts'
export { seedHomes, seedOrganisations } from './seed.ts'
export { seedGroups } from './seed-groups.ts'
export { seedVisits } from './visits/index.ts'
export { isSensitive, tagName, tags } from './tags/rules.ts'
export { batchLeaf, recordBatch, recordChanges, type RecordChange, type Why } from './writing.ts'

/** Registers the registry with the ports that it serves. */
export function makeRegistryPorts(app: App): void {
  // Doors first: visits and what else lies with premises follow them.
  app.ports.rehome.push(registryRehome, followUpRehome, visitRehome, segmentRehome, ownRehome, duplicateRehome)
  app.ports.fileGates.push(visitFiles)
}

/** Who lives and works where: addresses, people, households, organisations, collected once. */
export const registry: Room = {
  name: 'registry',
  routes: registryRoutes,
  handlers: duplicateHandlers,
  sweeps: [
    ...tagSweeps,
    ...figureSweeps,
    ...historySweeps,
    ...followUpSweeps,
    ...visitSweeps,
    ...sheetSweeps,
    ...ownSweeps,
    ...duplicateSweeps,
  ],
  start: async (app) => (app.config.worker ? startImports(app) : async () => {}),
}
