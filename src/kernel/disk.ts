import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const GiB = 1024 ** 3
/** Eight WAL segments: enough for PostgreSQL to come up, checkpoint and shut down on a disk that was full. */
const ballastBytes = 128 * 1024 ** 2
/** How long one look at the disk is believed. */
const lookMilliseconds = 1000

export interface DiskState {
  readonly freeBytes: number
  readonly totalBytes: number
  /** Below this many free bytes writes are refused: 5 % of the disk, at most 1 GiB. */
  readonly leastBytes: number
  readonly nearlyFull: boolean
}

export type LookAtDisk = (folder: string) => { freeBytes: number; totalBytes: number }

const look: LookAtDisk = (folder) => {
  const { bavail, blocks, bsize } = statfsSync(folder)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

/** Tells, at most one look a second, whether the disk of a folder has room for more writes. */
export function watchDisk(folder: string, lookAt: LookAtDisk = look): () => DiskState {
  let state: DiskState | undefined
  let lookedAt = -Infinity
  return () => {
    const now = performance.now()
    if (state && now - lookedAt < lookMilliseconds) return state
    const { freeBytes, totalBytes } = lookAt(folder)
    const leastBytes = Math.min(totalBytes * 0.05, GiB)
    state = { freeBytes, totalBytes, leastBytes, nearlyFull: freeBytes < leastBytes }
    lookedAt = now
    return state
  }
}

const ballastPath = (folder: string): string => join(folder, 'ballast')

/** Sets space aside for the day the disk is full; does nothing when it stands already or the disk is nearly full now. */
export function keepBallast(folder: string): void {
  const path = ballastPath(folder)
  if (existsSync(path) && statSync(path).size >= ballastBytes) return
  const { freeBytes, totalBytes } = look(folder)
  if (freeBytes < Math.min(totalBytes * 0.05, GiB) + 2 * ballastBytes) return
  if (spawnSync('fallocate', ['-l', String(ballastBytes), path]).status === 0) return
  const block = Buffer.alloc(1024 * 1024, 1)
  const file = openSync(path, 'w', 0o600)
  for (let written = 0; written < ballastBytes; written += block.length) writeSync(file, block)
  fsyncSync(file)
  closeSync(file)
}

/** Gives the space back when too little is left for PostgreSQL to come up; true when it did. */
export function dropBallast(folder: string): boolean {
  if (!existsSync(ballastPath(folder)) || look(folder).freeBytes > ballastBytes) return false
  rmSync(ballastPath(folder), { force: true })
  return true
}
