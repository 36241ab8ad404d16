export { demoRoutes } from './routes.ts'
export { tellDemoLoading, titleDemoPeople } from './service.ts'
