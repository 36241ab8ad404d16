import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { App } from '../../kernel/app.ts'
import * as contract from './contract.ts'
import { vapidKeys } from './jobs.ts'
import * as service from './service.ts'

const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
const deliveryParams = Type.Object({ id: params.properties.id, deliveryId: params.properties.id })
const manage = { access: 'notify.manage', purpose: 'administration' } as const
/** An answer that holds a secret is not kept for repeats. */
const manageSecret = { ...manage, idempotency: 'off' } as const

const allowsPrivate = (app: { ctx: App }): boolean => app.ctx.config.get('WEBHOOK_ALLOW_PRIVATE') === 'yes'

const webhookRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const allowPrivate = allowsPrivate(app)

  app.get('/notify/webhooks', { schema: { response: { 200: contract.Webhooks } }, config: manage }, (req) =>
    req.read((cmd) => service.listWebhooks(cmd)),
  )
  app.post(
    '/notify/webhooks',
    { schema: { body: contract.AddWebhook, response: { 200: contract.WebhookWithSecret } }, config: manageSecret },
    (req) => req.command((cmd) => service.addWebhook(cmd, req.body, allowPrivate)),
  )
  app.put(
    '/notify/webhooks/:id',
    { schema: { params, body: contract.ChangeWebhook, response: { 200: contract.Webhook } }, config: manage },
    (req) => req.command((cmd) => service.changeWebhook(cmd, req.params.id, req.body)),
  )
  app.post(
    '/notify/webhooks/:id/secret',
    {
      schema: { params, body: contract.VersionOnly, response: { 200: contract.WebhookWithSecret } },
      config: manageSecret,
    },
    (req) => req.command((cmd) => service.changeSecret(cmd, req.params.id, req.body)),
  )
  app.post(
    '/notify/webhooks/:id/removal',
    { schema: { params, body: contract.VersionOnly, response: { 200: contract.Webhook } }, config: manage },
    (req) => req.command((cmd) => service.removeWebhook(cmd, req.params.id, req.body)),
  )
  app.get(
    '/notify/webhooks/:id/deliveries',
    {
      schema: { params, querystring: contract.DeliveryQuery, response: { 200: contract.DeliveryPage } },
      config: manage,
    },
    (req) => req.read((cmd) => service.listDeliveries(cmd, req.params.id, req.query)),
  )
  app.post(
    '/notify/webhooks/:id/deliveries/:deliveryId/replays',
    { schema: { params: deliveryParams, response: { 200: contract.Delivery } }, config: manage },
    (req) => req.command((cmd) => service.replayDelivery(cmd, req.params.id, req.params.deliveryId)),
  )
  app.post(
    '/notify/webhooks/:id/replays',
    { schema: { params, response: { 200: contract.Replayed } }, config: manage },
    (req) => req.command((cmd) => service.replayFailed(cmd, req.params.id)),
  )
  app.post(
    '/notify/webhooks/:id/tests',
    { schema: { params, body: Type.Object({}), response: { 200: contract.TestQueued } }, config: manage },
    (req) => req.command((cmd) => service.testWebhook(cmd, req.params.id)),
  )
  app.get(
    '/notify/deliveries/:id',
    { schema: { params, response: { 200: contract.Delivery } }, config: manage },
    (req) => req.read((cmd) => service.readDelivery(cmd, req.params.id)),
  )
}

const robotRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const allowPrivate = allowsPrivate(app)

  app.get('/notify/robots', { schema: { response: { 200: contract.Robots } }, config: manage }, (req) =>
    req.read((cmd) => service.listRobots(cmd)),
  )
  app.post(
    '/notify/robots',
    { schema: { body: contract.AddRobot, response: { 200: contract.Robot } }, config: manage },
    (req) => req.command((cmd) => service.addRobot(cmd, req.body, allowPrivate)),
  )
  app.put(
    '/notify/robots/:id',
    { schema: { params, body: contract.ChangeRobot, response: { 200: contract.Robot } }, config: manage },
    (req) => req.command((cmd) => service.changeRobot(cmd, req.params.id, req.body)),
  )
  app.post(
    '/notify/robots/:id/removal',
    { schema: { params, body: contract.VersionOnly, response: { 200: contract.Robot } }, config: manage },
    (req) => req.command((cmd) => service.removeRobot(cmd, req.params.id, req.body)),
  )
  app.post(
    '/notify/robots/:id/tests',
    { schema: { params, body: Type.Object({}), response: { 200: contract.TestQueued } }, config: manage },
    (req) => req.command((cmd) => service.testRobot(cmd, req.params.id)),
  )
}

const pushRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const allowPrivate = allowsPrivate(app)

  app.get(
    '/notify/push/key',
    { schema: { response: { 200: contract.PushKey } }, config: { access: 'signedIn' } },
    async () => ({
      publicKey: vapidKeys(app.ctx).publicKey,
    }),
  )
  app.post(
    '/notify/push/subscriptions',
    { schema: { body: contract.Subscribe, response: { 200: contract.Subscription } }, config: { access: 'own' } },
    (req) => req.command((cmd) => service.subscribe(cmd, req.body, allowPrivate)),
  )
  app.post(
    '/notify/push/subscriptions/removal',
    { schema: { body: contract.Unsubscribe, response: { 200: Type.Null() } }, config: { access: 'own' } },
    (req) => req.command((cmd) => service.unsubscribe(cmd, req.body)),
  )
}

export const outboundRoutes: FastifyPluginAsyncTypebox = async (app) => {
  for (const routes of [webhookRoutes, robotRoutes, pushRoutes]) await app.register(routes)
}
