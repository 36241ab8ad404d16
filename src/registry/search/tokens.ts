import type { Vault } from '../../kernel/crypto.ts'
import { waysToRead } from './readings.ts'

/**
 * What a record is found by. A token's first letter says what it leads to (p person, b building, a premises, o organisation),
 * the second how; the rest is what people type, as `lettersOf` writes it. Few and short: five million people times tokens decide
 * how large the table is and how fast a sheet is taken in.
 *
 * | | |
 * |---|---|
 * | pn | the whole name |
 * | pg | two neighbouring characters of a longer name; one rare character |
 * | pf, pi | the whole name in pinyin; its initials |
 * | py | two neighbouring syllables of a longer name |
 * | pt | last four digits of the phone, blinded |
 * | bg, bf, bi | estate or street: two characters, pinyin, initials |
 * | bh, bk | house number, block |
 * | an | block-unit-room, and the shorter ways to say it |
 * | og, oy, oi | name of an organisation: two characters, two syllables, three initials |
 */
export type Token = string

/** Longer names (a foreigner's, a whole sentence typed into the cell) are found by their beginning. */
const LETTERS_MAX = 24

/** Letters as they are compared: half width, small, without blanks, dots and hyphens between the parts of a name. */
export const lettersOf = (text: string): string[] =>
  [
    ...text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s·•・‧.,，。、'’()（）「」“”"_-]/gu, ''),
  ].slice(0, LETTERS_MAX)

/** Neighbouring pairs, each once. */
export function pairsOf(parts: readonly string[]): string[] {
  const pairs = new Set<string>()
  for (let at = 0; at + 1 < parts.length; at++) pairs.add(parts[at]! + parts[at + 1]!)
  return [...pairs]
}

let usual: ReadonlySet<string> | undefined
/** Whether a character is outside the 3,755 usual ones (GB 2312, level 1): rare enough to search by it alone. */
export function isRare(letter: string): boolean {
  if (!usual) {
    const bytes: number[] = []
    for (let row = 0xb0; row <= 0xd7; row++) for (let cell = 0xa1; cell <= 0xfe; cell++) bytes.push(row, cell)
    usual = new Set(new TextDecoder('gb18030').decode(Uint8Array.from(bytes)))
  }
  return /\p{Script=Han}/u.test(letter) && !usual.has(letter)
}

/** The last four digits of a phone, as blinded text; each of the 10,000 is blinded once a county. */
export function phoneTailOf(vault: Vault, county: string, phone: string): string {
  const tail = phone.slice(-4)
  let known = tails.get(vault)
  if (!known) tails.set(vault, (known = new Map<string, string>()))
  const key = `${county}${tail}`
  let blinded = known.get(key)
  if (blinded === undefined) {
    blinded = vault.blind(county, 'phoneTail', tail).toString('base64url').slice(0, 10)
    known.set(key, blinded)
  }
  return blinded
}
const tails = new WeakMap<Vault, Map<string, string>>()

/**
 * A person's tokens: 4 for a name of two characters, 8 for one of three, a few more where a character has two readings.
 *
 * @param person.phone eleven digits in the clear, or null.
 */
export function tokensOfPerson(
  vault: Vault,
  county: string,
  person: { readonly name: string; readonly phone: string | null },
): Token[] {
  const letters = lettersOf(person.name)
  const tokens = new Set<Token>()
  if (letters.length > 0) {
    tokens.add(`pn${letters.join('')}`)
    if (letters.length > 2) for (const pair of pairsOf(letters)) tokens.add(`pg${pair}`)
    for (const letter of letters) if (letters.length > 1 && isRare(letter)) tokens.add(`pg${letter}`)
    if (letters.length > 1) {
      for (const way of waysToRead(letters, true)) {
        tokens.add(`pf${way.join('')}`)
        tokens.add(`pi${way.map((syllable) => syllable[0]).join('')}`)
        if (way.length > 2) for (const pair of pairsOf(way)) tokens.add(`py${pair}`)
      }
    }
  }
  if (person.phone) tokens.add(`pt${phoneTailOf(vault, county, person.phone)}`)
  return [...tokens]
}

const numerals = '零一二三四五六七八九'
/** 十二 → 12, 二十 → 20; digits stay. House numbers go no further than 99 in characters. */
const inDigits = (text: string): string =>
  text
    .replace(/([一二三四五六七八九])?十([一二三四五六七八九])?/gu, (_all, tens?: string, ones?: string) =>
      String((tens ? numerals.indexOf(tens) : 1) * 10 + (ones ? numerals.indexOf(ones) : 0)),
    )
    .replace(/[〇零一二三四五六七八九]/gu, (numeral) => String(Math.max(0, numerals.indexOf(numeral))))

/** An address part as compared: half width, small, no blanks, 幢 for 栋, 座, 号楼 and #. */
export const plainAddress = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s,，。、()（）]/gu, '')
    .replace(/号楼|栋|座|#/gu, '幢')
    .replace(/[—–－~_]/gu, '-')
    .replace(/[〇零一二三四五六七八九十]+(?=[幢单元室号层楼组弄户])/gu, inDigits)

const numberAtEnd = /([0-9a-z]+(?:-[0-9a-z]+)*)(?:幢|单元|室|号|房|楼|户|弄|组)?$/u

/** What counts in one part of an address: 3幢 → 3, 18-1号 → 18-1, 东区3幢 → 3, A座 → a; empty where there is no number. */
export const numberOf = (part: string): string => numberAtEnd.exec(plainAddress(part))?.[1] ?? ''

/** The words of a part without its number: 东区3幢 → 东区. */
const wordsOf = (part: string): string[] => lettersOf(plainAddress(part).replace(numberAtEnd, ''))

export interface BuildingWords {
  readonly estate: string
  readonly street: string
  readonly houseNumber: string
  /** The block: 3幢, A座, 东区12幢. */
  readonly name: string
}

/** Tokens of a building: two characters of estate, street and block, their pinyin, house number, block. */
export function tokensOfBuilding(building: BuildingWords): Token[] {
  const tokens = new Set<Token>()
  for (const part of [building.estate, building.street]) {
    const letters = lettersOf(plainAddress(part))
    for (const pair of pairsOf(letters)) tokens.add(`bg${pair}`)
    if (letters.length < 2) continue
    for (const way of waysToRead(letters, false)) {
      tokens.add(`bf${way.join('')}`)
      tokens.add(`bi${way.map((syllable) => syllable[0]).join('')}`)
    }
  }
  for (const pair of pairsOf(wordsOf(building.name))) tokens.add(`bg${pair}`)
  const house = numberOf(building.houseNumber)
  const block = numberOf(building.name)
  if (house) tokens.add(`bh${house}`)
  if (block) tokens.add(`bk${block}`)
  return [...tokens]
}

/** Tokens of premises: 3-2-501 in full, 3-501, 2-501 and 501; a village house without rooms by its number. */
export function tokensOfPremises(
  building: BuildingWords,
  premises: { readonly unit: string; readonly room: string },
): Token[] {
  const block = numberOf(building.name) || numberOf(building.houseNumber)
  const unit = numberOf(premises.unit)
  const room = numberOf(premises.room)
  const ways = [[block, unit, room], [block, room], [unit, room], [room || block]]
  const said = ways.map((way) => way.filter((part) => part !== '').join('-')).filter((way) => way !== '')
  return [...new Set(said)].map((way) => `an${way}`)
}

/** The end of a company's name says nothing about which one it is. */
const companyEnd = /(?:股份|集团|责任)*(?:有限)?(?:责任)?公司$|(?:有限合伙|普通合伙|个人独资)$/u
/** What is left of an organisation's name to tell it from others. */
export const coreOf = (name: string): string[] => {
  const letters = lettersOf(name)
  const core = letters.join('').replace(companyEnd, '')
  return core.length > 1 ? [...core] : letters
}

/** Tokens of an organisation: two characters, two syllables and three initials of what tells its name from others. */
export function tokensOfOrganisation(organisation: { readonly name: string }): Token[] {
  const core = coreOf(organisation.name)
  const tokens = new Set(pairsOf(core).map((pair) => `og${pair}`))
  for (const way of waysToRead(core, false)) {
    for (const pair of pairsOf(way)) tokens.add(`oy${pair}`)
    const initials = way.map((syllable) => syllable[0]!)
    for (let at = 0; at + 2 < initials.length; at++) tokens.add(`oi${initials.slice(at, at + 3).join('')}`)
  }
  return [...tokens]
}
