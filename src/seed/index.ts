/** The demo's stories: what can be loaded into a folder made as demo, and how. */
export { loadScenario, runPhases, type LoadOptions, type LoadProgress } from './load.ts'
export { findScenario, openingPieces, scenarios, type Stage } from './scenarios.ts'
export { longAgo } from './times.ts'
