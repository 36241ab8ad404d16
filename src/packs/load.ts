import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import canonicalize from 'canonicalize'
import { Compile, type Validator } from 'typebox/compile'
import { Case, PackContent } from './contract.ts'

/** Where the packs of this release lie: one folder each. */
export const shippedFolder = fileURLToPath(new URL('../../packs/', import.meta.url))

export interface PackFolder {
  readonly content: PackContent
  readonly cases: readonly (Case & { file: string })[]
}

/** A pack that cannot even be read: where and why, for whoever wrote it. */
export class UnreadablePack extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`the pack cannot be read: ${problems.join('; ')}`)
    this.name = 'UnreadablePack'
    this.problems = problems
  }
}

const checkers: { content?: Validator; story?: Validator } = {}

/** What does not fit the pack format, as `where: why`; empty when it fits. */
export function shapeProblems(content: unknown): string[] {
  checkers.content ??= Compile(PackContent)
  return problemsOf(checkers.content, content, '')
}

function problemsOf(checker: Validator, value: unknown, where: string): string[] {
  if (checker.Check(value)) return []
  return checker
    .Errors(value)
    .slice(0, 50)
    .map((error) => `${where}${error.instancePath || '/'}: ${error.message}`)
}

function readJson(path: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UnreadablePack([`${name}: ${error instanceof Error ? error.message : String(error)}`])
  }
}

function readFolder(folder: string, name: string): [file: string, value: unknown][] {
  const path = join(folder, name)
  if (!existsSync(path)) return []
  return readdirSync(path)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => [file, readJson(join(path, file), `${name}/${file}`)])
}

/**
 * Reads `packs/<name>/`: pack.json, forms/*.json, texts.zh-CN.json, texts.en.json, cases/*.json.
 *
 * @throws UnreadablePack with every place that is no JSON or does not fit the format.
 */
export function loadPack(folder: string): PackFolder {
  const content: unknown = {
    definition: readJson(join(folder, 'pack.json'), 'pack.json'),
    forms: Object.fromEntries(readFolder(folder, 'forms').map(([file, value]) => [basename(file, '.json'), value])),
    texts: {
      'zh-CN': readJson(join(folder, 'texts.zh-CN.json'), 'texts.zh-CN.json'),
      en: readJson(join(folder, 'texts.en.json'), 'texts.en.json'),
    },
  }
  checkers.story ??= Compile(Case)
  const stories = readFolder(folder, 'cases')
  const problems = [
    ...shapeProblems(content),
    ...stories.flatMap(([file, story]) => problemsOf(checkers.story!, story, `cases/${file}`)),
  ]
  if (problems.length > 0) throw new UnreadablePack(problems)
  return { content: content as PackContent, cases: stories.map(([file, story]) => ({ ...(story as Case), file })) }
}

/** SHA-256 of the content's JCS bytes (RFC 8785): the same pack has the same hash however its files are laid out. */
export function hashOf(content: PackContent): Buffer {
  const text = canonicalize(content)
  if (text === undefined) throw new Error('the pack has no canonical form')
  return createHash('sha256').update(text, 'utf8').digest()
}

let shipped: readonly PackContent[] | undefined

/** The packs of this release, read once. */
export function shippedPacks(): readonly PackContent[] {
  shipped ??= readdirSync(shippedFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(shippedFolder, entry.name, 'pack.json')))
    .map((entry) => loadPack(join(shippedFolder, entry.name)).content)
  return shipped
}
