import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const roomBytes = 2 * 1024 ** 3
const forgottenMilliseconds = 6 * 3_600_000

/** Whether memory serves as a disk here, and is large enough: a container's /dev/shm often holds 64 MiB. */
function memoryServes(): boolean {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > roomBytes
  } catch {
    return false
  }
}

/** A run that was killed could not tidy up: what it left in memory is removed a few hours later. */
function removeForgotten(parent: string): void {
  for (const name of readdirSync(parent).filter((entry) => /^tongxin-(test|generate)-/.test(entry))) {
    const path = join(parent, name)
    const { mtimeMs = Date.now() } = statSync(path, { throwIfNoEntry: false }) ?? {}
    if (Date.now() - mtimeMs > forgottenMilliseconds) rmSync(path, { recursive: true, force: true })
  }
}

/** A folder for a database that is thrown away: in memory where there is room, and open to the database's own user. */
export function scratchFolder(name: 'test' | 'generate'): string {
  const parent = memoryServes() ? '/dev/shm' : tmpdir()
  removeForgotten(parent)
  const folder = mkdtempSync(join(parent, `tongxin-${name}-`))
  chmodSync(folder, 0o755)
  return folder
}
