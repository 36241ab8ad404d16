import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { uuidv7 } from '../../src/kernel/ids.ts'

export interface Acknowledged {
  readonly id: string
  readonly number: string
  /** How often the report was sent before an answer came. */
  readonly sends: number
}

export interface LoadOptions {
  readonly url: string
  readonly cookie: string
  readonly areaPath: string
  readonly clients: number
}

const PAUSE_MS_MAX = 500
const ANSWER_MS_MAX = 15_000

/**
 * Reports without end, as phones do that must not lose what was typed: each report has an id and a key of its own and is
 * sent again until somebody answers for it. What was answered with 201 is acknowledged and must be there for ever.
 */
export class ReportLoad {
  readonly acknowledged: Acknowledged[] = []
  /** Answers that were neither an acknowledgement nor a passing outage. */
  readonly strange: string[] = []
  /** Longest time between two acknowledgements. */
  gapMilliseconds = 0
  readonly #options: LoadOptions
  readonly #work: Promise<void>[] = []
  #stopped = false
  #lastAt = performance.now()

  constructor(options: LoadOptions) {
    this.#options = options
  }

  start(): void {
    this.#lastAt = performance.now()
    for (let client = 0; client < this.#options.clients; client++) this.#work.push(this.#reportOnAndOn(client))
  }

  /** Waits until so many more were acknowledged. @throws when answers are strange, or nothing is acknowledged for 60 s. */
  async more(count: number): Promise<void> {
    const enough = this.acknowledged.length + count
    while (this.acknowledged.length < enough) {
      if (this.strange.length > 0) throw new Error(`strange answers: ${this.strange.join('\n')}`)
      if (performance.now() - this.#lastAt > 60_000)
        throw new Error(`nothing acknowledged for 60 s after ${this.acknowledged.length}`)
      await sleep(20)
    }
  }

  /** Lets each client finish the report it is at. */
  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#work)
  }

  async #reportOnAndOn(client: number): Promise<void> {
    for (let count = 0; !this.#stopped; count++) {
      const body = JSON.stringify({
        id: uuidv7(),
        kind: 'event',
        category: '0101',
        text: `断电演练：第 ${client} 路第 ${count} 件`,
        areaPath: this.#options.areaPath,
      })
      const acknowledged = await this.#sendUntilAnswered(body, randomUUID())
      if (!acknowledged) return
      const now = performance.now()
      this.gapMilliseconds = Math.max(this.gapMilliseconds, now - this.#lastAt)
      this.#lastAt = now
      this.acknowledged.push(acknowledged)
    }
  }

  async #sendUntilAnswered(body: string, key: string): Promise<Acknowledged | undefined> {
    const { url, cookie } = this.#options
    const headers = { 'content-type': 'application/json', 'idempotency-key': key, cookie, 'tongxin-county': '330411' }
    for (let sends = 1, pause = 20; ; sends++, pause = Math.min(pause * 2, PAUSE_MS_MAX)) {
      try {
        const answer = await fetch(`${url}/api/v1/matters`, {
          method: 'POST',
          headers,
          body,
          signal: AbortSignal.timeout(ANSWER_MS_MAX),
        })
        const text = await answer.text()
        if (answer.status === 201) {
          const { id, number } = JSON.parse(text) as { id: string; number: string }
          return { id, number, sends }
        }
        if (answer.status !== 503 && answer.status !== 507) {
          this.strange.push(`${answer.status} ${text.slice(0, 300)}`)
          if (this.strange.length > 20) return undefined
        }
      } catch {
        // Nobody answered: the report may or may not have been taken, so it is sent again with the same key.
      }
      await sleep(pause)
    }
  }
}
