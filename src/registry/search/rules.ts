import { isCitizenId, isOrganisationCode, normaliseCode, normaliseMobile } from '../../kernel/codes.ts'
import { isWithin, subtreeRange } from '../../kernel/grants.ts'
import type { SearchKind } from './contract.ts'
import { readings, waysToRead } from './readings.ts'
import { coreOf, isRare, lettersOf, pairsOf, plainAddress, type Token } from './tokens.ts'

/** One step of looking: records that have all the tokens. Steps go from the surest to the loosest and never find one twice. */
export interface Step {
  readonly tokens: readonly Token[]
  /** What the title must hold, where tokens alone do not prove it. */
  readonly holds: string
}

/** Premises by their numbers; with words, only where buildings of these words stand. */
export interface Door {
  readonly token: Token
  /** Tokens of the buildings around. */
  readonly around: readonly Token[]
}

export interface Question {
  readonly kind: SearchKind
  /** The words as compared, for marking them. */
  readonly words: string
  readonly citizenId: string | null
  readonly phone: string | null
  /** Last four digits, to be blinded. */
  readonly phoneTail: string | null
  readonly code: string | null
  readonly people: readonly Step[]
  readonly buildings: readonly Step[]
  readonly door: Door | null
  readonly organisations: readonly Step[]
}

const nothing: Question = {
  kind: 'empty',
  words: '',
  citizenId: null,
  phone: null,
  phoneTail: null,
  code: null,
  people: [],
  buildings: [],
  door: null,
  organisations: [],
}

/** More pairs of a long name make no search surer. */
const PAIRS_MAX = 4
const sure = (tokens: readonly Token[], holds = ''): Step[] =>
  tokens.length === 0 ? [] : [{ tokens: tokens.slice(0, PAIRS_MAX), holds }]

/**
 * What somebody means by what they typed: an ID number, a phone or its tail, a code, pinyin or initials, numbers of a house, an
 * address, or (a part of) a name. Never refuses: what is too short says so.
 */
export function questionOf(typed: string): Question {
  const text = typed.normalize('NFKC').trim().toLowerCase()
  if (text === '') return nothing
  const code = normaliseCode(text)
  if (isOrganisationCode(code)) return { ...nothing, kind: 'code', words: code, code }
  if (/^\d{17}[\dX]$/.test(code)) {
    return isCitizenId(code)
      ? { ...nothing, kind: 'citizenId', words: code, citizenId: code }
      : { ...nothing, kind: 'badCode', words: code }
  }
  const phone = normaliseMobile(text)
  if (phone !== undefined) return { ...nothing, kind: 'phone', words: phone, phone }
  const plain = plainAddress(text)
  if (/\d/.test(plain)) return numbersOf(plain)
  if (/^[a-zü'\s]+$/.test(text)) return pinyinOf(text.replaceAll('ü', 'v').replace(/[^a-z]/g, ''))
  return nameOf(lettersOf(text))
}

function nameOf(letters: readonly string[]): Question {
  const words = letters.join('')
  const pairs = pairsOf(letters)
  if (letters.length < 2) {
    if (!letters[0] || !isRare(letters[0])) return { ...nothing, kind: 'tooShort', words }
    return { ...nothing, kind: 'name', words, people: [...sure([`pn${words}`]), ...sure([`pg${words}`])] }
  }
  const tokens = (kind: string, parts: readonly string[]): Token[] => parts.map((part) => `${kind}${part}`)
  return {
    ...nothing,
    kind: 'name',
    words,
    people: [...sure([`pn${words}`]), ...sure(tokens('pg', pairs), words)],
    buildings: sure(tokens('bg', pairs), words),
    organisations: sure(tokens('og', pairsOf(coreOf(words))), words),
  }
}

/** Initials of people's names: more letters than this are pinyin. */
const INITIALS_MAX = 6

function pinyinOf(words: string): Question {
  if (words.length < 2) return { ...nothing, kind: 'tooShort', words }
  const people = [...sure([`pf${words}`]), ...sure([`py${words}`]), ...sure([`pn${words}`])]
  if (words.length <= INITIALS_MAX) people.push(...sure([`pi${words}`]))
  const syllables = splitPinyin(words)
  const windows = [...words].slice(2).map((_letter, at) => `oi${words.slice(at, at + 3)}`)
  const organisations = syllables && syllables.length > 1 ? sure(pairsOf(syllables).map((pair) => `oy${pair}`)) : []
  return {
    ...nothing,
    kind: 'pinyin',
    words,
    people,
    buildings: [...sure([`bf${words}`]), ...sure([`bi${words}`])],
    organisations: organisations.length > 0 ? organisations : sure(windows),
  }
}

/** Syllables of a run of pinyin, as few and long as possible; undefined when it is none. */
export function splitPinyin(text: string): string[] | undefined {
  const { syllables } = readings()
  const best: (string[] | undefined)[] = [[]]
  for (let end = 1; end <= text.length; end++) {
    for (let start = Math.max(0, end - 6); start < end; start++) {
      const before = best[start]
      if (!before || !syllables.has(text.slice(start, end))) continue
      const known = best[end]
      if (!known || before.length + 1 < known.length) best[end] = [...before, text.slice(start, end)]
    }
  }
  return best[text.length]
}

const numbered = /([0-9a-z]+(?:-[0-9a-z]+)*)(幢|单元|室|号|弄|组|户|房|楼)?/gu

interface Numbers {
  words: string[]
  house: string
  block: string
  /** block-unit-room as far as said. */
  door: string
}

function readNumbers(plain: string): Numbers {
  const parts: { block: string; unit: string; rest: string[] } = { block: '', unit: '', rest: [] }
  let house = ''
  for (const [, number = '', ending] of plain.matchAll(numbered)) {
    if (ending === '号' && !number.includes('-')) house = number
    else if (ending === '幢') parts.block = number
    else if (ending === '单元') parts.unit = number
    else if (ending !== '弄' && ending !== '组') parts.rest.push(number)
  }
  const words = plain
    .replace(numbered, ' ')
    .split(' ')
    .filter((part) => [...part].length > 1)
  const inside = [parts.block, parts.unit, ...parts.rest].filter((part) => part !== '')
  return { words, house, block: parts.block, door: parts.unit || parts.rest.length > 0 ? inside.join('-') : '' }
}

/** 永安路18号, 高桥花园3-2-501, 3幢, 501, 1234. */
function numbersOf(plain: string): Question {
  const { words, house, block, door } = readNumbers(plain)
  const around = words.flatMap((part) => pairsOf(lettersOf(part))).map((pair) => `bg${pair}`)
  const numbers = [...(house ? [`bh${house}`] : []), ...(block ? [`bk${block}`] : [])]
  const buildings = door && numbers.length === 0 ? [] : sure([...numbers, ...around])
  const only = door || (words.length === 0 ? house : '')
  const isTail = /^\d{4}$/.test(plain)
  return {
    ...nothing,
    kind: isTail ? 'phoneTail' : words.length > 0 ? 'address' : 'number',
    words: words.join('') || plain,
    phoneTail: isTail ? plain : null,
    buildings: door ? [] : buildings,
    door: only ? { token: `an${only}`, around: [...(door ? numbers : []), ...around].slice(0, PAIRS_MAX) } : null,
  }
}

/** Where in a title the words stand, by letters or by how they are read; null when it cannot be shown. */
export function markOf(title: string, question: Pick<Question, 'kind' | 'words'>, isPerson: boolean): number[] | null {
  const { kind, words } = question
  if (words === '') return null
  const at = title.toLowerCase().indexOf(words)
  if (at >= 0) return [at, at + words.length]
  if (kind !== 'pinyin') return null
  const letters = [...title]
  for (const way of waysToRead(letters, isPerson)) {
    for (let from = 0; from < way.length; from++) {
      for (let to = from + 1; to <= way.length; to++) {
        const part = way.slice(from, to)
        if (part.join('') === words || (to - from > 1 && part.map((one) => one[0]).join('') === words))
          return [from, to]
      }
    }
  }
  return null
}

/** Half-open ranges of paths in the order in which they are looked through. */
export type Ranges = readonly (readonly [low: string, high: string])[]

const depthOf = (path: string): number => path.split('/').length

/**
 * The caller's subtrees with what is nearest first: the area looked at, then the smaller ones, where they know the doors. None
 * overlaps another.
 *
 * @param roots subtree roots, none inside another.
 */
export function rangesAround(roots: readonly string[], near: string | null): Ranges {
  const around = near === null ? undefined : roots.find((root) => isWithin(near, root))
  const others = roots.filter((root) => root !== around)
  const rest = others
    .toSorted((one, other) => depthOf(other) - depthOf(one) || (one < other ? -1 : 1))
    .map(subtreeRange)
  if (near === null || around === undefined) return rest
  const [low, high] = subtreeRange(near)
  const [first, last] = subtreeRange(around)
  return around === near ? [[low, high], ...rest] : [[low, high], [first, low], [high, last], ...rest]
}
