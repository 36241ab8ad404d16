export { expireChanges } from './service.ts'
export { seatChangeRoutes } from './routes.ts'
