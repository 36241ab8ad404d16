/** Setting a real county up from one sheet, and handing over when somebody leaves. */
export { setupRoutes } from './routes.ts'
export { noteBaseMaps, pageSources } from './map-ground.ts'
export { baseAreas } from './steps.ts'
export { handOver, previewHandover } from './handover.ts'
export { DutyHandedOver, InvitationsIssued, StaffSheetTaken } from './contract.ts'
