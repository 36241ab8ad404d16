/** What was seen of a key: in which row, with what beside it. */
export interface Seen {
  readonly row: number
  readonly beside: number
}

const START = 1 << 12
/** Half full it doubles: a million keys take 40 MB less than a Map of texts would. */
const FULL = 0.5

/** Keys of up to 53 bits with a row and a mark each, in flat arrays. */
export class SeenKeys {
  #keys = new Float64Array(START)
  #rows = new Int32Array(START)
  #beside = new Int32Array(START)
  #size = 0

  #slot(key: number, keys: Float64Array): number {
    const mask = keys.length - 1
    const mixed = Math.imul(
      ((key % 0x100000000) | 0) ^ Math.imul(Math.floor(key / 0x100000000), 0x85ebca6b),
      0x9e3779b1,
    )
    let at = (mixed ^ (mixed >>> 15)) & mask
    while (keys[at] !== 0 && keys[at] !== key) at = (at + 1) & mask
    return at
  }

  find(key: number): Seen | undefined {
    const at = this.#slot(key, this.#keys)
    return this.#keys[at] === key ? { row: this.#rows[at]!, beside: this.#beside[at]! } : undefined
  }

  /** Keeps the first that is said of a key. @returns whether it was new. */
  add(key: number, row: number, beside = 0): boolean {
    if (this.#size >= this.#keys.length * FULL) this.#grow()
    const at = this.#slot(key, this.#keys)
    if (this.#keys[at] === key) return false
    this.#keys[at] = key
    this.#rows[at] = row
    this.#beside[at] = beside
    this.#size++
    return true
  }

  #grow(): void {
    const [keys, rows, beside] = [this.#keys, this.#rows, this.#beside]
    this.#keys = new Float64Array(keys.length * 2)
    this.#rows = new Int32Array(keys.length * 2)
    this.#beside = new Int32Array(keys.length * 2)
    for (let from = 0; from < keys.length; from++) {
      if (keys[from] === 0) continue
      const at = this.#slot(keys[from]!, this.#keys)
      this.#keys[at] = keys[from]!
      this.#rows[at] = rows[from]!
      this.#beside[at] = beside[from]!
    }
  }
}

/** A text in 52 bits, never 0: two of a million are taken for one once in 10,000 sheets. */
export function keyOfText(text: string): number {
  let [one, other] = [0x811c9dc5, 0x9747b28c]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    one = Math.imul(one ^ code, 0x01000193)
    other = Math.imul(other ^ code, 0x5bd1e995) ^ (other >>> 15)
  }
  return (one >>> 0) * 0x100000 + ((other >>> 0) & 0xfffff) || 1
}

/** An ID number in 46 bits, exactly: division, day of birth, sequence. */
export function keyOfId(citizenId: string): number {
  const day = Date.UTC(
    Number(citizenId.slice(6, 10)),
    Number(citizenId.slice(10, 12)) - 1,
    Number(citizenId.slice(12, 14)),
  )
  const days = day / 86_400_000 + 40_000
  return (Number(citizenId.slice(0, 6)) * 100_000 + days) * 1_000 + Number(citizenId.slice(14, 17)) || 1
}
