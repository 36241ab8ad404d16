export { quietRoutes } from './routes.ts'
export { wakingTimes } from './service.ts'
