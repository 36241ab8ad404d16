export { getLink, issueLink, issueLinkByName, redeemLink } from './service.ts'
export { linkRoutes } from './routes.ts'
