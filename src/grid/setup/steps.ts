import { countStaff } from '../../identity/index.ts'
import type { Command } from '../../kernel/command.ts'
import { findArea } from '../areas/index.ts'
import { findSetting, findSettingWithVersion, OFFICE_HOURS, saveSetting } from '../calendar/index.ts'
import { setupSteps, type MarkStep, type SetupState, type SetupStep, type StepMark } from './contract.ts'
import { readBaseMap } from './map-ground.ts'
import { readFace } from './face.ts'
import { requireSetup } from './staff-sheet.ts'
import { countCounty, listPlaces } from './store.ts'

const KEY = 'setup.steps'
type Marks = Partial<Record<SetupStep, StepMark>>

/** How far a county is set up: what its figures show, and what somebody has ticked or left out. */
export async function readSetup(cmd: Command): Promise<SetupState> {
  requireSetup(cmd)
  const { areas: _, ...counted } = await countCounty(cmd.tx, cmd.county, cmd.now)
  const staff = await countStaff(cmd)
  const marks = (await findSetting<Marks>(cmd, KEY)) ?? {}
  const face = await readFace(cmd)
  const shows: Partial<Record<SetupStep, boolean>> = {
    areas: counted.grids + counted.microGrids > 0,
    staff: staff.staff > 0 && counted.posts > 0,
    face: face.name !== '',
    hours: (await findSetting(cmd, OFFICE_HOURS)) !== undefined,
    map: (await readBaseMap(cmd)).version > 0,
    invitations: staff.active > 0 && staff.invited === 0,
  }
  return {
    county: cmd.county,
    countyName: (await findArea(cmd, cmd.county))?.name ?? cmd.county,
    steps: setupSteps.map((step) => {
      const byItself = shows[step] ?? false
      return { step, byItself, mark: byItself ? 'done' : (marks[step] ?? 'open') }
    }),
    counts: { ...counted, ...staff },
  }
}

/** Ticks a step, leaves it out for now, or takes it up again. Of two at once the later one stands. */
export async function markStep(cmd: Command, step: SetupStep, input: MarkStep): Promise<SetupState> {
  requireSetup(cmd)
  const there = await findSettingWithVersion<Marks>(cmd, KEY)
  await saveSetting(cmd, { key: KEY, value: { ...there?.value, [step]: input.mark }, version: there?.version ?? 0 })
  return readSetup(cmd)
}

/** Every base area of the county now, for whoever reads names out of a sheet; a county has at most some thousands. */
export const baseAreas = (cmd: Command): Promise<{ path: string; name: string; kind: string }[]> =>
  listPlaces(cmd.tx, cmd.county, cmd.now)
