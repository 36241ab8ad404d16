/**
 * The front door of duty: what people on duty saw, heard and did. First the diary of their doors.
 */
import type { App, Room } from '../kernel/app.ts'
import type { FileGate, Rehome } from '../kernel/ports.ts'
import { kitRoutes } from './kit/index.ts'
import { countUnder, diaryRoutes, diarySweeps, maySeeDiary, moveEntries } from './diary/index.ts'

export { seedDiary } from './diary/index.ts'

/** Photos of a diary: its author, and who may read diaries there. They go on into the case that is made of it. */
const diaryFiles: FileGate = { subjectKind: 'diary', handsOn: true, maySee: maySeeDiary }

/** Entries lie in an area and go where it goes. */
const diaryRehome: Rehome = {
  name: 'duty.diary',
  async preview(cmd, change) {
    const counts = await Promise.all(change.from.map((path) => countUnder(cmd.tx, cmd.county, path)))
    return [
      { label: cmd.locale === 'en' ? 'Diary entries' : '民情日记', count: counts.reduce((sum, one) => sum + one, 0) },
    ]
  },
  async apply(cmd, change) {
    const to = change.to[0]
    if (to === undefined) return
    for (const from of change.from) await moveEntries(cmd.tx, cmd.county, from, to)
  },
}

/** Registers the diary with the ports that it serves. */
export function makeDutyPorts(app: App): void {
  app.ports.fileGates.push(diaryFiles)
  app.ports.rehome.push(diaryRehome)
}

/** What people on duty saw, heard and did: the diary of their doors; later calls, shifts and appointments. */
export const duty: Room = {
  name: 'duty',
  async routes(app) {
    for (const routes of [diaryRoutes, kitRoutes]) await app.register(routes)
  },
  sweeps: diarySweeps,
}
