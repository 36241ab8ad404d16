/** Areas: the tree of places with its history, boundaries, and the index that finds the micro-grid of a point. */
export { areaRoutes } from './routes.ts'
export { locate, forgetGround, groundOf } from './ground.ts'
export { areaNames, areasBelow, findArea, getArea, overlaysAt, shapesOf } from './queries.ts'
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
export type { AreaRecord } from './store.ts'
export { ancestorsOf, leafKinds, CERTAIN_METRES, type GroundAnswer, type GroundHit } from './rules.ts'
