export { RoleChangeDecided, RoleChangeProposed } from './contract.ts'
export { roleChangeSweeps } from './jobs.ts'
export { roleChangeRoutes } from './routes.ts'
