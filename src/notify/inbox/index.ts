export { inboxRoutes } from './routes.ts'
export { inboxSweeps } from './jobs.ts'
export { insertMessages, type InboxRow } from './store.ts'
