import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { SmsPage, SmsQuery } from './contract.ts'
import { listSms } from './service.ts'

export const smsRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const open = app.ctx.demo && app.ctx.ports.sms.name === 'outbox'
  app.get(
    '/notify/sms',
    {
      schema: { querystring: SmsQuery, response: { 200: SmsPage } },
      config: { access: 'notify.read', purpose: 'administration' },
    },
    (req) => req.read((cmd) => listSms(cmd, req.query, open)),
  )
}
