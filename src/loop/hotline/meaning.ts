/** What a word of the hotline means in this county. */
export interface Meaning {
  said: string
  kind: string
  category: string
  form: Readonly<Record<string, string>>
}

export interface KnownCategory {
  code: string
  name: string
}

/** What is known of words, where a ticket is held against the county. */
export interface KnownMeanings {
  categories: readonly KnownCategory[]
  /** Where the county has said what a word means; by `plainWords`. */
  meanings: ReadonlyMap<string, Meaning>
  /** The kind of what nobody said anything else of, to which the categories belong. */
  kind: string
  /** The category of what fits nowhere. */
  other: string
}

/** What a ticket becomes. */
export interface Meant {
  /** The category as the sheet has it; empty where it says none. */
  said: string
  kind: string
  category: string
  form: Readonly<Record<string, string>>
  isNamed: boolean
}

/** Letters in one form, without the gaps that people type. */
export const plain = (text: string): string => text.normalize('NFKC').replace(/\s/g, '')
const letters = (text: string): string => plain(text).replace(/[\p{P}\p{S}]/gu, '')

/**
 * The category that a ticket's own words mean: the same code or name, else the one whose name shares a part of at least
 * two letters with the finest of the words (城乡建设/市容环境/暴露垃圾). Several or none: undefined.
 */
export function categoryCalled(text: string, categories: readonly KnownCategory[]): string | undefined {
  const pieces = text
    .split(/[/／\\>＞→|｜-]/)
    .map(letters)
    .filter((piece) => piece !== '')
    .toReversed()
  for (const piece of pieces) {
    const same = categories.find(({ code, name }) => code === piece || letters(name) === piece)
    if (same) return same.code
    const alike = categories.filter(({ name }) =>
      name
        .split(/[、，,（(）)]/)
        .map(letters)
        .some((part) => part.length >= 2 && piece.length >= 2 && (piece.includes(part) || part.includes(piece))),
    )
    if (alike.length === 1) return alike[0]!.code
  }
  return undefined
}

/** A category's words as they are compared, whatever signs stand between them. */
export const plainWords = (said: string): string => letters(said).slice(0, SAID_MAX)
const SAID_MAX = 60

/** What the ticket becomes: as the county has said, else the everyday category of that name, else what fits nowhere. */
export function meaningOf(cell: string, known: KnownMeanings): Meant {
  const said = cell.trim().slice(0, SAID_MAX)
  const chosen = known.meanings.get(plainWords(said))
  if (chosen) return { said, kind: chosen.kind, category: chosen.category, form: chosen.form, isNamed: true }
  const found = categoryCalled(cell, known.categories)
  return { said, kind: known.kind, category: found ?? known.other, form: {}, isNamed: found !== undefined }
}

/** The words by which tickets call themselves, most frequent first, what fits nowhere before what does. */
export function wordsOf(
  tickets: readonly Meant[],
): { said: string; count: number; kind: string; category: string; isNamed: boolean }[] {
  const words = new Map<string, ReturnType<typeof wordsOf>[number]>()
  for (const { said, kind, category, isNamed } of tickets) {
    const key = plainWords(said)
    const there = words.get(key)
    if (there) there.count++
    else if (key !== '') words.set(key, { said, count: 1, kind, category, isNamed })
  }
  return [...words.values()].toSorted(
    (one, other) => Number(one.isNamed) - Number(other.isNamed) || other.count - one.count,
  )
}
