import type { FastifyPluginAsync } from 'fastify'
import { accountRoutes } from './accounts/index.ts'
import { administratorRoutes } from './administrators/index.ts'
import { demoRoutes } from './demo/index.ts'
import { linkRoutes } from './links/index.ts'
import { oidcRoutes } from './oidc/index.ts'
import { ownRoutes } from './own/index.ts'
import { phoneCodeRoutes } from './phone-codes/index.ts'
import { seatChangeRoutes } from './seat-changes/index.ts'
import { sessionRoutes } from './sessions/index.ts'
import { shellRoutes } from './shells/index.ts'
import { signInRoutes } from './sign-in/index.ts'
import { tokenRoutes } from './tokens/index.ts'
import { watchRoutes } from './watch/index.ts'

const parts = [
  signInRoutes,
  phoneCodeRoutes,
  oidcRoutes,
  shellRoutes,
  linkRoutes,
  sessionRoutes,
  ownRoutes,
  accountRoutes,
  administratorRoutes,
  seatChangeRoutes,
  watchRoutes,
  tokenRoutes,
  demoRoutes,
]

/** All addresses of this room. */
export const identityRoutes: FastifyPluginAsync = async (app) => {
  for (const part of parts) await app.register(part)
}
