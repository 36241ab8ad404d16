import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { MessageWording, NotifySetting, SaveWording } from './contract.ts'
import { getSetting, listWordings, saveSetting, saveWording } from './service.ts'

const params = Type.Object({ name: Type.String({ maxLength: 80 }) })

export const wordingRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/notify/wordings',
    {
      schema: { response: { 200: Type.Object({ items: Type.Array(MessageWording) }) } },
      config: { access: 'notify.read', purpose: 'administration' },
    },
    (req) => req.read((cmd) => listWordings(cmd)),
  )
  app.put(
    '/notify/wordings/:name',
    {
      schema: { params, body: SaveWording, response: { 200: MessageWording } },
      config: { access: 'notify.manage', purpose: 'administration' },
    },
    (req) => req.command((cmd) => saveWording(cmd, req.params.name, req.body)),
  )
  app.get(
    '/notify/setting',
    { schema: { response: { 200: NotifySetting } }, config: { access: 'notify.read', purpose: 'administration' } },
    (req) => req.read((cmd) => getSetting(cmd)),
  )
  app.put(
    '/notify/setting',
    {
      schema: { body: NotifySetting, response: { 200: NotifySetting } },
      config: { access: 'notify.manage', purpose: 'administration' },
    },
    (req) => req.command((cmd) => saveSetting(cmd, req.body)),
  )
}
