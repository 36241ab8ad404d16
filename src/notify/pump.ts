import { countiesOf, type App } from '../kernel/app.ts'

/**
 * Keeps a sender going: looks after a hint, and now and then by itself, because a hint may be lost or come from another
 * process. Idle, it costs one small read a county every few seconds.
 */
const IDLE_MS = 3000
const TROUBLE_MS = 10_000
const COUNTIES_MS = 30_000

type Queue = 'sms' | 'outbound'

const waiting = new Map<Queue, Set<(county: string) => void>>()

/** Tells this process's senders that something is due; a hint only, called after the commit. */
export function wake(queue: Queue, county: string): void {
  for (const hear of waiting.get(queue) ?? []) hear(county)
}

export function startPump(
  app: App,
  queue: Queue,
  work: (app: App, county: string) => Promise<number>,
): () => Promise<void> {
  let stopped = false
  let hinted = false
  let rouse = (): void => {}
  const hear = (): void => {
    hinted = true
    rouse()
  }
  const listeners = waiting.get(queue) ?? new Set()
  waiting.set(queue, listeners.add(hear))
  let counties: string[] = []
  let countiesAt = 0

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      if (stopped || hinted) return resolve()
      const timer = setTimeout(resolve, ms)
      rouse = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  async function round(): Promise<number> {
    if (Date.now() - countiesAt > COUNTIES_MS || counties.length === 0) {
      counties = (await countiesOf(app)).map(({ code }) => code)
      countiesAt = Date.now()
    }
    let handled = 0
    for (const county of counties) {
      if (!stopped) handled += await work(app, county)
    }
    return handled
  }

  async function run(): Promise<void> {
    while (!stopped) {
      hinted = false
      try {
        if ((await round()) === 0) await pause(IDLE_MS)
      } catch (error) {
        app.log.warn({ err: error, queue }, 'a sender stumbled and tries again')
        await pause(TROUBLE_MS)
      }
    }
  }

  const running = run()
  return async () => {
    stopped = true
    rouse()
    listeners.delete(hear)
    await running
  }
}
