import type { DiaryKind } from '../diary/contract.ts'
import type { WrittenKind } from './contract.ts'

/** The first that stands twice in a list; undefined where none does. */
export const firstTwice = (names: readonly string[]): string | undefined =>
  names.find((name, at) => names.indexOf(name) !== at)

/** More kinds than this a county has never had at once; the oldest of those taken out lose their names. */
const KINDS_MAX = 100

/**
 * The kinds as they are kept: those written, in their order, each with a code for good; then those taken out, whose names
 * old entries still need. A code is never given twice.
 */
export function codedKinds(there: readonly DiaryKind[], written: readonly WrittenKind[]): DiaryKind[] {
  const codes = new Set(there.map(({ code }) => code))
  const kept = written.map(({ code, zh, en, category }): DiaryKind => {
    if (code !== null && codes.has(code)) return { code, zh, en, category }
    const made = freeCode(codes)
    codes.add(made)
    return { code: made, zh, en, category }
  })
  const inUse = new Set(kept.map(({ code }) => code))
  const gone = there.filter(({ code }) => !inUse.has(code)).map((kind) => ({ ...kind, gone: true }))
  return [...kept, ...gone].slice(0, KINDS_MAX)
}

function freeCode(codes: ReadonlySet<string>): string {
  for (let nth = 1; ; nth++) if (!codes.has(`kind${nth}`)) return `kind${nth}`
}
