import type { Command } from '../kernel/command.ts'
import type { App } from '../kernel/app.ts'
import { dayOf, formatNumber } from './rules.ts'
import { takeNumbers } from './store.ts'

const BLOCK = 50

interface Block {
  day: string
  next: number
  last: number
}

/**
 * Gives out 办件编号 in blocks of 50 a county, day and process, so that reports do not queue at one row.
 *
 * What is left of a block when the process ends is never used: gaps are expected.
 */
export class MatterNumbers {
  readonly #app: Pick<App, 'db'>
  readonly #blocks = new Map<string, Block>()
  readonly #taking = new Map<string, Promise<void>>()

  constructor(app: Pick<App, 'db'>) {
    this.#app = app
  }

  async next(cmd: Pick<Command, 'county' | 'now'>): Promise<string> {
    const day = dayOf(cmd.now)
    for (;;) {
      const block = this.#blocks.get(cmd.county)
      if (block && block.day === day && block.next <= block.last) return formatNumber(cmd.county, day, block.next++)
      await this.#refill(cmd.county, day)
    }
  }

  #refill(county: string, day: string): Promise<void> {
    const waiting = this.#taking.get(county)
    if (waiting) return waiting
    const taking = this.#app.db
      .transaction(county, (tx) => takeNumbers(tx, county, day, BLOCK))
      .then((first) => {
        this.#blocks.set(county, { day, next: first, last: first + BLOCK - 1 })
      })
      .finally(() => this.#taking.delete(county))
    this.#taking.set(county, taking)
    return taking
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
