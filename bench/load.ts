import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { sceneOf, type Answer, type Plan } from './scenes.ts'
import { clients, county } from './world.ts'

/** What the runner asks of the load generator, which is a process of its own. */
export interface LoadOrder {
  scene: string
  port: number
  planPath: string
  warmSeconds: number
  seconds: number
  /** First request number of each client, so that no write is sent twice. */
  from: number
}

export interface LoadResult {
  /** Answers in the measured time, and how many of all since the warm-up began were good. */
  requests: number
  good: number
  bad: Record<string, number>
  seconds: number
  perSecond: number
  p50: number
  p95: number
  p99: number
  /** Next unused request number. */
  next: number
  /** Cores of answers to the first requests of each client, to be compared with the other system's. */
  sample: [client: number, n: number, core: unknown][]
}

const SAMPLES_PER_CLIENT = 40
const headEnd = Buffer.from('\r\n\r\n')

/** One client: a kept connection, one request at a time, nothing parsed but status and length. */
class Client {
  readonly #socket: Socket
  #held: Buffer = Buffer.alloc(0)
  #answered: ((answer: { status: number; body: Buffer }) => void) | undefined
  #failed: ((error: Error) => void) | undefined

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', (chunk) => this.#take(chunk as Buffer))
    this.#socket.on('error', (error) => this.#failed?.(error))
    this.#socket.on('close', () => this.#failed?.(new Error('connection closed')))
  }

  ask(request: string): Promise<{ status: number; body: Buffer }> {
    return new Promise((answered, failed) => {
      this.#answered = answered
      this.#failed = failed
      this.#socket.write(request)
    })
  }

  #take(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const end = this.#held.indexOf(headEnd)
    if (end < 0) return
    const head = this.#held.toString('latin1', 0, end)
    const length = /content-length: (\d+)/i.exec(head)
    if (!length) return this.#failed?.(new Error(`an answer without length: ${head.slice(0, 60)}`))
    const total = end + 4 + Number(length[1])
    if (this.#held.length < total) return
    const body = this.#held.subarray(end + 4, total)
    this.#held = this.#held.subarray(total)
    this.#answered?.({ status: Number(head.slice(9, 12)), body })
  }

  end(): void {
    this.#failed = undefined
    this.#socket.destroy()
  }
}

const at = (sorted: Float64Array, share: number): number =>
  Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2))

/** Keeps 16 clients busy and says how it went. */
export async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const scene = sceneOf(order.scene)
  const plan = JSON.parse(readFileSync(order.planPath, 'utf8')) as Plan
  const begun = performance.now()
  const warmUntil = begun + order.warmSeconds * 1000
  const until = warmUntil + order.seconds * 1000
  const times: number[] = []
  const result = { good: 0, bad: {} as Record<string, number>, next: order.from, sample: [] as LoadResult['sample'] }
  await Promise.all(
    Array.from({ length: clients }, async (_, index) => {
      const client = new Client(order.port)
      let n = order.from
      for (; performance.now() < until; n++) {
        const { method, path, token, body = '', headers = '' } = scene.ask(plan, index, n)
        const type =
          body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
        const request = `${method} ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\ntongxin-county: ${county}\r\n${headers}${type}\r\n${body}`
        const sent = performance.now()
        const answer = await client.ask(request)
        const now = performance.now()
        if (now >= warmUntil && now < until) times.push(now - sent)
        if (answer.status >= 200 && answer.status < 300) result.good++
        else {
          const words = `${answer.status} ${/"code":"([^"]+)"/.exec(answer.body.toString())?.[1] ?? ''}`
          result.bad[words] = (result.bad[words] ?? 0) + 1
        }
        if (n - order.from < SAMPLES_PER_CLIENT && answer.status < 300) {
          result.sample.push([index, n, scene.core(JSON.parse(answer.body.toString()) as Answer)])
        }
      }
      result.next = Math.max(result.next, n)
      client.end()
    }),
  )
  const sorted = Float64Array.from(times).sort()
  const figures = { p50: at(sorted, 0.5), p95: at(sorted, 0.95), p99: at(sorted, 0.99) }
  return {
    requests: times.length,
    seconds: order.seconds,
    perSecond: Math.round(times.length / order.seconds),
    ...figures,
    ...result,
  }
}

if (process.send) {
  process.once('message', (order) => {
    runLoad(order as LoadOrder).then(
      (result) => process.send!(result, () => process.exit(0)),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
}
