export { queueSms, smsQueue } from './service.ts'
export { sendDue, smsSweeps } from './jobs.ts'
export { smsRoutes } from './routes.ts'
export { makeSmsSender } from './provider.ts'
