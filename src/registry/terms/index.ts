/** What one may do in the registry, and how much a place holds. */
export { termRoutes } from './routes.ts'
export { figureSweeps } from './jobs.ts'
