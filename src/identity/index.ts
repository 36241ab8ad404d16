import type { App, Room } from '../kernel/app.ts'
import type { Ports } from '../kernel/ports.ts'
import { rememberIn } from './service.ts'
import { CachedSessions } from './sessions/index.ts'
import { identityRoutes } from './routes.ts'
import { identitySweeps } from './jobs.ts'

/** Who acts: accounts, sign-in, sessions, API tokens, the three administrators. */
export const identity: Room = { name: 'identity', routes: identityRoutes, sweeps: identitySweeps }

/** The ports that this room fills in. */
export function makeIdentityPorts(app: App): Pick<Ports, 'sessions'> {
  const sessions = new CachedSessions(app.db)
  rememberIn(app.ports, sessions)
  return { sessions }
}

export { createStaffAccount, createStaffAccounts, disableAccount } from './accounts/index.ts'
export {
  countStaff,
  findOrCreateResident,
  findStaff,
  lockForPost,
  listInvited,
  maskedPhonesOf,
  nameOf,
  namesOf,
  numberedLoginNames,
  phoneOf,
  requireSecondFactor,
  staffAccount,
  staffOfPhones,
  unmask,
  type PersonalField,
  type RosterPerson,
} from './people/index.ts'
export { openSession, visitorOf, type OpenedSession } from './sessions/index.ts'
export { tellDemoLoading, titleDemoPeople } from './demo/index.ts'
export { issueLink, issueLinkByName } from './links/index.ts'
export { holdersOfSeat, seatAdministrator } from './administrators/index.ts'
export { relaxForDemo } from './service.ts'
export { offerToSeat, saidLabel } from './rules.ts'
export { SeatChangeProposed, type Seat } from './contract.ts'
