export { phoneCodeRoutes } from './routes.ts'
