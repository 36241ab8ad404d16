export { searchRoutes } from './routes.ts'
export {
  tokensOfBuilding,
  tokensOfOrganisation,
  tokensOfPerson,
  tokensOfPremises,
  type BuildingWords,
} from './tokens.ts'
