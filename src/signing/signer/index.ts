export { signerRoutes } from './routes.ts'
export { SigningHelpAsked } from './contract.ts'
