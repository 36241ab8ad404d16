import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes a room of the right shape, wired in, that passes `npm run check` as it is: contract, rules with a test, front door
 * and README, an entry in server.ts, in the arrows and in the glossary. What the room then does is written in its README.
 */
export interface NewRoom {
  /** English, one word, lower case: the folder and the prefix of its faults and grants. */
  name: string
  /** What it is called in Chinese. */
  chinese: string
  /** One sentence: what it is for. */
  about: string
}

const contract = ({ name, chinese }: NewRoom) => `import { defineFaults } from '../kernel/faults.ts'

defineFaults({
  '${name}.name_needed': { status: 400, zh: '请填写${chinese}的名称。', en: 'Please give it a name.' },
})
`

const rules = ({ name }: NewRoom) => `import { Fault } from '../kernel/faults.ts'
import './contract.ts'

/**
 * The name as it is kept.
 *
 * @throws ${name}.name_needed when nothing is left of it.
 */
export function requireName(name: string): string {
  const kept = name.trim()
  if (kept === '') throw new Fault('${name}.name_needed')
  return kept
}
`

const rulesTest = ({ name }: NewRoom) => `import { expect, test } from 'vitest'
import { requireName } from './rules.ts'

test('a name is kept without the blanks around it', () => {
  expect(requireName(' 一 ')).toBe('一')
})

test('nothing but blanks is refused', () => {
  expect(() => requireName('  ')).toThrow('${name}.name_needed')
})
`

const index = ({ name, about }: NewRoom) => `import type { Room } from '../kernel/app.ts'

export { requireName } from './rules.ts'

/** ${about} */
export const ${name}: Room = { name: '${name}' }
`

const readme = ({ name, chinese, about }: NewRoom) => `# ${name}: ${chinese}

${about}

Seven files, each only when it has something to say: \`contract\` (what crosses the wire, faults, events) · \`routes\` (declare and
delegate) · \`service\` (one exported function a command) · \`rules\` (pure decisions) · \`store\` (all SQL) · \`jobs\` (what happens
later) · \`index\` (the front door).

To add the first write:

1. \`node tools/new-migration.ts add_…\`, write the table, \`npm run generate\`.
2. \`contract\`: schema and event; \`store\`: the row; \`service\`: \`requireGrant\`, rules, store, \`record\`; \`routes\`: one line.
3. \`routes\` and \`jobs\` go into the room in \`index\`.
4. A test beside it: it works, the rule refuses, the grant refuses, the race has one winner, nothing is left behind.
5. One case for each route in \`test/access/${name}.cases.ts\`.
`

const files: Record<string, (room: NewRoom) => string> = {
  'contract.ts': contract,
  'rules.ts': rules,
  'rules.test.ts': rulesTest,
  'index.ts': index,
  'README.md': readme,
}

function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`${path} has another shape than this tool knows; wire the room in by hand`)
  writeFileSync(path, after)
}

/** @throws Error when the name is taken or not one lower-case word. */
export function newRoom(root: string, room: NewRoom): string[] {
  const { name } = room
  if (!/^[a-z]{3,20}$/.test(name)) throw new Error(`a room is one lower-case English word; not “${name}”`)
  const folder = join(root, 'src', name)
  if (existsSync(folder)) throw new Error(`${folder} is there already`)
  mkdirSync(folder)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text(room))
  edit(join(root, 'src/server.ts'), (text) =>
    text
      .replace(/(import \{ pagesPlugin \})/, `import { ${name} } from './${name}/index.ts'\n$1`)
      .replace(/(export const rooms: readonly Room\[\] = \[[^\]]*,\n)\]/, `$1  ${name},\n]`),
  )
  const arrows = join(root, '.dependency-cruiser.mjs')
  if (!readFileSync(arrows, 'utf8').includes(`'${name}'`))
    edit(arrows, (text) => text.replace(/(const around = \[)/, `$1'${name}', `))
  const glossary = join(root, 'docs/glossary.md')
  if (!readFileSync(glossary, 'utf8').includes(`\`${name}\``)) {
    edit(glossary, (text) =>
      text.replace(/(## Rooms\n\n\|[^\n]*\n\|[^\n]*\n)/, `$1| ${room.chinese} | \`${name}\` | ${room.about} |\n`),
    )
  }
  return Object.keys(files).map((file) => `src/${name}/${file}`)
}

if (import.meta.main) {
  const [name, chinese, about] = process.argv.slice(2)
  if (!name || !chinese || !about) {
    console.error('usage: node tools/new-room.ts word 中文 "What it is for, one sentence."')
    process.exit(2)
  }
  console.log(newRoom('.', { name, chinese, about }).join('\n'))
  console.log(
    `Wired into src/server.ts, .dependency-cruiser.mjs and docs/glossary.md. Run npm run generate (its fault), then npm run check.`,
  )
}
