import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AskSignature, shellNames, Shells, WechatSignature } from './contract.ts'
import { signPage } from './service.ts'
import { WechatTickets } from './wechat.ts'

/** A page asks once when it opens. */
const limit = { max: 60, timeWindow: '1 minute' }
const open = { access: 'public', purpose: 'own' } as const

/** What pages need inside the web views of other apps. */
export const shellRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const { config, clock } = app.ctx
  const tickets = new WechatTickets(config, clock)
  const allowed = config.get('SHELL_SDKS').split(',')
  app.get('/shells', { schema: { response: { 200: Shells } }, config: open }, () => ({
    items: shellNames.filter((name) => allowed.includes(name)),
  }))
  app.get(
    '/shells/wechat/signature',
    {
      schema: { querystring: AskSignature, response: { 200: WechatSignature } },
      config: { ...open, rateLimit: limit },
    },
    (req) => {
      const origin = config.publicUrl || `${req.protocol}://${req.host}`
      return signPage(tickets, { url: req.query.url, origin, now: clock.now() })
    },
  )
}
