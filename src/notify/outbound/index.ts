export { outboundRoutes } from './routes.ts'
export { deliverDue, outboundSweeps, publishEntry, queueDelivery, type NoticePayload } from './jobs.ts'
export { selfAndAbove } from './rules.ts'
export { findWebhook, hasSubscriptions, listRobotsAt, listSubscriptions } from './store.ts'
