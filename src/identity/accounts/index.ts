export { createStaffAccount, noteCredential, requireKeeper } from './service.ts'
export { accountRoutes } from './routes.ts'
