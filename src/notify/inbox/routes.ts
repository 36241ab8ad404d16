import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { InboxPage, InboxQuery, MarkedRead, MarkRead, UnreadCount } from './contract.ts'
import { countUnread, listInbox, markRead } from './service.ts'

const own = { access: 'own' } as const

export const inboxRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/notify/inbox', { schema: { querystring: InboxQuery, response: { 200: InboxPage } }, config: own }, (req) =>
    req.read((cmd) => listInbox(cmd, req.query)),
  )
  app.get('/notify/inbox/unread', { schema: { response: { 200: UnreadCount } }, config: own }, (req) =>
    req.read((cmd) => countUnread(cmd)),
  )
  app.post('/notify/inbox/read', { schema: { body: MarkRead, response: { 200: MarkedRead } }, config: own }, (req) =>
    req.command((cmd) => markRead(cmd, req.body)),
  )
}
