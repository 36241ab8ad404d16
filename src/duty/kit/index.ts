export { kitRoutes } from './routes.ts'
export { phoneRehome } from './service.ts'
