import type { Command } from '../kernel/command.ts'
import type { App } from '../kernel/app.ts'
import { dayOf, formatNumber } from './rules.ts'
import { takeNumbers } from './store.ts'

const BLOCK = 200
/** The next block is fetched beside the work while this many numbers are left. */
const EARLY = 60
/** Days of counties of which numbers are held at once. */
const DAYS_MAX = 200

interface Block {
  next: number
  readonly last: number
}

/**
 * Gives out 办件编号 in blocks of 200 a county, day and process, so that reports do not queue at one row.
 *
 * What is left of a block when the process ends is never used: gaps are expected.
 */
class MatterNumbers {
  readonly #app: Pick<App, 'db'>
  readonly #blocks = new Map<string, Block[]>()
  readonly #fetching = new Map<string, Promise<void>>()

  constructor(app: Pick<App, 'db'>) {
    this.#app = app
  }

  async next(cmd: Pick<Command, 'county' | 'now'>): Promise<string> {
    const day = dayOf(cmd.now)
    const key = `${cmd.county} ${day}`
    for (;;) {
      const blocks = (this.#blocks.get(key) ?? []).filter((block) => block.next <= block.last)
      this.#keep(key, blocks)
      const [block] = blocks
      const left = blocks.reduce((sum, { next, last }) => sum + last - next + 1, 0)
      const fetched = left <= EARLY ? this.#fetch(cmd.county, day) : undefined
      if (block) {
        fetched?.catch(() => {})
        return formatNumber(cmd.county, day, block.next++)
      }
      await fetched
    }
  }

  /** Days that are over are forgotten, but several may be written at once where a history is taken in. */
  #keep(key: string, blocks: Block[]): void {
    if (!this.#blocks.has(key) && this.#blocks.size >= DAYS_MAX) {
      const [oldest] = this.#blocks.keys()
      if (oldest !== undefined) this.#blocks.delete(oldest)
    }
    this.#blocks.set(key, blocks)
  }

  /** Apart from the pool: the command that waits here holds a connection of it. */
  #fetch(county: string, day: string): Promise<void> {
    const key = `${county} ${day}`
    const under = this.#fetching.get(key)
    if (under) return under
    const fetching = this.#app.db
      .aside(county, (tx) => takeNumbers(tx, county, day, BLOCK))
      .then((first) => {
        this.#keep(key, [...(this.#blocks.get(key) ?? []), { next: first, last: first + BLOCK - 1 }])
      })
      .finally(() => this.#fetching.delete(key))
    this.#fetching.set(key, fetching)
    return fetching
  }
}

const numbers = new WeakMap<object, MatterNumbers>()

/** The numbers of one composed house; found again through its ports, which every command carries. */
export const giveNumbers = (app: App): void => void numbers.set(app.ports, new MatterNumbers(app))

export function nextNumber(cmd: Command): Promise<string> {
  const found = numbers.get(cmd.ports)
  if (!found) throw new Error('loop is not composed')
  return found.next(cmd)
}
