/** Posts: which chairs there are, who holds them as A or B, and what follows from it: grants and who answers for a place. */
export { postRoutes } from './routes.ts'
export { chairsOf, dutyOfArea, listPostsOf, readRole, type PostThere } from './queries.ts'
export { assignPost, closePost, layPost, planRole, putRole, type RolePlan } from './service.ts'
export { PostGrants } from './grants.ts'
export {
  areaNameOf,
  colleaguesAt,
  escalationChain,
  holdersOf,
  holdsPost,
  postChoices,
  postLabel,
  postsHeld,
  postsOf,
  responsibleFor,
  responsiblePost,
  roleName,
  rolesOf,
  sitsIn,
  whoWas,
  type Colleague,
  type HeldNow,
  type PostChoice,
} from './duty.ts'
export type { OnDuty } from './rules.ts'
export { grantActions, shippedRoles, shippedUnits, type GrantAction, type Role, type RoleGrant } from './roles.ts'
export {
  AbsenceDeclared,
  AbsenceEnded,
  PostAssigned,
  PostClosed,
  PostCreated,
  PostRelieved,
  RoleChanged,
  PlaceDuty,
} from './contract.ts'
