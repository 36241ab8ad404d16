/** Sheets in, sheets out: rosters as clerks keep them are taken in once, and lists leave as sheets, recorded. */
export { sheetRoutes } from './routes.ts'
export { sheetSweeps, startImports, workOffImports } from './jobs.ts'
