export { seatAdministrator } from './service.ts'
export { administratorRoutes } from './routes.ts'
