export { duplicateHandlers, duplicateRehome, duplicateSweeps, findDuplicates } from './jobs.ts'
export { duplicateRoutes } from './routes.ts'
