import { performance, type EventLoopUtilization } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const lookSeconds = 60
/** Below this share of its time at work, the process counts as idle. */
const idleShareMost = 0.02
/** Below this there is nothing worth giving back. */
const worthBytes = 170 * 1024 * 1024

type Collect = (options: { type: 'major'; flavor: 'last-resort' }) => void
let collect: Collect | undefined

/** Gives unused memory back to the system: V8 does so by itself only under pressure, and small machines have other work. */
export function giveMemoryBack(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as Collect
  }
  collect({ type: 'major', flavor: 'last-resort' })
}

/** Gives memory back whenever the process has been idle for a minute; the answer stops looking. */
export function giveMemoryBackWhenIdle(): () => void {
  let before: EventLoopUtilization = performance.eventLoopUtilization()
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    if (utilization < idleShareMost && process.memoryUsage.rss() > worthBytes) giveMemoryBack()
  }, lookSeconds * 1000)
  timer.unref()
  return () => clearInterval(timer)
}
