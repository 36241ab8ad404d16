/** Writes src/registry/search/readings.json from pinyin-pro: `node tools/make-readings.ts`. Only needed when its readings change. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pinyin } from 'pinyin-pro'

const FIRST = 0x4e00
const LAST = 0x9fff
/** Family names of two characters that are read unlike their characters. */
const compounds = ['万俟', '尉迟', '澹台', '长孙', '子车', '乐正']

const plain = (read: readonly string[]): string[] => read.map((one) => one.replaceAll('ü', 'v'))
const isSyllable = (text: string | undefined): text is string => text !== undefined && /^[a-z]+$/.test(text)
const options = { toneType: 'none', type: 'array', v: true } as const

type Table = Record<string, string>
function add(table: Table, syllable: string, character: string): void {
  table[syllable] = `${table[syllable] ?? ''}${character}`
}

const [first, other, surname]: Table[] = [{}, {}, {}]
for (let code = FIRST; code <= LAST; code++) {
  const character = String.fromCharCode(code)
  const all = [...new Set(plain(pinyin(character, { ...options, multiple: true })))].filter(isSyllable)
  if (all[0] === undefined) continue
  add(first!, all[0], character)
  for (const syllable of all.slice(1)) add(other!, syllable, character)
  const [family] = plain(pinyin(character, { ...options, mode: 'surname' }))
  if (isSyllable(family) && family !== all[0]) add(surname!, family, character)
}
const compound = Object.fromEntries(
  compounds.map((name) => [
    name,
    plain(pinyin(`${name}明`, { ...options, mode: 'surname' }))
      .slice(0, 2)
      .join(' '),
  ]),
)
const sorted = (table: Table | undefined): Table =>
  Object.fromEntries(Object.entries(table ?? {}).toSorted(([one], [two]) => (one < two ? -1 : 1)))
const text = JSON.stringify({ first: sorted(first), other: sorted(other), surname: sorted(surname), compound }, null, 2)
writeFileSync(fileURLToPath(new URL('../src/registry/search/readings.json', import.meta.url)), `${text}\n`)
