import { Worker } from 'node:worker_threads'
import type { Letter } from './blocks.ts'
import type { RenderJob } from './render-worker.ts'

/** Letters after which a worker is replaced: what a compiler keeps grows slowly. */
const LETTERS_A_WORKER = 4000

interface Waiting {
  job: RenderJob
  done: (pdf: Uint8Array) => void
  failed: (error: Error) => void
}

/** One worker with its compiler; letters wait in line. */
class Printer {
  #worker: Worker | undefined
  #made = 0
  #next = 1
  readonly #waiting = new Map<number, Waiting>()

  get load(): number {
    return this.#waiting.size
  }

  print(letter: Letter, at: number): Promise<Uint8Array> {
    return new Promise((done, failed) => {
      const job = { id: this.#next++, letter, at }
      this.#waiting.set(job.id, { job, done, failed })
      this.#start().postMessage(job)
    })
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate()
    this.#worker = undefined
  }

  #start(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL('render-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', ({ id, pdf, error }: { id: number; pdf?: Uint8Array; error?: string }) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (pdf) waiting?.done(pdf)
      else waiting?.failed(new Error(error))
      if (++this.#made % LETTERS_A_WORKER === 0 && this.#waiting.size === 0) void this.stop()
    })
    worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))))
    this.#worker = worker
    return worker
  }

  #fail(error: Error): void {
    this.#worker = undefined
    for (const { failed } of this.#waiting.values()) failed(error)
    this.#waiting.clear()
  }
}

/** Sets letters in workers, so that no answer of the house waits for a page. */
export class Printers {
  readonly #printers: Printer[]

  constructor(workers: number) {
    this.#printers = Array.from({ length: workers }, () => new Printer())
  }

  /**
   * A letter as PDF/A-3b, fonts embedded and subset.
   *
   * @throws Error where a character has no glyph in the fonts, or the letter cannot be set: it fails closed.
   */
  print(letter: Letter, at: Date): Promise<Uint8Array> {
    const free = this.#printers.toSorted((one, other) => one.load - other.load)[0]!
    return free.print(letter, Math.floor(at.getTime() / 1000))
  }

  async stop(): Promise<void> {
    await Promise.all(this.#printers.map((printer) => printer.stop()))
  }
}
