export { getLink, issueLink, redeemLink } from './service.ts'
export { linkRoutes } from './routes.ts'
