import type { Command } from '../kernel/command.ts'
import type { Tx } from '../kernel/db.ts'
import type { Ports } from '../kernel/ports.ts'
import { findVersions, raiseDuty, raiseGround, type Versions } from './store.ts'

/** Names one transaction: a connection's Tx lives on after it, a command's afterCommit does not, and copies of the command share it. */
type Changing = Command['afterCommit']
const changing = new WeakSet<Changing>()

/** Tells every process that something is another one, and this one not to keep what the transaction sees until it is committed. */
export async function raise(cmd: Command, what: keyof Versions): Promise<void> {
  changing.add(cmd.afterCommit)
  await (what === 'ground' ? raiseGround(cmd.tx, cmd.county) : raiseDuty(cmd.tx, cmd.county))
}

/** Whoever reads: a command on its own connection, or the house outside a command on a fresh one. */
export interface CountyReader {
  county: string
  ports: Ports
  now: Date
  /** Set when the reader's transaction has changed something: what it reads may be rolled back, and is never kept. */
  changing: Changing | null
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/** What ended this long before the reading may be left out; a clock that is set back further reads again. */
export const BACK_MS = 3_600_000

interface Entry<T> {
  value: T
  version: number
  checkedAt: number
  readFor: number
}

interface House<T> {
  kept: Map<string, Entry<T>>
  reading: Map<string, Promise<Entry<T>>>
}

/**
 * Something of each county that a process keeps in memory, read at first use and again when its version has grown.
 *
 * Changes of this process show at once (`forget`), those of another one within `freshMs`. While it is read again, others
 * keep the one before. The ports stand for the house, so that two houses in one process never share.
 */
export class Kept<T extends object> {
  readonly #houses = new WeakMap<Ports, House<T>>()
  readonly #changing = new WeakMap<Changing, T>()
  readonly #plan: { freshMs: number; version: keyof Versions; load(tx: Tx, county: string, now: Date): Promise<T> }

  constructor(plan: { freshMs: number; version: keyof Versions; load(tx: Tx, county: string, now: Date): Promise<T> }) {
    this.#plan = plan
  }

  async of(reader: CountyReader): Promise<T> {
    const house = this.#houseOf(reader.ports)
    const entry = house.kept.get(reader.county)
    if (reader.changing) return entry?.value ?? this.#ofChanging(reader, reader.changing)
    const known = entry !== undefined && reader.now.getTime() > entry.readFor - BACK_MS
    if (known && performance.now() - entry.checkedAt < this.#plan.freshMs) return entry.value
    if (known) {
      entry.checkedAt = performance.now()
      const versions = await reader.read((tx) => findVersions(tx, reader.county))
      if (versions[this.#plan.version] === entry.version) return entry.value
    }
    const reading = house.reading.get(reader.county)
    // Somebody else's connection may be lost on the way: then read on one's own.
    if (reading) return (await reading.catch(() => this.#read(house, reader))).value
    return (await this.#read(house, reader)).value
  }

  /** Read once for the whole transaction, and gone with it. */
  async #ofChanging({ county, now, read }: CountyReader, transaction: Changing): Promise<T> {
    const own = this.#changing.get(transaction) ?? (await read((tx) => this.#plan.load(tx, county, now)))
    this.#changing.set(transaction, own)
    return own
  }

  /** Drops the county's from this process: the next question reads it again. */
  forget(ports: Ports, county: string): void {
    const house = this.#houses.get(ports)
    house?.kept.delete(county)
    house?.reading.delete(county)
  }

  #houseOf(ports: Ports): House<T> {
    let house = this.#houses.get(ports)
    if (!house) this.#houses.set(ports, (house = { kept: new Map(), reading: new Map() }))
    return house
  }

  #read(house: House<T>, { county, now, read }: CountyReader): Promise<Entry<T>> {
    const reading = read(async (tx): Promise<Entry<T>> => {
      // The version first: what is changed after it is read again.
      const version = (await findVersions(tx, county))[this.#plan.version]
      const value = await this.#plan.load(tx, county, now)
      return { value, version, checkedAt: performance.now(), readFor: now.getTime() }
    })
      .then((entry) => {
        if (house.reading.get(county) === reading) house.kept.set(county, entry)
        return entry
      })
      .finally(() => {
        if (house.reading.get(county) === reading) house.reading.delete(county)
      })
    house.reading.set(county, reading)
    return reading
  }
}

/** A command as a reader: on its own connection. */
export const within = (
  cmd: Pick<Command, 'tx' | 'county' | 'ports' | 'now'> & { afterCommit?: Changing },
): CountyReader => ({
  county: cmd.county,
  ports: cmd.ports,
  now: cmd.now,
  changing: cmd.afterCommit && changing.has(cmd.afterCommit) ? cmd.afterCommit : null,
  read: (work) => work(cmd.tx),
})
