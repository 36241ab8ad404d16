export {
  CachedSessions,
  endSession,
  endSessionsOf,
  listSessionsOf,
  listOwnSessions,
  openSession,
  rotateSession,
  type OpenedSession,
} from './service.ts'
export { isKnownDevice } from './store.ts'
export { giveSession, sessionRoutes, visitorOf } from './routes.ts'
