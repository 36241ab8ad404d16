import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { SetSmsProvider, SmsPage, SmsProvider, SmsQuery, SmsSetting } from './contract.ts'
import { readProvider, setProvider } from './provider.ts'
import { listSms, readSmsSetting, sendTestSms } from './service.ts'

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
  const installation = { provider: app.ctx.ports.sms.name, signName: app.ctx.config.get('SMS_SIGN_NAME') }
  app.get(
    '/notify/sms/setting',
    { schema: { response: { 200: SmsSetting } }, config: { access: 'notify.read', purpose: 'administration' } },
    (req) => req.read((cmd) => readSmsSetting(cmd, installation)),
  )
  app.post(
    '/notify/sms/tests',
    {
      schema: { body: Type.Object({}), response: { 200: Type.Object({ id: Type.String({ format: 'uuid' }) }) } },
      config: { access: 'notify.manage', purpose: 'administration' },
    },
    (req) => req.command(sendTestSms),
  )
  const managing = { access: 'notify.manage', purpose: 'administration' } as const
  app.get('/notify/sms/provider', { schema: { response: { 200: SmsProvider } }, config: managing }, (req) =>
    req.read(readProvider),
  )
  app.put(
    '/notify/sms/provider',
    // The body holds a secret: neither it nor a hash of it is kept for repeats.
    { schema: { body: SetSmsProvider, response: { 200: SmsProvider } }, config: { ...managing, idempotency: 'off' } },
    (req) => req.command((cmd) => setProvider(cmd, req.body)),
  )
}
