import { Fault } from './faults.ts'

export interface TextRule {
  /** Most characters (Unicode code points) kept; more is refused, never cut. */
  readonly maxLength: number
  /** Whether line breaks stay; otherwise each becomes a space. */
  readonly multiline?: boolean
  /** Fewest characters after cleaning; 0 (the default) lets the text be empty. */
  readonly minLength?: number
  /** Where the text stands in the request, for the field message. */
  readonly path?: string
}

const lineBreaks = /\r\n?|[\u0085\u2028\u2029\v\f]/gu
/** What may stay although it is a format character: an emoji joined of several, and the flags made of tag letters. */
const joinedEmoji =
  /\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)?(?:\u200D\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)?)+|\u{1F3F4}[\u{E0061}-\u{E007A}]{2,6}\u{E007F}/gu
const unseen = /[\p{Cc}\p{Cf}\p{Noncharacter_Code_Point}]/gu
const unseenButBreaks = /[\p{Cf}\p{Noncharacter_Code_Point}]|(?!\n)\p{Cc}/gu

/** Applies `clean` to everything between joined emoji, which stay as they are. */
function outsideEmoji(text: string, clean: (part: string) => string): string {
  let result = ''
  let at = 0
  for (const found of text.matchAll(joinedEmoji)) {
    result += clean(text.slice(at, found.index)) + found[0]
    at = found.index + found[0].length
  }
  return result + clean(text.slice(at))
}

/**
 * The one way in for words typed by people: NFC, without characters nobody sees.
 *
 * Control and format characters go (NUL, direction marks, zero-width, soft hyphen, BOM), because they
 * hide, reorder or double what another reader sees; emoji joined by ZWJ and private-use characters (rare
 * names are still typed with them) stay. Ends are trimmed, tabs become spaces, more than two empty lines shrink to one.
 *
 * @throws Fault kernel.invalid_input with one field message when the text is too long or too short.
 */
export function cleanText(input: string, rule: TextRule): string {
  const broken = input.toWellFormed().normalize('NFC').replace(lineBreaks, '\n').replaceAll('\t', ' ')
  const lines = rule.multiline ? broken : broken.replaceAll('\n', ' ')
  const pattern = rule.multiline ? unseenButBreaks : unseen
  const text = outsideEmoji(lines, (part) => part.replace(pattern, ''))
    .normalize('NFC')
    .replace(/\n{4,}/g, '\n\n')
    .trim()
  const length = characterCount(text)
  if (length > rule.maxLength)
    refuse(
      rule,
      `最多 ${rule.maxLength} 个字，现有 ${length} 个。`,
      `At most ${rule.maxLength} characters; this has ${length}.`,
    )
  if (length < (rule.minLength ?? 0))
    refuse(rule, `至少 ${rule.minLength} 个字。`, `At least ${rule.minLength} characters.`)
  return text
}

/** Characters as a person counts the hanzi: Unicode code points. */
export function characterCount(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0xdc00 || unit > 0xdfff) count++
  }
  return count
}

function refuse(rule: TextRule, zh: string, en: string): never {
  throw new Fault('kernel.invalid_input', { fields: [{ path: rule.path ?? '', message: zh, zh, en }] })
}
