import { chmodSync, mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const roomBytes = 2 * 1024 ** 3

/** Whether memory serves as a disk here, and is large enough: a container's /dev/shm often holds 64 MiB. */
function memoryServes(): boolean {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > roomBytes
  } catch {
    return false
  }
}

/** A folder for a database that is thrown away: in memory where there is room, and open to the database's own user. */
export function scratchFolder(name: string): string {
  const folder = mkdtempSync(join(memoryServes() ? '/dev/shm' : tmpdir(), `tongxin-${name}-`))
  chmodSync(folder, 0o755)
  return folder
}
