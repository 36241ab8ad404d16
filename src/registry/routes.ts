import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { addressRoutes } from './addresses/routes.ts'
import { burdenRoutes } from './burden/routes.ts'
import { duplicateRoutes } from './duplicates/index.ts'
import { FieldGroups, listFieldGroups } from './field-groups.ts'
import { followUpRoutes } from './follow-up/index.ts'
import { historyRoutes } from './history/routes.ts'
import { householdRoutes } from './households/routes.ts'
import { organisationRoutes } from './organisations/routes.ts'
import { personRoutes } from './people/routes.ts'
import { rehomingRoutes } from './rehoming/index.ts'
import { searchRoutes } from './search/index.ts'
import { sheetRoutes } from './sheets/index.ts'
import { termRoutes } from './terms/index.ts'
import { ownRoutes } from './own/index.ts'
import { segmentRoutes } from './segments/index.ts'
import { TagList } from './tags/contract.ts'
import { listTags } from './tags/rules.ts'
import { visitRoutes } from './visits/index.ts'

const lists: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/registry/field-groups',
    { schema: { response: { 200: FieldGroups } }, config: { access: 'signedIn' } },
    (req) => req.read(async (cmd) => listFieldGroups(cmd.locale)),
  )
  app.get('/registry/tags', { schema: { response: { 200: TagList } }, config: { access: 'staff' } }, (req) =>
    req.read(async (cmd) => listTags(cmd.locale)),
  )
}

/** Everything of the registry under /registry. */
export const registryRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const all = [
    lists,
    addressRoutes,
    personRoutes,
    householdRoutes,
    organisationRoutes,
    historyRoutes,
    burdenRoutes,
    searchRoutes,
    duplicateRoutes,
    rehomingRoutes,
    followUpRoutes,
    visitRoutes,
    sheetRoutes,
    termRoutes,
    segmentRoutes,
    ownRoutes,
  ]
  for (const routes of all) await app.register(routes)
}
