import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Id, Nothing } from '../contract.ts'
import { AppointAdministrator, SeatChange, SeatChangePage, SeatChangeQuery } from './contract.ts'
import {
  confirmChange,
  getChange,
  listChanges,
  proposeAppointment,
  proposeDismissal,
  refuseChange,
  withdrawChange,
} from './service.ts'

const purpose = 'administration' as const
const proposing = { access: 'identity.appoint', purpose } as const
const confirming = { access: 'identity.confirm_seats', purpose } as const
const params = Type.Object({ id: Id })
const acting = { params, body: Nothing, response: { 200: SeatChange } }

/** Who is administrator: proposed by one of the three, confirmed by another. */
export const seatChangeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/identity/administrators',
    { schema: { body: AppointAdministrator, response: { 200: SeatChange } }, config: proposing },
    (req) => req.command((cmd) => proposeAppointment(cmd, req.body)).then(shown(req)),
  )
  app.post('/identity/administrators/:id/dismiss', { schema: acting, config: proposing }, (req) =>
    req.command((cmd) => proposeDismissal(cmd, req.params.id)).then(shown(req)),
  )
  app.get(
    '/identity/seat-changes',
    {
      schema: { querystring: SeatChangeQuery, response: { 200: SeatChangePage } },
      config: { access: 'identity.read_accounts', purpose },
    },
    (req) => req.read((cmd) => listChanges(cmd, req.query)),
  )
  app.post('/identity/seat-changes/:id/confirm', { schema: acting, config: confirming }, (req) =>
    req.command((cmd) => confirmChange(cmd, req.params.id)).then(shown(req)),
  )
  app.post('/identity/seat-changes/:id/refuse', { schema: acting, config: confirming }, (req) =>
    req.command((cmd) => refuseChange(cmd, req.params.id)).then(shown(req)),
  )
  app.post('/identity/seat-changes/:id/withdraw', { schema: acting, config: proposing }, (req) =>
    req.command((cmd) => withdrawChange(cmd, req.params.id)).then(shown(req)),
  )
}

/** Reads the change for the answer in a transaction of its own: what is kept of the write holds no name. */
const shown = (req: FastifyRequest) => (changed: { id: string }) => req.read((cmd) => getChange(cmd, changed.id))
