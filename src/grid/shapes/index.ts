/** Shapes of areas: cutting, putting together, and what is wrong between neighbours. */
export { shapeRoutes } from './routes.ts'
export { sharedBy, squareMetres, unionOf, without } from './rules.ts'
