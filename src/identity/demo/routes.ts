import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Fault } from '../../kernel/faults.ts'
import { SignInStep } from '../contract.ts'
import { visitorOf } from '../sessions/index.ts'
import { settle } from '../sign-in/index.ts'
import { DemoLoading, DemoPeople, DemoPeopleQuery, DemoSignIn } from './contract.ts'
import { isDemoHouse, isLocal } from './rules.ts'
import { listDemoPeople, loadingOf, signInAsDemo } from './service.ts'

const config = { access: 'public', purpose: 'own', idempotency: 'off' } as const

/** One-click roles. In a house that is no demo these addresses do not exist; from another machine neither. */
export const demoRoutes: FastifyPluginAsyncTypebox = async (app) => {
  if (!isDemoHouse({ demo: app.ctx.demo, databaseUrl: app.ctx.config.databaseUrl })) return
  app.addHook('onRequest', async (req) => {
    if (!isLocal(req.socket.remoteAddress, req.headers)) throw new Fault('kernel.not_found')
  })
  app.get('/demo/people', { schema: { querystring: DemoPeopleQuery, response: { 200: DemoPeople } }, config }, (req) =>
    req.read((cmd) => listDemoPeople(cmd, req.query)),
  )
  app.get('/demo/loading', { schema: { response: { 200: DemoLoading } }, config }, async () => loadingOf(app.ctx))
  app.post(
    '/demo/sign-in',
    { schema: { body: DemoSignIn, response: { 200: SignInStep } }, config },
    async (req, reply) => {
      const visitor = visitorOf(req, reply)
      return settle(req, reply, await req.command((cmd) => signInAsDemo(cmd, req.body, visitor)))
    },
  )
}
