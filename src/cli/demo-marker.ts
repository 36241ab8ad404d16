import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../kernel/config.ts'

/** How far a scenario has been loaded into the folder. */
export interface LoadState {
  /** The present of its stories: the instant at which loading began for the first time. */
  anchor: string
  doneAt: string | null
}

/** What `DATA_DIR/demo.json` says: that the folder was made as demo, and what is in it. */
export interface DemoFolder {
  madeAt: string
  seededAt: string | null
  loads?: Record<string, LoadState>
}

const demoPath = (config: Config): string => join(config.dataDir, 'demo.json')

export function readDemoFolder(config: Config): DemoFolder | undefined {
  const path = demoPath(config)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as DemoFolder) : undefined
}

/** Written beside and moved over, so that a process that dies leaves the old one or the new one. */
export function writeDemoFolder(config: Config, folder: DemoFolder): void {
  const path = demoPath(config)
  writeFileSync(`${path}.new`, JSON.stringify(folder))
  renameSync(`${path}.new`, path)
}

/** Scenarios whose loading was begun and not ended. Folders of an earlier version have none. */
export const openLoads = (folder: DemoFolder): string[] =>
  Object.entries(folder.loads ?? {}).flatMap(([code, { doneAt }]) => (doneAt === null ? [code] : []))
