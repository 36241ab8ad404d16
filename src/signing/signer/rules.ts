import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import { citizenIdFacts, normaliseCode } from '../../kernel/codes.ts'
import type { Block } from '../letters/blocks.ts'
import { fillTemplate, type LetterTemplate, type Values } from '../letters/template.ts'
import type { AskedVariable, Check, DrawnPoint, ReadBlock } from './contract.ts'

/** Each level contains the one before it. */
const levels: Readonly<Record<string, readonly Check[]>> = {
  phone: ['phone'],
  registry: ['phone', 'registry'],
  face: ['phone', 'registry', 'face'],
}
export const checksOf = (level: string): readonly Check[] => levels[level] ?? levels['face']!

/** What one browser has proved so far. */
export interface Proved {
  phoneAt: Date | null
  registryAt: Date | null
  faceAt: Date | null
  witnessAt: Date | null
}
const columns: Record<Check, 'phoneAt' | 'registryAt' | 'faceAt'> = {
  phone: 'phoneAt',
  registry: 'registryAt',
  face: 'faceAt',
}
export const isDone = (proved: Proved, check: Check): boolean => proved[columns[check]] !== null

/** By what somebody is known now; null while something is missing. A witness stands in for all of it. */
export function identifiedBy(level: string, proved: Proved): string | null {
  if (proved.witnessAt !== null) return 'door'
  return checksOf(level).every((check) => isDone(proved, check)) ? level : null
}

/** Who walked away from their phone shows again who they are. */
export const IDENTIFIED_HOURS = 2
export const isFresh = (identifiedAt: Date | null, now: Date): boolean =>
  identifiedAt !== null && now.getTime() - identifiedAt.getTime() < IDENTIFIED_HOURS * 3_600_000

/** How often a thing may be tried for one signer on one day, over all phones. */
export const triesADay = { code: 8, registry: 5, face: 15, draft: 40, help: 2 } as const
export type TryKind = keyof typeof triesADay

/** 欧阳明月 → 欧**: enough to see that a link is one's own. */
export const maskName = (name: string): string => {
  const letters = [...name]
  return letters[0] ? letters[0] + '*'.repeat(Math.min(2, Math.max(1, letters.length - 1))) : ''
}

const plain = (name: string): string => name.normalize('NFKC').replace(/[\s·•.]/g, '')

/** Whether two spellings are one name: blanks and the dot of longer names apart. Takes as long for a wrong one. */
export function isSameName(one: string, other: string): boolean {
  const digest = (name: string) => createHash('sha256').update(plain(name), 'utf8').digest()
  return plain(one) !== '' && timingSafeEqual(digest(one), digest(other))
}

/** The age on a day, by the citizen ID; undefined where there is none. */
export function ageBy(citizenId: string, today: string): number | undefined {
  const born = citizenIdFacts(normaliseCode(citizenId))?.bornOn
  if (!born) return undefined
  return Number(today.slice(0, 4)) - Number(born.slice(0, 4)) - (today.slice(5) < born.slice(5) ? 1 : 0)
}
export const ADULT_YEARS = 18

/** What is asked of the signer and how it stands. */
export const askedOf = (template: LetterTemplate, values: Values): AskedVariable[] =>
  template.variables
    .filter(({ from }) => from === 'signer')
    .map(({ name, label, kind, optional, maxLength }) => ({
      name,
      label,
      kind,
      optional: optional ?? false,
      maxLength: maxLength ?? 200,
      ...(values[name] === undefined ? {} : { value: values[name] }),
    }))

/** The letter as it is read before anything is answered: what is asked stands there as a gap. */
export function contentOf(template: LetterTemplate, values: Values): Block[] {
  const variables = template.variables.map((one) =>
    one.from === 'signer' && values[one.name] === undefined ? { ...one, optional: true } : one,
  )
  return fillTemplate({ ...template, variables }, values)
}

const numerals = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']
/** 一 to 九十九, as clauses are counted. */
export function chineseNumber(count: number): string {
  if (count <= 10) return numerals[count - 1]!
  const [tens, ones] = [Math.floor(count / 10), count % 10]
  return `${tens === 1 ? '' : numerals[tens - 1]}十${ones === 0 ? '' : numerals[ones - 1]}`
}

/** For a screen, where clauses carry their numbers in the text so that they are read aloud too. */
export const toRead = (blocks: readonly Block[]): ReadBlock[] =>
  blocks.flatMap((block): ReadBlock[] => {
    if (block.kind === 'space') return []
    if (block.kind === 'table') return [{ kind: 'table', lines: block.columns, rows: block.rows }]
    if (block.kind !== 'clauses') return [{ kind: block.kind, lines: [block.text] }]
    const mark = (i: number) => (block.sub ? `（${chineseNumber(i + 1)}）` : `${chineseNumber(i + 1)}、`)
    return [{ kind: 'clauses', lines: block.items.map((item, i) => mark(i) + item) }]
  })

/** A dot or a scratch is no signature: it must reach over a part of the field and take a moment. */
export function isDrawn(strokes: readonly (readonly DrawnPoint[])[]): boolean {
  const points = strokes.flat()
  const reach = (axis: 0 | 1): number => {
    const along = points.map((point) => point[axis])
    return Math.max(...along) - Math.min(...along)
  }
  return points.length >= 8 && (reach(0) >= 0.15 || reach(1) >= 0.3)
}

export const sha256Hex = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex')

/** Six digits, each as likely as the other. */
export const newCode = (): string => String(randomInt(0, 1_000_000)).padStart(6, '0')
