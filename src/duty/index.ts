/**
 * The front door of duty: what people on duty saw, heard and did. First the diary of their doors.
 */
import type { App, Room } from '../kernel/app.ts'
import type { FileGate } from '../kernel/ports.ts'
import { kitRoutes, phoneRehome } from './kit/index.ts'
import { dutySettingsRoutes } from './settings/index.ts'
import { diaryRehome, diaryRoutes, diarySweeps, maySeeDiary } from './diary/index.ts'

export { seedDiary, verifyDiary } from './diary/index.ts'

/** Photos of a diary: its author, and who may read diaries there. They go on into the case that is made of it. */
const diaryFiles: FileGate = { subjectKind: 'diary', handsOn: true, maySee: maySeeDiary }

/** Registers the diary with the ports that it serves. */
export function makeDutyPorts(app: App): void {
  app.ports.fileGates.push(diaryFiles)
  app.ports.rehome.push(diaryRehome, phoneRehome)
}

/** What people on duty saw, heard and did: the diary of their doors; later calls, shifts and appointments. */
export const duty: Room = {
  name: 'duty',
  async routes(app) {
    for (const routes of [diaryRoutes, kitRoutes, dutySettingsRoutes]) await app.register(routes)
  },
  sweeps: diarySweeps,
}
