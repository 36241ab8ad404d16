import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { dataFolder, freePort, RunningHouse } from './running-house.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    demoFolder: string
  }
}

/** Lays the demo once for the whole run; copying it takes a tenth of the time that laying it does. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = dataFolder()
  try {
    const house = new RunningHouse(folder.path, await freePort())
    await house.start(300)
    await house.end('SIGTERM')
  } catch (error) {
    folder.remove()
    throw error
  }
  project.provide('demoFolder', folder.path)
  return () => folder.remove()
}

/** A demo house of one journey's own, so that no journey sees what another one did. The copy keeps the files' owners. */
export async function demoHouse(dataDir: string): Promise<RunningHouse> {
  await promisify(execFile)('cp', ['-a', `${inject('demoFolder')}/.`, dataDir])
  const house = new RunningHouse(dataDir, await freePort())
  await house.start()
  return house
}
