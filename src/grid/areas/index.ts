/** Areas: the tree of places with its history, boundaries, and the index that finds the micro-grid of a point. */
export { areaRoutes } from './routes.ts'
export { locate, forgetGround, groundOf } from './ground.ts'
export { requireCode } from './code-pattern.ts'
export {
  areaNames,
  areasBelow,
  areaThen,
  findArea,
  getArea,
  getAreaById,
  lastAreaAt,
  listAreasBelow,
  netsOver,
  overlaysAt,
  present,
  shapesOf,
} from './queries.ts'
export { drawArea, groundChanged, lockForChange, newArea, nextVersion, rehomeAll } from './service.ts'
export type { AreaName } from '../directory.ts'
export {
  AreaBounded,
  AreaClosed,
  AreaCreated,
  AreaMoved,
  AreaRenamed,
  type AreaKind,
  type Overlay,
} from './contract.ts'
export {
  countBelow,
  endArea,
  endCovers,
  findShape,
  insertArea,
  insertCovers,
  listAreasById,
  listAreasByPath,
  listCovering,
  listOutlines,
  replaceBoundary,
  replaceGrams,
  type AreaRecord,
  type ChangeRecord,
  type DrawnShape,
  type KeptSharing,
} from './store.ts'
export {
  ancestorsOf,
  gramsOf,
  leafKinds,
  requireShape,
  CERTAIN_METRES,
  type GroundAnswer,
  type GroundHit,
} from './rules.ts'
