export { holdersOfSeat, leaveSeat, requireSeatable, seatAdministrator, takeSeat } from './service.ts'
export { administratorRoutes } from './routes.ts'
