export { dutySettingsRoutes } from './routes.ts'
