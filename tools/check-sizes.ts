import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

interface Chunk {
  file: string
  isEntry?: boolean
  imports?: string[]
  dynamicImports?: string[]
  css?: string[]
}
export type Manifest = Record<string, Chunk>

export interface View {
  readonly face: string
  /** The page's own chunk; empty: what every page of the face loads. */
  readonly page: string
  readonly bytes: number
  readonly limit: number
}

const KILOBYTE = 1000
/** Gzipped, script and style together: what a first visit loads before it shows something. */
export const limits: Readonly<Record<string, number>> = { open: 150, h5: 200, console: 500 }

/** Everything that a chunk needs before it runs. */
function filesOf(manifest: Manifest, key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key]
  if (!chunk || seen.has(key)) return new Set()
  seen.add(key)
  const files = new Set([chunk.file, ...(chunk.css ?? [])])
  for (const next of chunk.imports ?? []) for (const file of filesOf(manifest, next, seen)) files.add(file)
  return files
}

/** The first view of each page: the face's entry, and with it the page's own chunk where it is loaded when opened. */
export function viewsOf(manifest: Manifest, sizeOf: (file: string) => number): View[] {
  return Object.entries(manifest)
    .filter(([, chunk]) => chunk.isEntry)
    .flatMap(([entry, chunk]) => {
      const face = entry.split('/').at(-2) ?? entry
      const shell = filesOf(manifest, entry)
      // Maps, charts and readers of documents come after the page, when they are looked at.
      const pages = (chunk.dynamicImports ?? []).filter((key) => manifest[key]?.file.endsWith('.js'))
      return ['', ...pages].map((page) => {
        const files = new Set([...shell, ...(page === '' ? [] : filesOf(manifest, page))])
        const bytes = [...files].reduce((sum, file) => sum + sizeOf(file), 0)
        return { face, page, bytes, limit: (limits[face] ?? 0) * KILOBYTE }
      })
    })
}

function main(): void {
  const dist = fileURLToPath(new URL('../web/dist/', import.meta.url))
  const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8')) as Manifest
  const kept = new Map<string, number>()
  const sizeOf = (file: string): number => {
    const size = kept.get(file) ?? gzipSync(readFileSync(dist + file)).length
    kept.set(file, size)
    return size
  }
  const views = viewsOf(manifest, sizeOf)
  if (views.length < 3) throw new Error('the manifest names no faces')
  for (const face of Object.keys(limits)) {
    const widest = views.filter((view) => view.face === face).toSorted((one, other) => other.bytes - one.bytes)[0]
    if (!widest) throw new Error(`no face ${face} in the manifest`)
    const line = `${face}: at most ${Math.round(widest.bytes / KILOBYTE)} kB gzipped (${widest.page || 'every page'})`
    process.stdout.write(`${line}, limit ${widest.limit / KILOBYTE} kB\n`)
  }
  const over = views.filter((view) => view.bytes > view.limit)
  for (const view of over)
    process.stdout.write(`TOO BIG  ${view.face} ${view.page}: ${Math.round(view.bytes / KILOBYTE)} kB\n`)
  process.stdout.write(`${views.length - over.length} passed, ${over.length} failed\n`)
  process.exitCode = over.length > 0 ? 1 : 0
}

if (import.meta.main) main()
