export { approveApiToken, createApiToken, listApiTokens, revokeApiToken } from './service.ts'
export { tokenRoutes } from './routes.ts'
