import type { Config } from '../kernel/config.ts'
import { findScenario, loadScenario, type LoadOptions } from '../seed/index.ts'
import { seedDemo } from '../seed.ts'
import { besideHouse, type House } from '../server.ts'
import { readDemoFolder, writeDemoFolder, type LoadState } from './demo-marker.ts'

/** The state of a scenario's load, begun now if it never was. */
function loadOf(config: Config, now: Date, code: string): LoadState {
  const folder = readDemoFolder(config) ?? { madeAt: now.toISOString(), seededAt: null }
  const known = folder.loads?.[code]
  if (known) return known
  const begun = { anchor: now.toISOString(), doneAt: null }
  writeDemoFolder(config, { ...folder, loads: { ...folder.loads, [code]: begun } })
  return begun
}

const stageOf = (house: House, load: LoadState) => ({
  app: house.app,
  past: besideHouse(house.app),
  anchor: new Date(load.anchor),
})

/** What a first start wants before it answers. A start that was broken off does it again: nothing comes twice. */
export async function seedFolder(config: Config, house: House): Promise<void> {
  const now = house.app.clock.now()
  await seedDemo(stageOf(house, loadOf(config, now, 'S06')))
  const folder = readDemoFolder(config) ?? { madeAt: now.toISOString() }
  writeDemoFolder(config, { ...folder, seededAt: house.app.clock.now().toISOString() })
}

/**
 * Loads a scenario's full figures into the folder, or what of them is missing.
 *
 * @returns how many pieces failed; undefined when it was stopped on the way. @throws Error for an unknown scenario.
 */
export async function loadInto(
  config: Config,
  house: House,
  code: string,
  options: LoadOptions,
): Promise<number | undefined> {
  const scenario = findScenario(code)
  if (!scenario) throw new Error(`没有场景 ${code}。 There is no scenario ${code}.`)
  const load = loadOf(config, house.app.clock.now(), scenario.code)
  const { done, failed } = await loadScenario(stageOf(house, load), scenario, options)
  if (!done) return undefined
  const folder = readDemoFolder(config)
  const doneAt = house.app.clock.now().toISOString()
  if (folder && failed === 0)
    writeDemoFolder(config, { ...folder, loads: { ...folder.loads, [scenario.code]: { ...load, doneAt } } })
  return failed
}

/** What this version lacks for the whole of a scenario, in words; undefined when nothing. */
export async function missingFor(house: House, code: string): Promise<string | undefined> {
  const stage = stageOf(house, { anchor: house.app.clock.now().toISOString(), doneAt: null })
  const missing = await findScenario(code)?.missing?.(stage)
  return missing && `${missing.zh} ${missing.en}`
}
