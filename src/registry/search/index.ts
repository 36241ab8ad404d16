export { searchRoutes } from './routes.ts'
export { saveTokens, type Findable } from './store.ts'
export {
  tokensOfBuilding,
  tokensOfOrganisation,
  tokensOfPerson,
  tokensOfPremises,
  type BuildingWords,
} from './tokens.ts'
