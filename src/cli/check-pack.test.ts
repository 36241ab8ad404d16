import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { packFolders, provePack } from './check-pack.ts'

const packs = fileURLToPath(new URL('../../packs', import.meta.url))

describe('check-pack', () => {
  test('every pack that ships holds, and its loop is drawn', () => {
    const folders = packFolders([packs])
    expect(folders.length).toBeGreaterThan(0)
    for (const folder of folders) {
      const { lines, holds } = provePack(folder)
      expect(lines.at(-1)).toMatch(/^ok .*: [1-9]\d* kinds, [1-9]\d* cases$/)
      expect(lines[0]).toContain('stateDiagram')
      expect(holds).toBe(true)
    }
  })

  test('a pack that names a role nobody has is refused, in words and with its place', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tongxin-pack-'))
    cpSync(join(packs, 'event'), folder, { recursive: true })
    const path = join(folder, 'pack.json')
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"townDispatcher"', '"villageWizard"'))
    const { lines, holds } = provePack(folder)
    expect(holds).toBe(false)
    expect(lines.join('\n')).toMatch(/^WRONG .*villageWizard/m)
    rmSync(folder, { recursive: true })
  })
})
