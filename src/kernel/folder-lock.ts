import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'

const startOf = (pid: number): string | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

/** Whether a process of this id is there, whoever it belongs to. */
export const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export interface FolderLock {
  release(): void
}

const refusal = (place: string, owner: string): Error =>
  new Error(
    `Tongxin already runs on ${place} (process ${owner || 'unknown'}). Stop it first, or choose another DATA_DIR.`,
  )

/**
 * Takes the one lock of a database folder.
 *
 * With flock(1) the kernel holds it for this process and lets go when the process ends, however it ends. Elsewhere
 * the file names its owner, and an owner that is gone does not count.
 * @throws Error when another process has it, naming that process.
 */
export function lockFolder(place: string): FolderLock {
  const path = `${place}.lock`
  const file = openSync(path, existsSync(path) ? 'r+' : 'a+', 0o600)
  const [owner = '', since = ''] = readFileSync(path, 'utf8').trim().split(' ')
  const answer = spawnSync('flock', ['-n', '-x', '3'], { stdio: ['ignore', 'ignore', 'ignore', file] })
  const held = answer.error
    ? owner !== '' && lives(Number(owner)) && (startOf(Number(owner)) ?? since) === since
    : answer.status !== 0
  if (held) {
    closeSync(file)
    throw refusal(place, owner)
  }
  ftruncateSync(file)
  writeSync(file, `${process.pid} ${startOf(process.pid) ?? ''}\n`, 0)
  return {
    release() {
      ftruncateSync(file)
      closeSync(file)
    },
  }
}
