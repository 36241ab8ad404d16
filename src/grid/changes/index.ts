/** Changes of the ground: areas split and merged, and what lies in them taken along. */
export { changeRoutes } from './routes.ts'
export { changeSweeps } from './jobs.ts'
export { AreaMerged, AreaRehomed, AreaSplit } from './contract.ts'
