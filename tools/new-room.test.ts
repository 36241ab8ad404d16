import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkArrows } from './check-arrows.ts'
import { newMigration, nextNumber } from './new-migration.ts'
import { newRoom } from './new-room.ts'

const copied = [
  'src',
  'db',
  'docs',
  'test/support',
  'package.json',
  'tsconfig.json',
  '.oxlintrc.json',
  '.oxfmtrc.json',
  '.dependency-cruiser.mjs',
]
const room = { name: 'pinboard', chinese: '公告板', about: 'What hangs in the village hall, and who has read it.' }

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tongxin-room-'))
  for (const path of copied) cpSync(path, join(root, path), { recursive: true })
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** @throws with the tool's own words when it complains. */
const run = (command: string, ...args: string[]) =>
  execFileSync(join(root, 'node_modules/.bin', command), args, { cwd: root, encoding: 'utf8', stdio: 'pipe' })

/** Types and a test run of their own take their time on a busy machine. */
describe('a new room', { timeout: 90_000 }, () => {
  let files: string[] = []
  test('is made once and wired in', () => {
    files = newRoom(root, room)
    expect(files).toContain('src/pinboard/index.ts')
    const server = readFileSync(join(root, 'src/server.ts'), 'utf8')
    expect(server).toContain("import { pinboard } from './pinboard/index.ts'")
    expect(server).toMatch(/rooms: readonly Room\[\] = \[[^\]]*\bpinboard,\n\]/)
    expect(readFileSync(join(root, 'docs/glossary.md'), 'utf8')).toContain('| 公告板 | `pinboard` |')
    expect(() => newRoom(root, room)).toThrow('there already')
    expect(() => newRoom(root, { ...room, name: 'PinBoard' })).toThrow('lower-case')
  })

  test('passes lint and format as it is', () => {
    const made = [...files.filter((path) => path.endsWith('.ts')), 'src/server.ts']
    expect(run('oxlint', '--deny-warnings', ...made)).toContain('0 warnings and 0 errors')
    expect(run('oxfmt', '--check', ...made)).toContain('correct format')
  })

  test('passes the types', () => {
    // The room and what it reaches, with the declarations of packages that bring none.
    const own = { extends: './tsconfig.json', include: ['src/pinboard', 'src/**/*.d.ts'] }
    writeFileSync(join(root, 'tsconfig.room.json'), JSON.stringify(own))
    expect(run('tsc', '--noEmit', '-p', 'tsconfig.room.json')).toBe('')
  })

  test('keeps to the arrows, and its own tests pass', async () => {
    const { modules, complaints } = await checkArrows(['src'], root)
    expect(modules).toBeGreaterThan(100)
    expect(complaints.filter((complaint) => complaint.includes('pinboard'))).toEqual([])
    const outcome = run('vitest', 'run', '--root', root, 'src/pinboard')
    expect(outcome).toMatch(/2 passed/)
  })
})

describe('a new migration', () => {
  test('takes the next free number, from 20', () => {
    expect(nextNumber(['0001_lay_kernel.sql', '0008_create_notify.sql'])).toBe('0020')
    expect(nextNumber(['0031_add_shift.sql', '0020_add_x.sql'])).toBe('0032')
  })

  test('has the table of its noun, county first', () => {
    const path = newMigration(root, 'add_shift_swap')
    const text = readFileSync(path, 'utf8')
    expect(path).toMatch(/\d{4}_add_shift_swap\.sql$/)
    expect(text).toContain('constraint shift_swap_pkey primary key (county, id)')
    expect(text).toContain("select tenant_table('shift_swap');")
  })

  test('is called verb_noun', () => {
    expect(() => newMigration(root, 'Shift')).toThrow('verb_noun')
  })
})
