export { demoRoutes } from './routes.ts'
export { titleDemoPeople } from './service.ts'
