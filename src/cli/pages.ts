import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const stampPath = join(root, 'web/dist/sources.sha256')

/** SHA-256 over everything that the pages are made of; file times say nothing after a checkout. */
export function sourcesHash(): string {
  const options = { cwd: root, exclude: (path: string) => /^web[\\/]dist/.test(path) }
  const proof = ['src/ledger/{verify-proof,merkle,rules}.ts', 'tools/{build-verifier,verifier-main}.ts']
  const found = ['web/**/*.{ts,tsx,css,html,svg,json,woff2,png}', 'src/**/contract.ts', ...proof, 'package-lock.json']
  const hash = createHash('sha256')
  for (const path of globSync(found, options).toSorted()) {
    hash
      .update(`${path.replaceAll('\\', '/')}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

/**
 * Builds the pages, and the stand-alone verifier that they offer, where they are missing or older than their sources.
 *
 * @returns what happened, for the operator; a failed build leaves the API working.
 */
export async function buildPages(signal?: AbortSignal): Promise<'ready' | 'built' | 'failed'> {
  const hash = sourcesHash()
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === hash) return 'ready'
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js')
  const pages = await run([vite, 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'], signal)
  const verifier = pages && (await run(['tools/build-verifier.ts', 'web/dist'], signal))
  if (!verifier) return 'failed'
  writeFileSync(stampPath, hash)
  return 'built'
}

/** In a process of its own: a build takes the memory that the house itself should not keep. */
function run(parameters: string[], signal: AbortSignal | undefined): Promise<boolean> {
  const child = spawn(process.execPath, parameters, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], signal })
  return new Promise((done) => {
    child.once('error', () => done(false))
    child.once('exit', (code) => done(code === 0))
  })
}
