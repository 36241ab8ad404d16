import table from './readings.json' with { type: 'json' }

/**
 * How characters are read, without tones, ü written v: made once from the readings of pinyin-pro 3.29.4 (MIT) for U+4E00–9FFF.
 * `first` is the usual reading, `other` what else a character may be read as, `surname` how it is read as a family name
 * (单 shan, 曾 zeng), `compound` the two-character family names that are read unlike their characters.
 */
interface Readings {
  readonly all: ReadonlyMap<string, readonly string[]>
  readonly surname: ReadonlyMap<string, string>
  readonly compound: ReadonlyMap<string, readonly string[]>
  readonly syllables: ReadonlySet<string>
}

/** A character more often has one reading than two; what is rarer than the third is left out. */
const READINGS_MAX = 3

function unfold(): Readings {
  const all = new Map<string, string[]>()
  for (const part of [table.first, table.other]) {
    for (const [syllable, characters] of Object.entries(part)) {
      for (const character of characters) {
        const known = all.get(character)
        if (!known) all.set(character, [syllable])
        else if (known.length < READINGS_MAX) known.push(syllable)
      }
    }
  }
  const surname = new Map<string, string>()
  for (const [syllable, characters] of Object.entries(table.surname)) {
    for (const character of characters) surname.set(character, syllable)
  }
  const compound = new Map(Object.entries(table.compound).map(([name, read]) => [name, read.split(' ')]))
  return { all, surname, compound, syllables: new Set(Object.keys(table.first)) }
}

let unfolded: Readings | undefined
/** Unfolded when first asked for: a process that never searches does not pay for it. */
export const readings = (): Readings => (unfolded ??= unfold())

/** At most this many ways to read one name. */
const WAYS_MAX = 4

/**
 * The ways to read a name, syllable by syllable, the likeliest first, at most four; none when a character is not Chinese.
 *
 * @param isPerson whether the first character (or two) is a family name, read as such.
 */
export function waysToRead(letters: readonly string[], isPerson: boolean): readonly (readonly string[])[] {
  const { all, surname, compound } = readings()
  let ways: string[][] = [[]]
  let at = 0
  const family = isPerson ? compound.get(letters.slice(0, 2).join('')) : undefined
  if (family) {
    ways = [[...family]]
    at = 2
  }
  for (; at < letters.length; at++) {
    const letter = letters[at]!
    const usual = all.get(letter)
    if (!usual) return []
    const own = isPerson && at === 0 ? surname.get(letter) : undefined
    const heads = own ? [own, usual.find((reading) => reading !== own) ?? own] : usual
    ways = heads.length === 1 ? ways.map((way) => [...way, heads[0]!]) : branch(ways, [...new Set(heads)])
  }
  return ways
}

function branch(ways: string[][], heads: readonly string[]): string[][] {
  const longer: string[][] = []
  for (const head of heads) {
    for (const way of ways) if (longer.length < WAYS_MAX) longer.push([...way, head])
  }
  return longer
}
