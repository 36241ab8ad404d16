import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { glyphsOf } from './glyphs.ts'

const resolve = createRequire(import.meta.url).resolve
const files = [
  'noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf',
  'noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf',
  'noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
]

export const readFonts = (): Buffer[] => files.map((file) => readFileSync(resolve(`@expo-google-fonts/${file}`)))

let covers: ((codePoint: number) => boolean)[] | undefined

/** The first character that one of the letters' fonts cannot print: text may stand in any of them. Undefined when all can. */
export function unprintableIn(text: string): string | undefined {
  covers ??= readFonts().map(glyphsOf)
  for (const character of text)
    if (character !== '\n' && !covers.every((has) => has(character.codePointAt(0)!))) return character
  return undefined
}
