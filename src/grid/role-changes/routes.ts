import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { IdParams } from '../contract.ts'
import { Role, RoleParams, SetRole } from '../posts/contract.ts'
import { readRole } from '../posts/index.ts'
import { RoleChange, RoleChangePage, RoleChangeQuery } from './contract.ts'
import { approveChange, changeRole, getChange, listChanges, refuseChange, withdrawChange } from './service.ts'

const purpose = 'administration' as const
const managing = { access: 'grid.manage', purpose } as const
const approving = { access: 'grid.approve_roles', purpose } as const
const acting = { params: IdParams, body: Type.Object({}), response: { 200: RoleChange } }

/** What roles may do: changed by whoever keeps posts, approved by security where it is sensitive. */
export const roleChangeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.put(
    '/grid/roles/:code',
    { schema: { params: RoleParams, body: SetRole, response: { 200: Role } }, config: managing },
    (req) =>
      req.command(async (cmd) => {
        const { waits } = await changeRole(cmd, req.params.code, req.body)
        return { ...(await readRole(cmd, req.params.code, req.body)), pending: waits }
      }),
  )
  app.get(
    '/grid/role-changes',
    {
      schema: { querystring: RoleChangeQuery, response: { 200: RoleChangePage } },
      config: { access: 'grid.read', purpose },
    },
    (req) => req.read((cmd) => listChanges(cmd, req.query)),
  )
  app.post('/grid/role-changes/:id/approve', { schema: acting, config: approving }, (req) =>
    req.command((cmd) => approveChange(cmd, req.params.id)).then(shown(req)),
  )
  app.post('/grid/role-changes/:id/refuse', { schema: acting, config: approving }, (req) =>
    req.command((cmd) => refuseChange(cmd, req.params.id)).then(shown(req)),
  )
  app.post('/grid/role-changes/:id/withdraw', { schema: acting, config: managing }, (req) =>
    req.command((cmd) => withdrawChange(cmd, req.params.id)).then(shown(req)),
  )
}

/** Reads the change for the answer in a transaction of its own: what is kept of the write holds no name. */
const shown = (req: FastifyRequest) => (changed: { id: string }) => req.read((cmd) => getChange(cmd, changed.id))
