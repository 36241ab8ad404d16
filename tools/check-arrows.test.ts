import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkArrows } from './check-arrows.ts'

const planted: Record<string, string> = {
  'src/kernel/command.ts': "import { loop } from '../loop/index.ts'\nexport const command = loop\n",
  'src/loop/index.ts': "import { one } from './one.ts'\nexport const loop = one\n",
  'src/loop/one.ts': "import { two } from './two.ts'\nexport const one = two\n",
  'src/loop/two.ts': "import { one } from './one.ts'\nexport const two = () => one\n",
  'src/signing/index.ts': "import { points } from '../points/index.ts'\nexport const signing = points\n",
  'src/points/index.ts': "import { one } from '../loop/one.ts'\nexport const points = one\n",
  'src/grid/rules.ts': "import type { Loop } from '../loop/contract.ts'\nexport type Ground = Loop\n",
  'src/loop/contract.ts': 'export type Loop = string\n',
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongxin-arrows-'))
  for (const [path, text] of Object.entries(planted)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('planted wrong imports are found, each by its rule', async () => {
  const { modules, complaints } = await checkArrows(['src'], folder)
  expect(modules).toBe(Object.keys(planted).length)
  const rules = complaints.map((complaint) => complaint.split(':')[0])
  expect(new Set(rules)).toEqual(
    new Set([
      'kernel-knows-no-room',
      'no-circle',
      'signing-only-looks-down',
      'through-the-front-door',
      'grid-only-looks-down',
    ]),
  )
})

test('the house itself is seen', async () => {
  const { modules, dependencies } = await checkArrows(['src'])
  expect(modules).toBeGreaterThan(100)
  expect(dependencies).toBeGreaterThan(modules)
})
