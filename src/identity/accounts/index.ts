export { createStaffAccount, disableAccount, noteCredential, requireKeeper } from './service.ts'
export { createStaffAccounts } from './many.ts'
export { accountRoutes } from './routes.ts'
