/**
 * The grid's front door: who and where. Every place has somebody responsible now, and one query says who it was on any past day.
 */
import type { FastifyPluginAsync } from 'fastify'
import type { App, Room } from '../kernel/app.ts'
import type { Ports } from '../kernel/ports.ts'
import { countiesOf } from '../kernel/app.ts'
import { offerToSeat, titleDemoPeople } from '../identity/index.ts'
import { areaRoutes, groundOf } from './areas/index.ts'
import { changeRoutes, changeSweeps } from './changes/index.ts'
import { shapeRoutes } from './shapes/index.ts'
import { directoryOf } from './directory.ts'
import { gaoqiaoPeople } from './seed-gaoqiao.ts'
import { demoRoles } from './seed-people.ts'
import { calendarRoutes, CountyCalendars } from './calendar/index.ts'
import { holdsPost, postRoutes, PostGrants, postsOf } from './posts/index.ts'
import { roleChangeRoutes, roleChangeSweeps } from './role-changes/index.ts'
import { noteBaseMaps, pageSources, setupRoutes } from './setup/index.ts'

export {
  ancestorsOf,
  areaNames,
  areasBelow,
  findArea,
  getArea,
  lastAreaAt,
  leafKinds,
  locate,
  overlaysAt,
  shapesOf,
  AreaClosed,
  AreaMoved,
  AreaRenamed,
  CERTAIN_METRES,
  type AreaName,
  type AreaRecord,
  type GroundAnswer,
  type GroundHit,
} from './areas/index.ts'
export {
  areaNameOf,
  chairsOf,
  dutyOfArea,
  colleaguesAt,
  escalationChain,
  grantActions,
  holdersOf,
  postChoices,
  postLabel,
  postsHeld,
  postsOf,
  responsibleFor,
  responsiblePost,
  roleName,
  rolesOf,
  shippedRoles,
  shippedUnits,
  sitsIn,
  whoWas,
  AbsenceDeclared,
  PostAssigned,
  PostRelieved,
  type Colleague,
  type GrantAction,
  type HeldNow,
  type OnDuty,
  type PostChoice,
  PlaceDuty,
  type Role,
} from './posts/index.ts'

export { AreaMerged, AreaRehomed, AreaSplit } from './changes/index.ts'
export { RoleChangeDecided, RoleChangeProposed } from './role-changes/index.ts'
export { findSetting, findSettingWithVersion, offerSetting, rewriteSetting, saveSetting } from './calendar/index.ts'
export {
  DutyHandedOver,
  InvitationsIssued,
  StaffSheetTaken,
  baseAreas,
  handOver,
  previewHandover,
} from './setup/index.ts'
export { desksOf, nanhuDepartments, type Desks } from './seed-desks.ts'
export { knowsDivision, makeTenant, seedCounty, seedDivisions, shippedDivisions } from './seed.ts'
export { randomFrom, type Corner } from './seed-shapes.ts'
export { DEMO_COUNTY, DEMO_TOWN, DEMO_VILLAGE, demoGround, seedDemoGround } from './seed-ground.ts'
export { GAOQIAO, GAOQIAO_GRIDS, GAOQIAO_MICRO_GRIDS, gaoqiaoPeople, seedGaoqiaoGround } from './seed-gaoqiao.ts'
export {
  demoPeople,
  demoResidents,
  demoRoles,
  moreResidents,
  seatPeople,
  seedDemoPeople,
  townPeople,
} from './seed-people.ts'

titleDemoPeople(() => [...demoRoles(), ...gaoqiaoPeople().people.filter(({ shown }) => shown)])

offerToSeat('system', 'grid.read', 'grid.manage')
offerToSeat('security', 'grid.read', 'grid.approve_roles')
offerToSeat('audit', 'grid.read')
// The ledger lies below identity and cannot offer its own.
offerToSeat('system', 'ledger.repair')
offerToSeat('audit', 'ledger.read')

/** What the house gets from here: grants that follow from posts, and the counties' calendars. */
export const makeGridPorts = (
  app: Pick<App, 'db' | 'ports'>,
): Pick<Ports, 'grants' | 'calendars' | 'duty' | 'pageSources'> => ({
  grants: new PostGrants(app),
  duty: { holdsPost, postsOf },
  calendars: new CountyCalendars(app.db),
  pageSources: () => pageSources(app.ports),
})

const routes: FastifyPluginAsync = async (http) => {
  await http.register(areaRoutes)
  await http.register(changeRoutes)
  await http.register(shapeRoutes)
  await http.register(postRoutes)
  await http.register(roleChangeRoutes)
  await http.register(calendarRoutes)
  await http.register(setupRoutes)
}

/** Loads every county's ground into memory beside the first requests, so that no report has to wait for it. */
async function start(app: App): Promise<() => Promise<void>> {
  const warming = (async () => {
    await noteBaseMaps(app)
    for (const { code } of await countiesOf(app)) {
      const house = { county: code, ports: app.ports, now: app.clock.now() }
      await app.db.reading(code, async (tx) => {
        await directoryOf({ tx, ...house })
        await groundOf({ tx, ...house })
      })
    }
  })().catch((error: unknown) => app.log.warn({ err: error }, 'the ground is loaded at first use instead'))
  return async () => {
    await warming
  }
}

export const grid: Room = { name: 'grid', routes, start, sweeps: [...roleChangeSweeps, ...changeSweeps] }
