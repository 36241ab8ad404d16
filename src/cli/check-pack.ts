import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { checkPack, drawMermaid, loadPack, shippedNames } from '../packs/index.ts'

/** Proves a pack's folder: the lines to print, and whether it may be published. */
export function provePack(folder: string): { lines: string[]; holds: boolean } {
  const problems = checkPack(folder, shippedNames())
  if (problems.length > 0) {
    return { lines: problems.map(({ where, zh, en }) => `WRONG  ${folder}: ${where}: ${zh} ${en}`), holds: false }
  }
  const { content, cases } = loadPack(folder)
  const drawings = content.definition.kinds.map((kind) => drawMermaid(content, kind, 'zh-CN'))
  return {
    lines: [...drawings, `ok     ${folder}: ${content.definition.kinds.length} kinds, ${cases.length} cases`],
    holds: true,
  }
}

/** The folders given, or every pack below a folder that only holds packs. */
export function packFolders(given: readonly string[]): string[] {
  return given.flatMap((folder) => {
    const inside = readdirSync(folder, { withFileTypes: true })
    if (inside.some((entry) => entry.name === 'pack.json')) return [folder]
    return inside.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
  })
}
