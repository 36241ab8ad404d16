export { signerRoutes } from './routes.ts'
