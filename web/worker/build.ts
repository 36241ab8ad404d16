import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin, Rolldown } from 'vite'
import { build } from 'vite'

/** Whose shell lies on the phone. The desk's is large, changes on a line, and is left out. */
const faces = [
  { begins: '/h5', entry: 'h5' },
  { begins: '/r', entry: 'open' },
]

/** Scripts and styles that a face may ask for, its lazy parts too. */
function filesOf(entry: string, bundle: Rolldown.OutputBundle): Set<string> {
  const found = new Set<string>()
  const chunks = Object.values(bundle).filter((one) => one.type === 'chunk')
  const visit = (name: string): void => {
    const chunk = chunks.find(({ fileName }) => fileName === name)
    if (!chunk || found.has(name)) return
    found.add(name)
    for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style)
    for (const next of [...chunk.imports, ...chunk.dynamicImports]) visit(next)
  }
  for (const chunk of chunks) if (chunk.isEntry && chunk.name === entry) visit(chunk.fileName)
  if (found.size === 0) throw new Error(`no entry ${entry} in the build`)
  return found
}

/** A phone has a Chinese font of its own, or fetches one; it is not made to keep megabytes of them. */
const isFont = (name: string) => /noto|font/i.test(name)

/** Writes sw.js beside the pages, with the list of what it keeps; its version is the hash of all that. */
export const shellWorker = (root: string): Plugin => ({
  name: 'tongxin-shell-worker',
  apply: 'build',
  async writeBundle(_options, bundle) {
    const names = new Set(faces.flatMap(({ entry }) => [...filesOf(entry, bundle)]))
    const files = [...names]
      .filter((name) => !isFont(name))
      .sort()
      .map((name) => `/${name}`)
    const hash = createHash('sha256').update(files.join('\n'))
    for (const { entry } of faces) hash.update(readFileSync(`${root}/${entry}/index.html`))
    const shell = {
      version: hash.digest('hex').slice(0, 16),
      files: [...files, '/mark.svg', '/first.js'],
      pages: faces.map(({ begins }) => begins),
    }
    const built = (await build({
      configFile: false,
      logLevel: 'warn',
      define: { SHELL: JSON.stringify(shell) },
      build: {
        write: false,
        target: 'chrome87',
        lib: {
          entry: fileURLToPath(new URL('./worker.ts', import.meta.url)),
          formats: ['iife'],
          name: 'shell',
          fileName: () => 'sw.js',
        },
      },
    })) as Rolldown.RolldownOutput[]
    const script = built.flatMap(({ output }) => output).find((one) => one.type === 'chunk')
    if (!script) throw new Error('the worker was not built')
    writeFileSync(`${root}/sw.js`, script.code)
  },
})
