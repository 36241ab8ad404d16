import { readdirSync, readFileSync } from 'node:fs'
import { Compile } from 'typebox/compile'
import { LetterTemplate, requireTemplate } from './template.ts'

const folder = new URL('shipped/', import.meta.url)
const check = Compile(LetterTemplate)

/** The letters that come with the house, each proved. @throws Error or signing.bad_template when one is not right. */
export function shippedLetters(): LetterTemplate[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => {
      const template = check.Parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
      requireTemplate(template)
      return template
    })
}
