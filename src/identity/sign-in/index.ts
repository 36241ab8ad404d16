export { goOn, takeSecondFactor, type Outcome, type Run } from './service.ts'
export { runOf, settle, signInRoutes } from './routes.ts'
