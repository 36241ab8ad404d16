export { kitRoutes } from './routes.ts'
