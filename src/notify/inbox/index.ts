export { inboxRoutes } from './routes.ts'
export { inboxSweeps } from './jobs.ts'
export { insertMessages } from './store.ts'
